package webhook

import (
	"context"
	"errors"
	"sync"
	"time"

	"github.com/rostrumlive/rostrum/internal/store"
)

// sweepEvery is how often what is old leaves the log.
const sweepEvery = time.Hour

// Run delivers what is due until ctx ends, and returns when nothing is under way
// any more. What was cut off is delivered by the next who runs; its receiver may
// get it twice.
func (s *Service) Run(ctx context.Context) {
	var work sync.WaitGroup
	defer work.Wait()
	free := make(chan struct{}, workers) // holds one for each worker that has work
	ended := make(chan struct{}, 1)      // holds one when a worker has ended its work
	look, sweep := time.NewTicker(lookEvery), time.NewTicker(sweepEvery)
	defer look.Stop()
	defer sweep.Stop()
	s.sweep(ctx)
	for {
		s.begin(ctx, &work, free, ended)
		select {
		case <-ctx.Done():
			return
		case <-s.o.DB.OutboxNews():
		case <-ended:
		case <-look.C:
		case <-sweep.C:
			s.sweep(ctx)
		}
	}
}

// begin gives what is due to workers, as long as there are both.
func (s *Service) begin(ctx context.Context, work *sync.WaitGroup, free chan struct{}, ended chan<- struct{}) {
	for {
		select {
		case free <- struct{}{}:
		default:
			return // all have work: one that ends tells
		}
		l, ok := s.lease(ctx)
		if !ok {
			<-free
			return
		}
		work.Go(func() {
			s.deliver(ctx, l)
			<-free
			select {
			case ended <- struct{}{}:
			default: // the word is there
			}
		})
	}
}

// lease takes what is due, if anything is and the database answers.
func (s *Service) lease(ctx context.Context) (l store.Lease, ok bool) {
	now, err := s.o.Now(ctx)
	if err == nil {
		_, err = s.o.DB.DueWebhook(ctx, now) // asked without keeping writers out
	}
	if err == nil {
		err = s.o.DB.Write(ctx, func(tx *store.Tx) (err error) {
			l, err = tx.LeaseWebhook(ctx, tx.NewID(), now, now.Add(leaseFor))
			return err
		})
	}
	if err != nil && !errors.Is(err, store.ErrNotFound) && ctx.Err() == nil {
		s.log.Warn("webhooks cannot be looked for", "error", err)
	}
	return l, err == nil
}

// deliver tries to deliver what was leased, writes down what came of it, and
// gives the lease back.
func (s *Service) deliver(ctx context.Context, l store.Lease) {
	now, err := s.o.Now(ctx)
	var a store.Attempt
	if err == nil {
		a = s.send(ctx, l.Webhook, l.Delivery, now)
	}
	cut := err != nil || ctx.Err() != nil && a.Error != "" // what came of it is not known
	after, cancel := context.WithTimeout(context.WithoutCancel(ctx), settleFor)
	defer cancel()
	given := false
	err = s.o.DB.Write(after, func(tx *store.Tx) error {
		err := tx.EndLease(after, l.Webhook.ID, l.By)
		if err == nil && !cut {
			given, err = s.write(after, tx, l, a)
		}
		return err
	})
	if err != nil && !errors.Is(err, store.ErrNotFound) { // it was removed meanwhile
		s.log.Warn("what came of a webhook's delivery cannot be noted: it will be delivered again", "webhook", l.Webhook.ID, "error", err)
	}
	s.stats.count(cut, given && err == nil, a)
}

// count adds what came of a try; cut: that is not known; given: the webhook was
// given up for it.
func (st *Stats) count(cut, given bool, a store.Attempt) {
	switch {
	case cut:
	case a.Error == "":
		st.Delivered.Add(1)
	default:
		st.Failed.Add(1)
	}
	if given {
		st.Disabled.Add(1)
	}
}

// write settles a delivery by a try, over what the rows say now, and tells
// whether the webhook was given up with it.
func (s *Service) write(ctx context.Context, tx *store.Tx, l store.Lease, a store.Attempt) (given bool, err error) {
	w, err := tx.Webhook(ctx, l.Webhook.ID)
	if err != nil {
		return false, err
	}
	d, err := tx.Delivery(ctx, w.ID, l.Delivery.Sequence)
	if err != nil {
		return false, err
	}
	was := w.Enabled
	settle(&w, &d, a, s.o.Jitter())
	given = was && !w.Enabled
	if given {
		s.log.Info("webhook disabled", "webhook", w.ID, "reason", w.DisabledFor)
	}
	if err := tx.UpdateDelivery(ctx, d); err != nil {
		return false, err
	}
	return given, tx.UpdateWebhook(ctx, w)
}

// sweep removes what is old from the log, and secrets that do not sign any more.
func (s *Service) sweep(ctx context.Context) {
	now, err := s.o.Now(ctx)
	if err == nil {
		err = s.o.DB.Write(ctx, func(tx *store.Tx) error {
			if err := tx.ForgetFormerSecrets(ctx, now); err != nil {
				return err
			}
			return tx.ForgetDeliveries(ctx, now.Add(-keptFor))
		})
	}
	if err != nil && ctx.Err() == nil {
		s.log.Warn("the log of webhooks cannot be swept", "error", err)
	}
}
