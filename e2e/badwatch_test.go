package e2e

import (
	"context"
	"fmt"
	"time"

	"golang.org/x/sync/errgroup"

	"github.com/rostrumlive/rostrum/internal/testkit"
)

// guessSlack is how far a part may reach into the next one: after a hole the
// length of its last frame is a guess, and a part's at most.
const guessSlack = 200 * time.Millisecond

// watchHoles is watchAll for media with holes in it, or with frames that come
// unevenly. An EXTINF reaches to the next segment, so parts, and the frames in
// them, may come short of it; a part may be short because the next frame did
// not fit; and what was clipped to the target duration moves the dates. All
// else that a strict reader asks for holds: numbers, lengths, addresses that
// answer, and frames that never go back.
func watchHoles(ctx context.Context, multivariant string) error {
	m, err := testkit.FetchMultivariant(ctx, multivariant)
	if err != nil {
		return err
	}
	g, ctx := errgroup.WithContext(ctx)
	for _, uri := range mediaURIs(m) {
		address, err := testkit.Resolve(multivariant, uri)
		if err != nil {
			return err
		}
		g.Go(func() error { return followHoles(ctx, newWatcher(address)) })
	}
	return g.Wait()
}

func followHoles(ctx context.Context, w *watcher) error {
	var last *testkit.MediaPlaylist
	for next := w.address; ; {
		body, err := testkit.Fetch(ctx, next)
		if err != nil {
			return err
		}
		p, err := testkit.ParseMedia(string(body))
		if err == nil {
			err = wholeSegments(p)
		}
		if err == nil && last != nil {
			err = testkit.CheckReload(last, p)
		}
		if err == nil {
			err = w.pieces(ctx, p)
		}
		if err != nil {
			return fmt.Errorf("%s: %w\n%s", next, err, body)
		}
		if last = p; p.EndList {
			return nil
		}
		msn, part := p.Next()
		next = fmt.Sprintf("%s?_HLS_msn=%d&_HLS_part=%d", w.address, msn, part)
	}
}

// wholeSegments checks a list without what holes take away: sums, and dates.
func wholeSegments(p *testkit.MediaPlaylist) error {
	c := *p
	c.Segments = append([]testkit.MediaSegment(nil), p.Segments...)
	c.Parts, c.NextProgramDateTime = nil, time.Time{}
	parts := append([]testkit.MediaPart(nil), p.Parts...)
	for i := range c.Segments {
		s := &c.Segments[i]
		parts = append(parts, s.Parts...)
		if s.Parts = nil; i > 0 {
			s.ProgramDateTime = time.Time{}
		}
	}
	for _, part := range parts {
		if part.Duration <= 0 || part.Duration > p.PartTarget {
			return fmt.Errorf("%s lasts %v, PART-TARGET is %v", part.URI, part.Duration, p.PartTarget)
		}
	}
	return c.Check()
}

// pieces fetches what is new in a list and checks that its frames follow on
// what came before them, near or far.
func (w *watcher) pieces(ctx context.Context, p *testkit.MediaPlaylist) error {
	for _, s := range p.Segments {
		if s.Gap {
			continue
		}
		if err := w.forward(ctx, s.Map, s.Parts); err != nil {
			return err
		}
		if err := w.forward(ctx, s.Map, []testkit.MediaPart{{URI: s.URI}}); err != nil {
			return err
		}
	}
	return w.forward(ctx, p.NextMap, p.Parts)
}

func (w *watcher) forward(ctx context.Context, init string, list []testkit.MediaPart) error {
	for _, piece := range list {
		if w.seen[piece.URI] {
			continue
		}
		w.seen[piece.URI] = true
		i, err := w.init(ctx, init)
		if err != nil {
			return err
		}
		b, err := w.read(ctx, piece.URI)
		if err != nil {
			return err
		}
		fragments, err := i.Fragments(b)
		if err != nil {
			return fmt.Errorf("%s: %w", piece.URI, err)
		}
		part := piece.Duration > 0
		for n, f := range fragments {
			begin := time.Duration(f.DecodeTime) * time.Second / time.Duration(i.Timescale)
			if begin < w.end[part]-guessSlack {
				return fmt.Errorf("%s: fragment %d begins at %v, the one before it ends at %v", piece.URI, n, begin, w.end[part])
			}
			w.end[part] = begin + time.Duration(f.Duration)*time.Second/time.Duration(i.Timescale)
		}
	}
	return nil
}
