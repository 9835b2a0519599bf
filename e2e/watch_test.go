package e2e

import (
	"bytes"
	"context"
	"fmt"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"golang.org/x/sync/errgroup"

	"github.com/rostrumlive/rostrum/internal/testkit"
)

const (
	// joinSlack is how far a segment's bytes may miss its EXTINF: a part that
	// guessed its last frame's duration may be wrong by less than a frame.
	joinSlack = 34 * time.Millisecond
	// gapSlack is the most that a rendition may lack of its timeline where
	// segments of it are gaps, or where its encoder was lost: what other
	// renditions had in advance.
	gapSlack = 4 * time.Second
	// dateJump is more than two segments' dates miss each other by unless
	// time was lost between them.
	dateJump = 50 * time.Millisecond
	// askEach is each how many lists a watcher makes sure of what a list says
	// of things to come and of other lists.
	askEach = 8
)

// watcher follows one media playlist from a moment to its end, as a strict
// player would: it fetches all that the list offers once, and compares what it
// says with what the bytes are. What it says of itself, testkit checks.
type watcher struct {
	address string
	video   bool

	inits    map[string]*testkit.InitSection
	bytes    map[string][]byte // of parts, until their segment is whole
	seen     map[string]bool
	end      map[bool]time.Duration // where the next part, or segment, begins; of watchHoles
	times    map[bool]*testkit.Timeline
	lost     map[bool]bool // time may be missing before the next part, or segment
	due      time.Time     // the date at which the newest segment ends
	last     *testkit.MediaPlaylist
	asked    time.Time // when the list was asked for that comes next, or came last
	measured testkit.Measured
	polls    int

	hints  errgroup.Group
	mu     sync.Mutex
	hinted map[string][]byte // what came of promises
}

// watchAll follows all media playlists of a multivariant one until they end,
// and checks that they are of one piece.
func watchAll(ctx context.Context, multivariant string) ([]*watcher, error) {
	m, err := fetchChecked(ctx, multivariant)
	if err != nil {
		return nil, err
	}
	measured := map[string]*testkit.Measured{}
	var list []*watcher
	for _, uri := range mediaURIs(m) {
		address, err := testkit.Resolve(multivariant, uri)
		if err != nil {
			return nil, err
		}
		w := newWatcher(address)
		list = append(list, w)
		measured[uri] = &w.measured
	}
	g, watching := errgroup.WithContext(ctx)
	for _, w := range list {
		g.Go(func() error { return w.watch(watching) })
	}
	if err := g.Wait(); err != nil {
		return list, err
	}
	recorded := list[0].last.Type == "VOD"
	if recorded { // it may have grown since
		if m, err = fetchChecked(ctx, multivariant); err != nil {
			return list, err
		}
	}
	for _, w := range list {
		if !recorded { // it told of what was on air when it was read
			w.measured.Init = w.measured.First
		}
	}
	if err := m.CheckPromises(measured, list[0].last.TargetDuration, recorded); err != nil {
		return list, fmt.Errorf("%s: %w", multivariant, err)
	}
	return list, sameBreaks(list)
}

// watchOnAir follows what a channel has on air, in all its lists, beside a test that is
// about something else. What it finds fails the test at its end.
func watchOnAir(t *testing.T, s *testkit.Server, name string) {
	t.Helper()
	ctx, cancel := context.WithCancel(t.Context())
	var g errgroup.Group
	for _, list := range []string{"index", "plain", "rewind"} {
		g.Go(func() error {
			_, err := watchAll(ctx, s.URL("/live/"+name+"/"+list+".m3u8"))
			if ctx.Err() != nil {
				return nil // the test is over
			}
			return err
		})
	}
	t.Cleanup(func() {
		cancel()
		if err := g.Wait(); err != nil {
			t.Errorf("channel %s: %v", name, err)
		}
	})
}

// fetchChecked reads a multivariant playlist and looks at its headers too.
func fetchChecked(ctx context.Context, multivariant string) (*testkit.Multivariant, error) {
	r, err := testkit.Get(ctx, multivariant)
	if err == nil {
		err = testkit.CheckHeaders(multivariant, r)
	}
	if err != nil {
		return nil, err
	}
	m, err := testkit.ParseMultivariant(string(r.Body))
	if err != nil {
		return nil, fmt.Errorf("%s: %w\n%s", multivariant, err, r.Body)
	}
	return m, nil
}

// sameBreaks compares the discontinuity sequence numbers of segments with the
// same number (RFC 8216bis 6.2.4).
func sameBreaks(list []*watcher) error {
	numbers := list[0].last.Discontinuities()
	for _, w := range list[1:] {
		for msn, is := range w.last.Discontinuities() {
			if want, ok := numbers[msn]; ok && is != want {
				return fmt.Errorf("segment %d has discontinuity sequence number %d in %s, %d in %s", msn, want, list[0].address, is, w.address)
			}
		}
	}
	return nil
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

// newWatcher makes the watcher of any media playlist of fragmented MP4.
func newWatcher(address string) *watcher {
	return &watcher{
		address: address, video: strings.Contains(address, "/video/"),
		inits: map[string]*testkit.InitSection{}, bytes: map[string][]byte{}, seen: map[string]bool{}, end: map[bool]time.Duration{},
		times: map[bool]*testkit.Timeline{true: {}, false: {}}, lost: map[bool]bool{}, hinted: map[string][]byte{},
	}
}

// watch follows the list to its end.
func (w *watcher) watch(ctx context.Context) error {
	w.asked = time.Now()
	err := testkit.FollowAnswers(ctx, w.address, func(p *testkit.MediaPlaylist, r *testkit.Response) error {
		if err := testkit.CheckHeaders(w.address, r); err != nil {
			return err
		}
		if err := w.see(ctx, p); err != nil {
			return fmt.Errorf("%w\n%s", err, r.Body)
		}
		w.asked = time.Now() // for the next
		return nil
	})
	if hints := w.hints.Wait(); err == nil {
		err = hints
	}
	return err
}

func (w *watcher) see(ctx context.Context, p *testkit.MediaPlaylist) error {
	first := w.last == nil
	w.last = p
	w.polls++
	if p.TargetDuration != 4*time.Second { // twice hls.segment, whatever the encoder does
		return fmt.Errorf("%s: EXT-X-TARGETDURATION is %v, not 4 s", w.address, p.TargetDuration)
	}
	for i, s := range p.Segments {
		fresh := !w.seen[s.URI]
		if fresh {
			w.step(s, first && i == 0)
		}
		if s.Gap {
			w.seen[s.URI] = true
			continue
		}
		if err := w.parts(ctx, s.Map, s.Parts, s.Discontinuity); err != nil {
			return err
		}
		if err := w.segment(ctx, s, p.IndependentSegments); err != nil {
			return err
		}
	}
	if err := w.parts(ctx, p.NextMap, p.Parts, p.NextDiscontinuity); err != nil {
		return err
	}
	if w.polls%askEach != 1 {
		return nil
	}
	w.promise(ctx, p.Hint)
	return w.reports(ctx, p)
}

// step notes where time may be missing: where the date jumps ahead, and behind
// a gap.
func (w *watcher) step(s testkit.MediaSegment, first bool) {
	if first || s.Gap || s.ProgramDateTime.Sub(w.due) > dateJump {
		w.lost[true], w.lost[false] = true, true
	}
	w.due = s.ProgramDateTime.Add(s.Duration)
}

// promise fetches a part before it is there: the answer is held until it is.
func (w *watcher) promise(ctx context.Context, hint string) {
	if hint == "" || w.seen[hint] {
		return
	}
	w.hints.Go(func() error {
		address, err := testkit.Resolve(w.address, hint)
		if err != nil {
			return err
		}
		r, err := testkit.Get(ctx, address)
		if err != nil || r.Status != http.StatusOK { // an encoder may go before it kept its promise
			return nil
		}
		w.mu.Lock()
		defer w.mu.Unlock()
		w.hinted[hint] = r.Body
		return testkit.CheckHeaders(hint, r)
	})
}

// kept checks that a part is what was sent of it when it was only promised.
func (w *watcher) kept(uri string, b []byte) error {
	w.mu.Lock()
	defer w.mu.Unlock()
	if was, ok := w.hinted[uri]; ok && !bytes.Equal(was, b) {
		return fmt.Errorf("%s: %d bytes were sent as preload hint, the part has %d", uri, len(was), len(b))
	}
	delete(w.hinted, uri)
	return nil
}

// reports checks what a list says of others (RFC 8216bis 4.4.5.4): they have
// come so far, and no further than a segment and what came since w asked for
// the list: on a busy machine that may be more than it is long.
func (w *watcher) reports(ctx context.Context, p *testkit.MediaPlaylist) error {
	for _, r := range p.Reports {
		address, err := testkit.Resolve(w.address, r.URI)
		if err != nil {
			return err
		}
		other, err := testkit.FetchMedia(ctx, address)
		if err != nil {
			return err
		}
		msn, parts := other.Next()
		meanwhile := int64(time.Since(w.asked) / (p.TargetDuration / 2))
		if msn < r.LastMSN || msn == r.LastMSN && int64(parts) <= r.LastPart || msn > r.LastMSN+2+meanwhile {
			return fmt.Errorf("%s reports %d.%d of %s, which has come to %d.%d", w.address, r.LastMSN, r.LastPart, r.URI, msn, parts)
		}
	}
	return nil
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
		if err := w.kept(part.URI, b); err != nil {
			return err
		}
		if w.video && f.sync != part.Independent {
			return fmt.Errorf("%s: the playlist says INDEPENDENT %v, the first sample is sync %v", part.URI, part.Independent, f.sync)
		}
		if (f.duration - part.Duration).Abs() > time.Millisecond {
			return fmt.Errorf("%s lasts %v, the playlist says %v", part.URI, f.duration, part.Duration)
		}
	}
	return nil
}

func (w *watcher) segment(ctx context.Context, s testkit.MediaSegment, independent bool) error {
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
	if independent && !f.sync {
		return fmt.Errorf("%s does not begin with a sync sample, for all that EXT-X-INDEPENDENT-SEGMENTS says", s.URI)
	}
	w.measured.Add(w.inits[s.Map], f.fragments, s.Duration, len(b))
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
	duration  time.Duration
	sync      bool
	fragments []testkit.Fragment
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
	if discontinuity {
		w.times[part].Anew()
	}
	for n := range fragments {
		f := &fragments[n]
		most := time.Duration(0)
		if n == 0 && w.lost[part] {
			most = gapSlack
		}
		if err := w.times[part].Add(f, i.Timescale, most); err != nil {
			return nil, piece{}, fmt.Errorf("%s: fragment %d: %w", uri, n, err)
		}
		if key, known := i.Key(f.First); known && key != f.Sync {
			return nil, piece{}, fmt.Errorf("%s: fragment %d: the first sample is a key picture: %v, its flags say sync: %v", uri, n, key, f.Sync)
		}
	}
	w.lost[part] = false
	return b, piece{testkit.Length(fragments, i.Timescale), fragments[0].Sync, fragments}, nil
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
	if i.Video != w.video {
		return nil, fmt.Errorf("%s: pictures: %v, by its playlist's address: %v", uri, i.Video, w.video)
	}
	w.inits[uri] = i
	return i, nil
}

func (w *watcher) read(ctx context.Context, uri string) ([]byte, error) {
	address, err := testkit.Resolve(w.address, uri)
	if err != nil {
		return nil, err
	}
	r, err := testkit.Get(ctx, address)
	if err == nil {
		err = testkit.CheckHeaders(uri, r)
	}
	if err != nil {
		return nil, err
	}
	return r.Body, nil
}
