package broadcast

import (
	"time"

	"github.com/rostrumlive/rostrum/internal/store"
)

// The kinds of events that a broadcast's owner is told of. The recorder has
// its own.
const (
	eventInterrupted = "interrupted"
	eventResumed     = "resumed"
	eventTakenOver   = "taken_over"
	eventGap         = "recording_gap" // also the recorder's
	// EventTitle is a chapter: from its media time on the broadcast has the title
	// that is its text.
	EventTitle = "title"
)

// note writes an event down, soon.
func (b *Broadcast) note(kind, text string, d time.Duration) {
	b.remember(kind)
	b.m.opts.Library.Note(store.Event{
		ID: b.m.opts.DB.NewID(), BroadcastID: b.ID, At: time.Now(), Kind: kind, Text: text, Duration: d,
	})
}
