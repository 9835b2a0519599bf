package webhook

import (
	"net/http"
	"time"

	"github.com/rostrumlive/rostrum/internal/store"
)

// pauses lie between the tries to deliver one event: 12 tries over a day.
var pauses = []time.Duration{
	5 * time.Second, 30 * time.Second, 2 * time.Minute, 10 * time.Minute, 30 * time.Minute, time.Hour,
	2 * time.Hour, 4 * time.Hour, 4 * time.Hour, 6 * time.Hour, 6 * time.Hour,
}

const (
	// jitter is how much of a pause chance takes or adds at most, so that those
	// who failed together do not come back together.
	jitter = 0.2
	// patience is how long a webhook may fail until the server disables it, with
	// the next event that is given up.
	patience = 3 * 24 * time.Hour
	// keptFor is how long the log reaches back.
	keptFor = 7 * 24 * time.Hour
	// maxAttempts is how many tries the log tells of one delivery.
	maxAttempts = 20
)

// Why the server disabled a webhook.
const (
	DisabledGone    = "gone"    // it answered 410
	DisabledFailing = "failing" // for longer than patience
)

// settle changes a webhook and a delivery by what came of a try. chance is from 0
// to below 1.
func settle(w *store.Webhook, d *store.WebhookDelivery, a store.Attempt, chance float64) {
	note(d, a)
	if a.Error == "" {
		arrived(w, d, a)
		return
	}
	if w.FailingSince.IsZero() {
		w.FailingSince = a.At
	}
	d.Tries++
	switch {
	case a.Status == http.StatusGone, a.Status == http.StatusNotFound && Format(w.Format) == Discord: // which answers so when it was deleted there
		d.State, w.Enabled, w.DisabledFor = store.DeliveryFailed, false, DisabledGone
	case d.Tries > len(pauses):
		d.State = store.DeliveryFailed
		if a.At.Sub(w.FailingSince) >= patience {
			w.Enabled, w.DisabledFor = false, DisabledFailing
		}
	default:
		pause := max(pauses[d.Tries-1], a.Wait)
		d.NextAt = a.At.Add(max(a.Wait, pause+time.Duration((2*chance-1)*jitter*float64(pause))))
	}
}

func arrived(w *store.Webhook, d *store.WebhookDelivery, a store.Attempt) {
	d.State, w.DeliveredAt, w.FailingSince = store.DeliveryDelivered, a.At, time.Time{}
}

// note keeps a try in the log.
func note(d *store.WebhookDelivery, a store.Attempt) {
	d.Attempts = append(d.Attempts, a)
	d.Attempts = d.Attempts[max(0, len(d.Attempts)-maxAttempts):]
}
