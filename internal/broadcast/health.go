package broadcast

import (
	"context"
	"time"

	"github.com/rostrumlive/rostrum/internal/doctor"
)

// maxIncidents bounds what is remembered of losses and takeovers: the doctor
// counts to three.
const maxIncidents = 32

// incident is a loss of the encoder or a takeover.
type incident struct {
	kind string
	at   time.Time
}

// remember keeps what the doctor wants to know of an event.
func (b *Broadcast) remember(kind string) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.incidents = append(b.incidents, incident{kind, time.Now()})
	if over := len(b.incidents) - maxIncidents; over > 0 {
		b.incidents = b.incidents[over:]
	}
}

// Health is what is known of the broadcast's media, for the doctor. While it is
// asked for the sound's level is measured, where the server can; ctx bounds that.
func (b *Broadcast) Health(ctx context.Context) *doctor.Snapshot {
	if hear := b.m.opts.Hear; hear != nil {
		if err := b.ear.Listen(ctx, b.stream, &b.meter, hear); err != nil && ctx.Err() == nil {
			b.log.Debug("the sound's level cannot be measured", "error", err)
		}
	}
	s := b.meter.Snapshot(time.Now())
	s.Encoder, s.Notices = b.stream.Encoder(), b.stream.Notices()
	b.mu.Lock()
	defer b.mu.Unlock()
	if s.Encoder == "" {
		s.Encoder = b.feeder.encoder
	}
	s.Away = b.pub == nil
	for _, i := range b.incidents {
		switch i.kind {
		case eventInterrupted:
			s.Losses = append(s.Losses, i.at)
		case eventTakenOver:
			s.Takeovers = append(s.Takeovers, i.at)
		}
	}
	return s
}
