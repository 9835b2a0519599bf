package e2e

import (
	"context"
	"crypto/sha256"
	"fmt"
	"net/http"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"golang.org/x/sync/errgroup"

	"github.com/rostrumlive/rostrum/internal/testkit"
)

// pollEach is the pause between two looks at a playlist.
const pollEach = 50 * time.Millisecond

// polls looks at all media playlists of broadcasts all the time, through kills
// and starts of the server, and checks that they are of one piece.
type polls struct {
	group  *errgroup.Group
	ctx    context.Context
	cancel context.CancelFunc
	lists  []*poll

	mu  sync.Mutex
	run int // counts the server's processes
}

// poll follows one playlist.
type poll struct {
	all     *polls
	address string
	hashes  map[string][sha256.Size]byte
	last    *testkit.MediaPlaylist
	lastRun int

	mu     sync.Mutex
	seen   int             // the newest run of which a list was seen
	losses []time.Duration // of what was offered, by restart
}

func startPolls(t *testing.T, multivariants ...string) *polls {
	t.Helper()
	p := &polls{}
	ctx, cancel := context.WithCancel(t.Context())
	p.cancel = cancel
	p.group, p.ctx = errgroup.WithContext(ctx)
	for _, multivariant := range multivariants {
		m, err := testkit.FetchMultivariant(t.Context(), multivariant)
		require.NoError(t, err)
		for _, uri := range mediaURIs(m) {
			one := &poll{all: p, address: resolve(t, multivariant, uri), hashes: map[string][sha256.Size]byte{}}
			p.lists = append(p.lists, one)
			p.group.Go(func() error { return one.follow(p.ctx) })
		}
	}
	t.Cleanup(func() {
		cancel()
		_ = p.group.Wait() // end has told of it
	})
	return p
}

// nextRun says that the process is dead and that another one will answer.
func (p *polls) nextRun() {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.run++
}

func (p *polls) present() int {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.run
}

// await waits until every list was seen in the present run.
func (p *polls) await(t *testing.T) {
	t.Helper()
	testkit.Eventually(t, limit, func(context.Context) error {
		if p.ctx.Err() != nil {
			p.end(t) // says why
		}
		for _, one := range p.lists {
			if one.newest() < p.present() {
				return fmt.Errorf("%s was not seen since the start", one.address)
			}
		}
		return nil
	})
}

// end stops to look and fails the test when something was wrong.
func (p *polls) end(t *testing.T) {
	t.Helper()
	if p.ctx.Err() == nil {
		p.cancel()
	}
	require.NoError(t, p.group.Wait())
	for _, one := range p.lists {
		t.Logf("%s: missing of what was offered before each kill: %v", one.address, one.losses)
	}
}

func (o *poll) newest() int {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.seen
}

// follow looks until ctx ends, which is no error.
func (o *poll) follow(ctx context.Context) error {
	for {
		if err := o.look(ctx); err != nil && ctx.Err() == nil {
			return fmt.Errorf("%s: %w", o.address, err)
		}
		if testkit.At(ctx, time.Now().Add(pollEach)) != nil {
			return nil
		}
	}
}

// look reads the list once. That nobody answers is no error.
func (o *poll) look(ctx context.Context) error {
	run := o.all.present()
	r, err := testkit.Get(ctx, o.address)
	if err != nil || o.all.present() != run {
		return nil
	}
	if r.Status != http.StatusOK {
		return fmt.Errorf("status %d: %.200s", r.Status, r.Body)
	}
	p, err := testkit.ParseMedia(string(r.Body))
	if err == nil {
		err = p.Check()
	}
	if err != nil {
		return fmt.Errorf("%w\n%s", err, r.Body)
	}
	var old []string // addresses that the process before answered
	switch {
	case o.last == nil:
	case o.lastRun == run:
		err = testkit.CheckReload(o.last, p)
	default:
		err = o.restarted(p)
		old = o.last.MediaURIs()
	}
	if err != nil {
		return fmt.Errorf("run %d: %w\n%s", run, err, r.Body)
	}
	for _, uri := range p.MediaURIs() {
		if err := o.fetch(ctx, uri, run, old != nil, http.StatusOK); err != nil {
			return err
		}
	}
	for _, uri := range old { // parts are not offered any more, and may be gone
		if err := o.fetch(ctx, uri, run, true, http.StatusOK, http.StatusNotFound); err != nil {
			return err
		}
	}
	o.last, o.lastRun = p, run
	o.mu.Lock()
	defer o.mu.Unlock()
	o.seen = run
	return nil
}

// restarted compares the last list of one process with the first of another.
func (o *poll) restarted(p *testkit.MediaPlaylist) error {
	was, _ := o.last.Next()
	is, _ := p.Next()
	switch {
	case p.MediaSequence < o.last.MediaSequence:
		return fmt.Errorf("EXT-X-MEDIA-SEQUENCE went back from %d to %d", o.last.MediaSequence, p.MediaSequence)
	case p.DiscontinuitySequence < o.last.DiscontinuitySequence:
		return fmt.Errorf("EXT-X-DISCONTINUITY-SEQUENCE went back from %d to %d", o.last.DiscontinuitySequence, p.DiscontinuitySequence)
	case is < was:
		return fmt.Errorf("the number of the segment to come went back from %d to %d", was, is)
	}
	var before, after time.Duration
	for i, s := range o.last.Segments {
		n := o.last.MediaSequence + int64(i)
		if n < p.MediaSequence {
			continue // it left the window
		}
		before += s.Duration
		now := p.Segment(n)
		if now == nil || now.Gap != s.Gap || now.URI != s.URI || now.Map != s.Map || now.Discontinuity != s.Discontinuity {
			return fmt.Errorf("segment %d was %+v, is %+v", n, s, now)
		}
		after += now.Duration
	}
	for _, part := range o.last.Parts {
		before += part.Duration
	}
	if s := p.Segment(was); s != nil && !s.Gap {
		after += s.Duration // what was kept of the one that was being made
	}
	loss := max(0, before-after)
	o.losses = append(o.losses, loss)
	if loss > killLoss {
		return fmt.Errorf("%v of what was offered is missing", loss)
	}
	return nil
}

// fetch reads an address that was not read before, or reads it again, and
// compares its content with what it was before.
func (o *poll) fetch(ctx context.Context, uri string, run int, again bool, statuses ...int) error {
	was, known := o.hashes[uri]
	if known && !again {
		return nil
	}
	address, err := testkit.Resolve(o.address, uri)
	if err != nil {
		return err
	}
	r, err := testkit.Get(ctx, address)
	if err != nil || o.all.present() != run {
		return nil // it is looked at with the next list
	}
	if !slices.Contains(statuses, r.Status) {
		return fmt.Errorf("%s answers %d: %.200s", uri, r.Status, r.Body)
	}
	is := sha256.Sum256(r.Body)
	if r.Status == http.StatusOK && known && is != was {
		return fmt.Errorf("%s has another content since the start", uri)
	}
	if r.Status == http.StatusOK {
		o.hashes[uri] = is
	}
	return nil
}
