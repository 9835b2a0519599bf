package e2e

import (
	"context"
	"errors"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/rostrumlive/rostrum/internal/testkit"
)

// relentless is an encoder that comes back at once, as often as it is cut off,
// and goes on with its next key frame.
type relentless struct {
	addr, channel  string
	headers, media []testkit.Tag
	quit           chan struct{}
	done           chan struct{}
	stints         []stint // valid once done is closed, as err is
	err            error   // of the clean stop
}

// stint is what an encoder sent over one connection.
type stint struct {
	media []testkit.Tag // the whole source
	from  int           // the first one that was sent
	times []time.Time   // when each was sent
}

// startRelentless begins to send. It ends with the test, or by stop.
func startRelentless(t *testing.T, addr, channel string, tags []testkit.Tag) *relentless {
	t.Helper()
	r := &relentless{addr: addr, channel: channel, quit: make(chan struct{}), done: make(chan struct{})}
	for _, tag := range tags {
		if tag.Header() {
			tag.Time = 0
			r.headers = append(r.headers, tag)
		} else {
			r.media = append(r.media, tag)
		}
	}
	ctx, cancel := context.WithCancel(t.Context())
	go func() {
		defer close(r.done)
		r.err = r.run(ctx)
	}()
	t.Cleanup(func() {
		cancel()
		<-r.done
	})
	return r
}

// stop ends the broadcast and returns all that was sent.
func (r *relentless) stop(t *testing.T) []stint {
	t.Helper()
	close(r.quit)
	<-r.done
	require.NoError(t, r.err)
	return r.stints
}

func (r *relentless) run(ctx context.Context) error {
	for next := 0; ; {
		for next < len(r.media) && !r.media[next].Key() {
			next++
		}
		if next == len(r.media) {
			return errors.New("the source is at its end")
		}
		var e *testkit.Encoder
		err := testkit.Until(ctx, func(ctx context.Context) (err error) {
			e, err = testkit.DialEncoder(ctx, r.addr, "live", r.channel)
			return err
		})
		if err != nil {
			return err
		}
		sent := stint{media: r.media, from: next}
		over := r.play(ctx, e, &sent)
		if len(sent.times) > 0 {
			r.stints = append(r.stints, sent)
		}
		if over {
			return e.Stop()
		}
		_ = e.Drop() // it is gone already
		next += len(sent.times)
	}
}

// play sends until the connection breaks, and reports whether it was told to
// stop instead.
func (r *relentless) play(ctx context.Context, e *testkit.Encoder, sent *stint) (stopped bool) {
	if e.Send(r.headers...) != nil {
		return false
	}
	start := time.Now().Add(-r.media[sent.from].Time)
	for _, tag := range r.media[sent.from:] {
		timer := time.NewTimer(time.Until(start.Add(tag.Time)))
		select {
		case <-timer.C:
		case <-r.quit:
			timer.Stop()
			return true
		case <-ctx.Done():
			timer.Stop()
			return false
		}
		tag.Time -= r.media[sent.from].Time
		if tag.Time < 0 { // sound from before the key frame that was muxed after it
			tag.Time = 0
		}
		if e.Send(tag) != nil {
			return false
		}
		sent.times = append(sent.times, time.Now())
	}
	return false
}

// frames returns which frames of a kind, counted over the whole source, were
// sent: those from..to-1, up to a time that is not zero.
func (s stint) frames(kind string, until time.Time) (from, to int) {
	for i, tag := range s.media[:s.from+len(s.times)] {
		switch {
		case tag.Video() != (kind == "v"):
		case i < s.from:
			from, to = from+1, to+1
		case until.IsZero() || s.times[i-s.from].Before(until):
			to++
		}
	}
	return from, to
}
