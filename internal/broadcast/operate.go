package broadcast

import (
	"net/netip"
	"time"

	"github.com/rostrumlive/rostrum/internal/doctor"
	"github.com/rostrumlive/rostrum/internal/live"
)

// Source is the encoder that feeds a broadcast, for an operator.
type Source struct {
	App     string // of the address that it publishes to; may be empty
	Remote  netip.Addr
	Encoder string // what it calls itself
	Since   time.Time
	Client  int64 // the number by which the back-end knows it
}

func sourceOf(req live.Request) Source {
	return Source{App: req.App, Remote: req.Remote.Addr().Unmap(), Encoder: bounded(req.Encoder), Since: time.Now()}
}

// Source returns who feeds the broadcast, and false while nobody does.
func (b *Broadcast) Source() (Source, bool) {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.source, b.pub != nil
}

// Begun is when the broadcast began, with its first encoder.
func (b *Broadcast) Begun() time.Time { return b.begun }

// Measured is what was measured of the media so far; nobody listens to the sound
// for it, as for Health.
func (b *Broadcast) Measured() *doctor.Snapshot { return b.meter.Snapshot(time.Now()) }

// Bytes is how much media the broadcast has taken in.
func (b *Broadcast) Bytes() uint64 { return b.totals().Bytes }

// Drop ends the broadcast and sends its encoder away, for an operator who stands
// above rights. It reports whether there was an encoder.
func (b *Broadcast) Drop() bool {
	_, fed := b.Source()
	b.log.Info("dropped by an operator")
	b.stop(refusal("dropped", "An operator ended the broadcast."))
	return fed
}
