package chat

import (
	"context"
	"encoding/json"
	"errors"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"github.com/gobwas/ws"

	"github.com/rostrumlive/rostrum/internal/account"
	"github.com/rostrumlive/rostrum/internal/bus"
	"github.com/rostrumlive/rostrum/internal/store"
)

// Room is the chat of one channel on this node: who is connected, and the newest
// lines. It is made when somebody joins or speaks, and forgotten when nobody has
// for a while.
type Room struct {
	s         *Service
	channelID string

	loading sync.Once
	loadErr error
	sub     *bus.Subscription

	// Guarded by Service.mu.
	held int
	used time.Time

	flushing sync.Mutex // one flush after the other; before mu

	mu       sync.Mutex
	ended    bool
	channel  account.Channel
	settings Settings
	filters  []filter
	pin      json.RawMessage // of a line; nil: none
	poll     *poll
	emotes   map[string]string // ids by code
	emoteRev uint64

	lines   []entry // oldest first
	recent  snapshotted
	conns   []*conn
	pending []byte // frames that wait for the window's end
	timer   *time.Timer
	// said is when users spoke last, as far as it matters.
	said map[string]spoken

	standings       map[string]*cachedStanding
	standingVersion int
	sending         []*conn // of the flush that is going on; reused

	reactions map[string]int
	followed  []string // who began to follow in this second: their events
	viewers   int
	live      liveState

	missedBefore int          // of the bus; of tick alone
	behind       atomic.Int32 // how often it is still to be compared with the rows
}

// entry is a line in memory.
type entry struct {
	id, user string
	json     []byte
}

// spoken is when and what somebody said last.
type spoken struct {
	at  time.Time
	sum uint64
}

func newRoom(s *Service, channelID string) *Room {
	r := &Room{
		s: s, channelID: channelID, used: s.o.now(), said: map[string]spoken{}, standings: map[string]*cachedStanding{}, reactions: map[string]int{}, viewers: -1,
	}
	if s.joins.Load() > 0 { // other nodes know a moment later what is listened for here
		r.behind.Store(1)
	}
	return r
}

// load subscribes first and reads then, so that nothing is missed; what comes
// twice is known by its id.
func (r *Room) load() (err error) {
	ctx, cancel := context.WithTimeout(r.s.ctx, 10*time.Second)
	defer cancel()
	r.mu.Lock()
	defer r.mu.Unlock()
	r.sub, err = r.s.o.Bus.Subscribe(roomSubject+r.channelID, r.hear) // which waits for mu
	if err != nil {
		return err
	}
	db := r.s.o.DB
	if r.channel, err = db.Channel(ctx, r.channelID); err != nil {
		if errors.Is(err, store.ErrNotFound) {
			err = account.ErrUnknownChannel
		}
		return err
	}
	if err := r.loadSettings(ctx); err != nil {
		return err
	}
	if err := r.loadEmotes(ctx); err != nil {
		return err
	}
	if r.poll, err = r.s.readPoll(ctx, r.channelID); err != nil {
		return err
	}
	r.live = r.s.liveOf(ctx, r.channelID)
	rows, err := db.ChatLines(ctx, r.channelID, "", "", history)
	for _, row := range slices.Backward(rows) {
		r.lines = append(r.lines, entry{row.ID, row.UserID, []byte(row.Line)})
		at, _ := store.TimeOfID(row.ID)
		r.said[row.UserID] = spoken{at: at}
	}
	return err
}

func (r *Room) loadSettings(ctx context.Context) error {
	set, filters, pin, err := readRoom(r.s.o.DB.ChatRoom(ctx, r.channelID))
	if err != nil {
		return err
	}
	r.settings, r.filters, r.pin = set, filters, nil
	if pin != "" {
		r.pin = json.RawMessage(pin)
	}
	return nil
}

// end lets go of the bus. Connections have left.
func (r *Room) end() {
	r.mu.Lock()
	sub := r.sub
	r.ended = true
	if r.timer != nil {
		r.timer.Stop()
	}
	r.mu.Unlock()
	if sub != nil {
		sub.Close()
	}
}

func (r *Room) size() int {
	r.mu.Lock()
	defer r.mu.Unlock()
	return len(r.conns)
}

// hear takes what comes by the bus, one after the other.
func (r *Room) hear(m bus.Message) {
	var e envelope
	if json.Unmarshal(m.Data, &e) != nil {
		return
	}
	r.mu.Lock()
	if r.ended {
		r.mu.Unlock()
		return
	}
	after := r.take(&e)
	r.mu.Unlock()
	r.flushIfDue() // before what follows from it is told
	if after != nil {
		after()
	}
}

// The kinds of envelopes.
const (
	kindLine       = "line"
	kindDelete     = "delete"
	kindPurge      = "purge"
	kindAll        = "all"
	kindModerators = "mods"
	kindYou        = "you"
	kindSettings   = "settings"
	kindPin        = "pin"
	kindPoll       = "poll"
	kindVotes      = "votes"
	kindReact      = "react"
	kindEmotes     = "emotes"
	kindFollow     = "follow"
	kindSwept      = "swept"
)

// take changes what the room knows, and returns what is to be done without the
// lock, which is held.
func (r *Room) take(e *envelope) (after func()) {
	switch e.Kind {
	case kindLine:
		if !r.addLine(e) {
			return nil // it was read already
		}
		if e.Node != r.s.node { // here it was noted when it was said
			r.said[e.User] = spoken{r.s.o.now(), e.Sum}
		}
		r.append(e.Event)
	case kindDelete:
		r.dropLines(func(l *entry) bool { return slices.Contains(e.IDs, l.id) })
		r.append(e.Event)
	case kindPurge:
		r.dropLines(func(l *entry) bool {
			at, _ := store.TimeOfID(l.id)
			return (e.User == "" || l.user == e.User) && at.UnixMilli() <= e.Before
		})
		r.append(e.Event)
	case kindSwept: // who sees them may go on seeing them
		r.dropLines(func(l *entry) bool { return slices.Contains(e.IDs, l.id) })
	case kindAll:
		r.append(e.Event)
		if e.User != "" {
			return func() { r.refresh(e.User) }
		}
	case kindModerators:
		b := frame(e.Event)
		return func() { r.toModerators(b) }
	case kindYou:
		return func() { r.refresh(e.User) }
	case kindSettings:
		return r.takeSettings(e)
	case kindPin:
		r.pin = nil
		if e.ID != "" {
			r.pin = json.RawMessage(e.ID)
		}
		r.append(e.Event)
	case kindPoll:
		return r.reloadPoll
	case kindVotes:
		if r.poll != nil {
			r.poll.dirty = true
		}
	case kindReact:
		for emote, n := range e.Counts {
			r.reactions[emote] += n
		}
	case kindEmotes:
		return r.reloadEmotes
	case kindFollow:
		r.followed = append(r.followed, string(e.Event))
		e.Event = nil
	}
	return nil
}

func (r *Room) takeSettings(e *envelope) func() {
	return func() {
		ctx, cancel := context.WithTimeout(r.s.ctx, 10*time.Second)
		defer cancel()
		r.mu.Lock()
		before := r.settings
		err := r.loadSettings(ctx)
		now := r.settings
		if err == nil && len(e.Event) > 0 {
			r.append(e.Event)
		}
		r.mu.Unlock()
		if err != nil {
			r.s.log.Warn("settings of a chat cannot be read", "error", err)
			return
		}
		r.flushIfDue()
		if before.Closed != now.Closed || before.MembersOnly != now.MembersOnly || before.Followers != now.Followers || before.MembersRead != now.MembersRead {
			r.s.async(r.recheck)
		}
	}
}

// addLine puts a line in its place by its id, and reports false when it is there.
func (r *Room) addLine(e *envelope) bool {
	at := len(r.lines)
	for at > 0 && r.lines[at-1].id > e.ID {
		at--
	}
	if at > 0 && r.lines[at-1].id == e.ID {
		return false
	}
	if at == 0 && len(r.lines) >= history {
		return true // older than all, and heard of late
	}
	r.lines = slices.Insert(r.lines, at, entry{e.ID, e.User, e.Event})
	if len(r.lines) > history {
		over := len(r.lines) - history
		clear(r.lines[:over])
		r.lines = r.lines[over:]
	}
	return true
}

func (r *Room) dropLines(gone func(*entry) bool) {
	before := len(r.lines)
	r.lines = slices.DeleteFunc(r.lines, func(l entry) bool { return gone(&l) })
	if len(r.lines) != before {
		r.recent = snapshotted{}
	}
}

// find returns a line in memory.
func (r *Room) find(id string) (entry, bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	for _, l := range slices.Backward(r.lines) {
		if l.id == id {
			return l, true
		}
	}
	return entry{}, false
}

// connections lists those of which something is true. It is called with the lock
// held.
func (r *Room) connections(of func(*conn) bool) (cs []*conn) {
	r.mu.Lock()
	defer r.mu.Unlock()
	for _, c := range r.conns {
		if of(c) {
			cs = append(cs, c)
		}
	}
	return cs
}

// add puts a connection into the room. The lock is held.
func (r *Room) add(c *conn) {
	c.index = len(r.conns)
	r.conns = append(r.conns, c)
}

// remove takes a connection out of the room.
func (r *Room) remove(c *conn) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if c.index < 0 {
		return
	}
	last := len(r.conns) - 1
	r.conns[c.index] = r.conns[last]
	r.conns[c.index].index = c.index
	r.conns[last] = nil
	r.conns = r.conns[:last]
	c.index = -1
}

// closeAll says farewell to everybody.
func (r *Room) closeAll(code ws.StatusCode, why string) {
	for _, c := range r.connections(func(*conn) bool { return true }) {
		c.shut(code, why)
	}
}
