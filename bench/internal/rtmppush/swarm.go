package rtmppush

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"
)

// Swarm is a number of encoders that send the same clip at once, each under
// its own name.
type Swarm struct {
	cancel   context.CancelFunc
	playing  sync.WaitGroup
	sessions []*Session
	sent     []Sent
	errs     []error
}

// StartSwarm begins a session for each name and returns when the last is on
// air. Starts are spread evenly over the given time, one GOP, because the key
// frames of real encoders do not come together. The caller owes Close, also
// when ctx ends.
func StartSwarm(ctx context.Context, addr, app string, names []string, loop *Loop, spread time.Duration) (*Swarm, error) {
	ctx, cancel := context.WithCancel(ctx)
	w := &Swarm{cancel: cancel, sent: make([]Sent, len(names)), errs: make([]error, len(names))}
	began := time.Now()
	for i, name := range names {
		timer := time.NewTimer(time.Until(began.Add(spread * time.Duration(i) / time.Duration(len(names)))))
		select {
		case <-timer.C:
		case <-ctx.Done():
			timer.Stop()
		}
		s, err := Dial(ctx, addr, app, name)
		if err != nil {
			return nil, errors.Join(fmt.Errorf("publish %s: %w", name, err), w.Close())
		}
		w.sessions = append(w.sessions, s)
		w.playing.Go(func() { w.sent[i], w.errs[i] = loop.Play(ctx, s) })
	}
	return w, nil
}

// Halt ends the sending, leaves the sessions open, and returns what each
// sent. A session that broke before is an error.
func (w *Swarm) Halt() ([]Sent, error) {
	w.cancel()
	w.playing.Wait()
	return w.sent, errors.Join(w.errs...)
}

// Close halts if need be, says on every session that the broadcast is over,
// and returns when all connections are closed. It is called once.
func (w *Swarm) Close() error {
	w.cancel()
	w.playing.Wait()
	errs := make([]error, len(w.sessions))
	var closing sync.WaitGroup
	for i, s := range w.sessions {
		closing.Go(func() { errs[i] = s.Close() })
	}
	closing.Wait()
	return errors.Join(errs...)
}
