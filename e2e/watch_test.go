package e2e

import (
	"bytes"
	"context"
	"fmt"
	"strings"
	"time"

	"golang.org/x/sync/errgroup"

	"github.com/rostrumlive/rostrum/internal/testkit"
)

// joinSlack is the hole or overlap between two parts in a row that a part
// which guessed its last frame's duration may leave: less than a frame.
const joinSlack = 34 * time.Millisecond

// watcher follows one media playlist from a moment to its end, fetches all
// that it offers once, and compares what it says with what the bytes are.
type watcher struct {
	address string
	video   bool

	inits map[string]*testkit.InitSection
	bytes map[string][]byte // of parts, until their segment is whole
	seen  map[string]bool
	end   map[bool]time.Duration // where the next part, or segment, begins
	last  *testkit.MediaPlaylist
	polls int
}

// watchAll follows all media playlists of a multivariant one until they end.
func watchAll(ctx context.Context, multivariant string) ([]*watcher, error) {
	m, err := testkit.FetchMultivariant(ctx, multivariant)
	if err != nil {
		return nil, err
	}
	var list []*watcher
	for _, uri := range mediaURIs(m) {
		address, err := testkit.Resolve(multivariant, uri)
		if err != nil {
			return nil, err
		}
		list = append(list, newWatcher(address))
	}
	g, ctx := errgroup.WithContext(ctx)
	for _, w := range list {
		g.Go(func() error {
			return testkit.Follow(ctx, w.address, func(p *testkit.MediaPlaylist) error { return w.see(ctx, p) })
		})
	}
	return list, g.Wait()
}

// mediaURIs lists a multivariant playlist's media playlists, each once.
func mediaURIs(m *testkit.Multivariant) []string {
	var uris []string
	seen := map[string]bool{"": true}
	for _, v := range m.Variants {
		if !seen[v.URI] {
			uris = append(uris, v.URI)
		}
		seen[v.URI] = true
	}
	for _, a := range m.Audio {
		if !seen[a.URI] {
			uris = append(uris, a.URI)
		}
		seen[a.URI] = true
	}
	return uris
}

func newWatcher(address string) *watcher {
	return &watcher{
		address: address, video: strings.Contains(address, "/video/"),
		inits: map[string]*testkit.InitSection{}, bytes: map[string][]byte{}, seen: map[string]bool{}, end: map[bool]time.Duration{},
	}
}

func (w *watcher) see(ctx context.Context, p *testkit.MediaPlaylist) error {
	w.last = p
	w.polls++
	if p.TargetDuration != 4*time.Second { // twice hls.segment, whatever the encoder does
		return fmt.Errorf("%s: EXT-X-TARGETDURATION is %v, not 4 s", w.address, p.TargetDuration)
	}
	for _, s := range p.Segments {
		if s.Gap {
			continue
		}
		if err := w.parts(ctx, s.Map, s.Parts, s.Discontinuity); err != nil {
			return err
		}
		if err := w.segment(ctx, s); err != nil {
			return err
		}
	}
	return w.parts(ctx, p.NextMap, p.Parts, p.NextDiscontinuity)
}

func (w *watcher) parts(ctx context.Context, init string, parts []testkit.MediaPart, discontinuity bool) error {
	for i, part := range parts {
		if part.Gap || w.seen[part.URI] {
			continue
		}
		w.seen[part.URI] = true
		b, f, err := w.fetch(ctx, init, part.URI, true, discontinuity && i == 0)
		if err != nil {
			return err
		}
		w.bytes[part.URI] = b
		if w.video && f.sync != part.Independent {
			return fmt.Errorf("%s: the playlist says INDEPENDENT %v, the first sample is sync %v", part.URI, part.Independent, f.sync)
		}
		if (f.duration - part.Duration).Abs() > time.Millisecond {
			return fmt.Errorf("%s lasts %v, the playlist says %v", part.URI, f.duration, part.Duration)
		}
	}
	return nil
}

func (w *watcher) segment(ctx context.Context, s testkit.MediaSegment) error {
	if w.seen[s.URI] {
		return nil
	}
	w.seen[s.URI] = true
	b, f, err := w.fetch(ctx, s.Map, s.URI, false, s.Discontinuity)
	if err != nil {
		return err
	}
	if (f.duration - s.Duration).Abs() > joinSlack {
		return fmt.Errorf("%s lasts %v, the playlist says %v", s.URI, f.duration, s.Duration)
	}
	var joined []byte
	for _, part := range s.Parts {
		joined = append(joined, w.bytes[part.URI]...)
		delete(w.bytes, part.URI)
	}
	if len(s.Parts) > 0 && !bytes.Equal(joined, b) {
		return fmt.Errorf("%s is not its %d parts one after another", s.URI, len(s.Parts))
	}
	return nil
}

// piece is what the bytes of a part or a segment say.
type piece struct {
	duration time.Duration
	sync     bool
}

// fetch reads media and checks that it follows on what came before it.
func (w *watcher) fetch(ctx context.Context, init, uri string, part, discontinuity bool) ([]byte, piece, error) {
	i, err := w.init(ctx, init)
	if err != nil {
		return nil, piece{}, err
	}
	b, err := w.read(ctx, uri)
	if err != nil {
		return nil, piece{}, err
	}
	fragments, err := i.Fragments(b)
	if err != nil {
		return nil, piece{}, fmt.Errorf("%s: %w", uri, err)
	}
	ticks := func(n uint64) time.Duration { return time.Duration(n) * time.Second / time.Duration(i.Timescale) }
	out := piece{sync: fragments[0].Sync}
	for n, f := range fragments {
		at := ticks(f.DecodeTime)
		if end, ok := w.end[part]; ok && (at-end).Abs() > joinSlack && (!discontinuity || n > 0) {
			return nil, piece{}, fmt.Errorf("%s: fragment %d begins at %v, the one before it ends at %v", uri, n, at, end)
		}
		out.duration += ticks(f.Duration)
		w.end[part] = at + ticks(f.Duration)
	}
	return b, out, nil
}

func (w *watcher) init(ctx context.Context, uri string) (*testkit.InitSection, error) {
	if i := w.inits[uri]; i != nil {
		return i, nil
	}
	b, err := w.read(ctx, uri)
	if err != nil {
		return nil, err
	}
	i, err := testkit.ParseInit(b)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", uri, err)
	}
	w.inits[uri] = i
	return i, nil
}

func (w *watcher) read(ctx context.Context, uri string) ([]byte, error) {
	address, err := testkit.Resolve(w.address, uri)
	if err != nil {
		return nil, err
	}
	return testkit.Fetch(ctx, address)
}
