// Package outbox owns what programs are told of: which events there are, their
// JSON, and that each is written down for all who listen in the transaction that
// makes it so. It must not know how, or whether, they reach anybody.
package outbox

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"time"

	"github.com/rostrumlive/rostrum/internal/store"
)

// Kind is what happened. Its text is a part of the API.
type Kind string

// The kinds of events.
const (
	BroadcastStarted     Kind = "broadcast.started"
	BroadcastInterrupted Kind = "broadcast.interrupted"
	BroadcastResumed     Kind = "broadcast.resumed"
	BroadcastEnded       Kind = "broadcast.ended"
	RecordingReady       Kind = "recording.ready"
	ClipMade             Kind = "clip.made"
	KeyNewAddress        Kind = "key.new_address"
	ReportMade           Kind = "report.made" // for the site alone
	Ping                 Kind = "ping"        // sent on request, and to nobody else
)

// Kinds are those that can be listened for, in the order in which people read
// them; the last ones are for the site's own listeners.
func Kinds() []Kind {
	return []Kind{
		BroadcastStarted, BroadcastInterrupted, BroadcastResumed, BroadcastEnded, RecordingReady, ClipMade, KeyNewAddress, ReportMade,
	}
}

// ForChannels reports whether a channel's own people may be told of a kind. What
// is reported is between who says so and the site's moderators.
func ForChannels(k Kind) bool { return slices.Contains(Kinds(), k) && k != ReportMade }

// Kept is how many deliveries are kept of each listener. When more wait, the
// oldest are lost, and their numbers tell.
const Kept = 1000

// Put writes down, for each who listens, that something happened to a channel:
// within the transaction that makes it so. tell is asked for the rest only when
// somebody does.
func Put(ctx context.Context, tx *store.Tx, kind Kind, channelID string, at time.Time, tell func(*EventData) error) error {
	listeners, err := tx.Listeners(ctx, channelID, string(kind))
	if err != nil || len(listeners) == 0 {
		return err
	}
	c, err := tx.Channel(ctx, channelID)
	if err != nil {
		return err
	}
	data := EventData{Channel: channelOf(c)}
	if err := tell(&data); err != nil {
		return err
	}
	text, err := json.Marshal(data)
	if err != nil {
		return fmt.Errorf("tell of %s: %w", kind, err)
	}
	id := tx.NewID()
	for _, l := range listeners {
		err := tx.PutDelivery(ctx, store.WebhookDelivery{
			WebhookID: l.WebhookID, Sequence: l.Sequence, EventID: id, Kind: string(kind), At: at, Data: string(text),
			State: store.DeliveryWaiting, NextAt: at,
		}, Kept)
		if err != nil {
			return err
		}
	}
	return nil
}

// PingData is what a ping to a channel's listener tells, or to the site's where
// the id is empty.
func PingData(ctx context.Context, tx *store.Tx, channelID string) (string, error) {
	var data EventData
	if channelID != "" {
		c, err := tx.Channel(ctx, channelID)
		if err != nil {
			return "", err
		}
		data.Channel = channelOf(c)
	}
	text, err := json.Marshal(data)
	return string(text), err
}
