package notify

import (
	"context"
	"sync"
	"time"

	"github.com/rostrumlive/rostrum/internal/store"
)

// pauses lie between the tries to send one notice.
var pauses = []time.Duration{5 * time.Second, 30 * time.Second, 2 * time.Minute, 10 * time.Minute, 30 * time.Minute}

// jitter is how much of a pause chance adds at most, so that those who failed
// together do not come back together.
const jitter = 0.2

// line is one way in which notices are sent.
type line struct {
	kind    store.NoticeKind
	workers int           // how many are sent at one time
	taken   int           // in one transaction
	lease   time.Duration // longer than sending so many takes
	send    sender
}

// sender sends one notice; it is called by several goroutines.
type sender func(ctx context.Context, n store.Notice, l live) outcome

// outcome is what came of a try.
type outcome struct {
	again   bool          // it is to be tried again
	after   time.Duration // not sooner; 0: as the pauses say
	untried bool          // this was no try
	gone    bool          // of a push: the browser is
	err     error         // why it was not sent, for the log; nil: it was, or need not be
}

// sendAll sends what is due in a line until ctx ends.
func (s *Service) sendAll(ctx context.Context, l line, news <-chan struct{}) {
	look := time.NewTicker(lookEvery)
	defer look.Stop()
	for {
		for s.sendNext(ctx, l) {
		}
		select {
		case <-ctx.Done():
			return
		case <-news:
		case <-look.C:
		}
	}
}

// sendNext sends one batch, and reports whether there was one.
func (s *Service) sendNext(ctx context.Context, l line) bool {
	now, err := s.o.Now(ctx)
	due := false
	if err == nil {
		due, err = s.o.DB.NoticeDue(ctx, l.kind, now) // asked without keeping writers out
	}
	var notices []store.Notice
	if err == nil && due {
		err = s.o.DB.Write(ctx, func(tx *store.Tx) (err error) {
			notices, err = tx.TakeNotices(ctx, l.kind, now, now.Add(l.lease), l.taken)
			return err
		})
	}
	if err == nil && len(notices) > 0 {
		err = s.settle(ctx, l, notices, s.send(ctx, l, notices, now), now)
	}
	s.trouble(ctx, "followers in line cannot be told: it is tried again", err)
	return err == nil && len(notices) > 0 && ctx.Err() == nil
}

// send sends notices, some at a time.
func (s *Service) send(ctx context.Context, l line, notices []store.Notice, now time.Time) []outcome {
	abouts := map[string]live{}
	for _, n := range notices {
		if _, ok := abouts[n.BroadcastID]; ok {
			continue
		}
		about, err := s.liveOf(ctx, n.BroadcastID)
		s.trouble(ctx, "what followers are told of cannot be read", err)
		if about.now = now; err == nil {
			abouts[n.BroadcastID] = about
		}
	}
	outcomes := make([]outcome, len(notices))
	free := make(chan struct{}, l.workers)
	var work sync.WaitGroup
	for i, n := range notices {
		about, ok := abouts[n.BroadcastID]
		switch {
		case !ok || ctx.Err() != nil:
			outcomes[i] = outcome{again: true, untried: true}
		case !about.on || now.After(n.Until): // it is no news any more
		default:
			free <- struct{}{}
			work.Go(func() {
				outcomes[i] = l.send(ctx, n, about)
				<-free
			})
		}
	}
	work.Wait()
	return outcomes
}

// settle writes down what came of a batch.
func (s *Service) settle(ctx context.Context, l line, notices []store.Notice, outcomes []outcome, now time.Time) error {
	var failed int
	var why error
	after, cancel := context.WithTimeout(context.WithoutCancel(ctx), settleFor)
	defer cancel()
	err := s.o.DB.Write(after, func(tx *store.Tx) error {
		failed = 0
		for i, n := range notices {
			o := outcomes[i]
			if o.err != nil {
				failed, why = failed+1, o.err
			}
			if err := s.settleOne(after, tx, n, o, now); err != nil {
				return err
			}
		}
		return nil
	})
	if failed > 0 { // one line, however many: push services and mail servers fail for all together
		s.log.Info("some followers could not be told", "by", l.kind, "number", failed, "of", len(notices), "last", why)
	}
	return err
}

func (s *Service) settleOne(ctx context.Context, tx *store.Tx, n store.Notice, o outcome, now time.Time) error {
	switch {
	case o.gone:
		return tx.DropPushSubscription(ctx, n.UserID, n.Way)
	case o.untried:
		n.Tries--
		return tx.RetryNotice(ctx, n, now.Add(o.after))
	case o.again && n.Tries <= len(pauses):
		pause := max(pauses[n.Tries-1], o.after)
		pause += time.Duration(s.o.Jitter() * jitter * float64(pause))
		return tx.RetryNotice(ctx, n, now.Add(pause))
	}
	return tx.DeleteNotice(ctx, n)
}
