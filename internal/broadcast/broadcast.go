package broadcast

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"maps"
	"net/netip"
	"strings"
	"sync"
	"time"

	"github.com/rostrumlive/rostrum/internal/account"
	"github.com/rostrumlive/rostrum/internal/audience"
	"github.com/rostrumlive/rostrum/internal/doctor"
	"github.com/rostrumlive/rostrum/internal/live"
	"github.com/rostrumlive/rostrum/internal/media"
	"github.com/rostrumlive/rostrum/internal/packager"
	"github.com/rostrumlive/rostrum/internal/store"
	"github.com/rostrumlive/rostrum/internal/vod"
)

const (
	// endWait bounds how long an encoder waits for the end of the channel's
	// last broadcast: less than doors wait for an answer. On a busy machine its
	// last rows take seconds, and an encoder that is refused gives up.
	endWait = 8 * time.Second
	// maxWords bounds what is kept of an encoder's own words.
	maxWords = 120
)

// Settings of one broadcast.
type Settings struct {
	// Keep is how much of its newest media stays recorded; 0 is all of it.
	Keep time.Duration
	// Unrecorded: its media goes when the broadcast is over.
	Unrecorded bool
	// Key is the id of the stream key that its encoder came with; empty: none.
	Key string
}

// Broadcast is one time on air of a channel.
type Broadcast struct {
	ID       string
	Channel  account.Channel // as it was when the broadcast began
	m        *Manager
	log      *slog.Logger
	settings Settings // mu guards Unrecorded
	stream   *live.Stream
	packager *packager.Packager
	recorder *vod.Recorder
	audience *audience.Room
	begun    time.Time
	first    *live.Publisher // whom the broadcast began with; nil when it was restored
	news     chan struct{}   // holds one when the encoder has come or gone
	over     chan struct{}   // closed once the channel is free again
	removed  bool            // its recording was; guarded by the manager's mu
	meter    doctor.Meter
	ear      doctor.Ear

	recording sync.Mutex  // held while recording is stopped or goes on; taken before mu
	gap       store.Event // of the newest stop in this process

	mu        sync.Mutex
	state     store.State // interrupted is told by the packager
	started   time.Time
	reason    string          // why it ended
	suspended bool            // another process is to go on with it
	stopFrom  int64           // recording is stopped: the first segment that is not kept; 0: it is not
	untold    bool            // the back-end was not told of what is recorded now
	pub       *live.Publisher // who feeds it; nil while its encoder is away
	priority  int64           // of pub
	feeder    loser           // who pub is, should it lose the channel
	source    Source          // the same, for an operator
	key       string          // the id of the stream key that pub came with; empty: none
	losers    []loser         // the newest, fightWindow back
	incidents []incident      // the newest, maxIncidents
	lost      time.Time       // when its encoder was lost last
	lostHow   string          // a sentence
	until     time.Time       // when it ends unless an encoder comes; zero while there is one
}

// Packager answers for the broadcast's media.
func (b *Broadcast) Packager() *packager.Packager { return b.packager }

// Audience counts who watches it.
func (b *Broadcast) Audience() *audience.Room { return b.audience }

// Stream is the broadcast's media in memory.
func (b *Broadcast) Stream() *live.Stream { return b.stream }

// State is where the broadcast stands in its life. It is live again when its
// media goes on, which may be a while after its encoder came back.
func (b *Broadcast) State() store.State {
	b.mu.Lock()
	defer b.mu.Unlock()
	if standing, _ := b.packager.Standing(); standing && b.state == store.StateLive {
		return store.StateInterrupted
	}
	return b.state
}

// StartedAt is when its first part was on air, zero before.
func (b *Broadcast) StartedAt() time.Time {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.started
}

// Interrupted returns when the encoder was lost and when the broadcast ends
// unless one comes. until is zero while an encoder is connected.
func (b *Broadcast) Interrupted() (lost, until time.Time) {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.lost, b.until
}

// Notices tell the channel's owner of media that is not carried.
func (b *Broadcast) Notices() []media.Notice { return b.stream.Notices() }

// Begin puts a channel on air for an encoder that may feed it. A broadcast
// that the channel has on air goes on with the new encoder, where the channel's
// rule lets it; one that is ending is waited for.
func (m *Manager) Begin(ctx context.Context, c account.Channel, req live.Request, s Settings) (*live.Publisher, error) {
	deadline := time.NewTimer(endWait)
	defer deadline.Stop()
	for {
		b, old, err := m.claim(c, req, s)
		if err != nil {
			return nil, err
		}
		if b != nil {
			return b.begin(ctx, req)
		}
		pub, err := old.join(ctx, c, req, s.Key)
		if !errors.Is(err, errOver) {
			return pub, err
		}
		select {
		case <-old.over:
		case <-deadline.C:
			return nil, refusal("busy", "The channel's last broadcast has not ended yet. Try again in a moment.")
		case <-ctx.Done():
			return nil, ctx.Err()
		}
	}
}

// claim makes a new broadcast the channel's, or returns the one that it has.
func (m *Manager) claim(c account.Channel, req live.Request, s Settings) (b, old *Broadcast, err error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.closed {
		return nil, nil, refusal("server_stops", "The server is stopping.")
	}
	if old := m.byChannel[c.ID]; old != nil {
		return nil, old, nil
	}
	b = m.newBroadcast(m.opts.DB.NewID(), c, s)
	b.begun, b.state = time.Now(), store.StateOpening
	b.packager = packager.New(b.stream, b.hls(s.Keep))
	b.recorder = m.opts.Library.Recorder(b.packager, s.Keep)
	b.pub, b.priority = live.NewPublisher(b.stream, b.encoderGone), priority(req)
	b.first, b.feeder, b.source, b.key = b.pub, feederOf(req), sourceOf(req), s.Key
	m.put(b)
	m.wg.Add(1)
	return b, nil, nil
}

func (m *Manager) newBroadcast(id string, c account.Channel, s Settings) *Broadcast {
	b := &Broadcast{
		ID: id, Channel: c, m: m, settings: s, log: m.log.With("channel", c.Name, "broadcast", id),
		stream: live.NewStream(c.Name, id, live.Limits{}), untold: true, news: make(chan struct{}, 1), over: make(chan struct{}),
	}
	b.stream.Tell(&b.meter)
	b.audience = m.opts.Audience.Open(id, c.ID)
	return b
}

// hls are the options of its packager. Of the recording only keep stays; 0 is
// all.
func (b *Broadcast) hls(keep time.Duration) packager.Options {
	o := b.m.opts.HLS
	o.Begun = b.begun
	o.Window, o.Archive = vod.Rewindable(o.Window, keep, o.TargetDuration()), b.m.opts.Library
	return o
}

// begin writes the row of a broadcast that was claimed, and starts it.
func (b *Broadcast) begin(ctx context.Context, req live.Request) (*live.Publisher, error) {
	m := b.m
	err := m.opts.DB.Write(ctx, func(tx *store.Tx) error {
		return tx.InsertBroadcast(ctx, store.Broadcast{
			ID: b.ID, ChannelID: b.Channel.ID, State: store.StateOpening, CreatedAt: b.begun, Keep: b.settings.Keep,
			Protocol: req.Protocol, Encoder: bounded(req.Encoder), Remote: address(req.Remote), Recorded: !b.settings.Unrecorded,
			Title: b.Channel.Title, KeyID: b.settings.Key,
		})
	})
	if err != nil {
		b.stop(refusal("not_begun", "The broadcast could not begin.")) // also for who joined it meanwhile
		m.release(b)
		m.forget(b)
		m.wg.Done()
		return nil, fmt.Errorf("begin broadcast: %w", err)
	}
	m.start(b)
	return b.first, nil
}

// start lets a broadcast run that m.wg counts already.
func (m *Manager) start(b *Broadcast) {
	go func() {
		defer m.wg.Done()
		b.run(m.ctx)
	}()
}

// bounded makes a stranger's words fit to be kept.
func bounded(words string) string {
	return strings.ToValidUTF8(words[:min(len(words), maxWords)], "")
}

// address is empty for what comes from this process.
func address(a netip.AddrPort) string {
	if !a.IsValid() {
		return ""
	}
	return a.String()
}

// release frees the channel for its next broadcast.
func (m *Manager) release(b *Broadcast) {
	m.mu.Lock()
	if m.byChannel[b.Channel.ID] == b {
		delete(m.byChannel, b.Channel.ID)
		maps.DeleteFunc(m.names, func(_, id string) bool { return id == b.Channel.ID })
	}
	m.mu.Unlock()
	close(b.over)
}

// forget lets go of a broadcast that never began.
func (m *Manager) forget(b *Broadcast) {
	m.opts.Audience.Shut(m.ctx, b.audience)
	m.mu.Lock()
	defer m.mu.Unlock()
	delete(m.byID, b.ID)
}

// drop forgets a broadcast that has ended, and keeps its counts.
func (m *Manager) drop(b *Broadcast) {
	totals := b.totals()
	m.mu.Lock()
	defer m.mu.Unlock()
	delete(m.byID, b.ID)
	m.totals.add(totals)
}
