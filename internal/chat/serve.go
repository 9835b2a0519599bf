package chat

import (
	"context"
	"encoding/json"
	"net"
	"slices"
	"time"

	"github.com/rostrumlive/rostrum/internal/account"
	"github.com/rostrumlive/rostrum/internal/store"
)

// Connection is a socket on which a handshake of WebSocket (RFC 6455) is done.
type Connection struct {
	Net net.Conn
	// Early are bytes that were read behind the handshake.
	Early []byte
	// Outlet writes to the socket without waiting; nil where Net does itself. It
	// may lie below Net, when that is TLS.
	Outlet *Outlet
	Below  bool
	// After is the last line that the client has seen, when it comes back; empty:
	// it has seen none.
	After string
	// Recent is how many lines it wants at most; negative: as many as the room
	// gives.
	Recent int
}

// Hello is the first that a connection hears.
type Hello struct {
	Type      string          `json:"type" enum:"hello"`
	Channel   string          `json:"channel"`
	You       *You            `json:"you" doc:"Null: nobody who is signed in."`
	MaySpeak  bool            `json:"maySpeak"`
	Why       string          `json:"why" enum:",signin,banned,timeout,followers,members,closed" doc:"Why not."`
	Reason    string          `json:"reason,omitempty" doc:"Of a ban or a time-out."`
	Until     int64           `json:"until" doc:"When that changes by itself, milliseconds since 1970; 0: it does not."`
	Mode      Mode            `json:"mode"`
	MaxLength int             `json:"maxLength"`
	Rules     string          `json:"rules"`
	Viewers   *int            `json:"viewers" doc:"Null: they are not counted."`
	Live      *LiveNow        `json:"live"`
	Pin       json.RawMessage `json:"pin"`
	Poll      *PollNow        `json:"poll"`
	Emotes    string          `json:"emotes" doc:"Where they are listed; another address when they are others."`
	Reactions []string        `json:"reactions" nullable:"false"`
}

// LiveNow is what is on air.
type LiveNow struct {
	_           struct{} `nullable:"true"`
	BroadcastID string   `json:"broadcastId"`
	At          int64    `json:"at" doc:"When it began."`
}

// MayRead returns nil when who asks may read the chat of a channel.
func (s *Service) MayRead(ctx context.Context, c account.Channel, who Asker) error {
	set, _, _, err := readRoom(s.o.DB.ChatRoom(ctx, c.ID))
	if err != nil {
		return err
	}
	return s.mayRead(ctx, c, set, who)
}

// MayReplay returns nil when who may watch a recording or a clip of a channel may
// read, too, what was said: a chat that only members read stays so.
func (s *Service) MayReplay(ctx context.Context, channelID string, who Asker) error {
	set, _, _, err := readRoom(s.o.DB.ChatRoom(ctx, channelID))
	if err != nil {
		return err
	}
	return s.mayRead(ctx, account.Channel{ID: channelID, Visibility: string(account.Public)}, set, who)
}

// Serve has a connection take part in the chat of a channel, which who asks may
// read. It owns the connection, and returns at once when the room cannot be had.
func (s *Service) Serve(ctx context.Context, channelID string, who Asker, in Connection) error {
	r, err := s.hold(ctx, channelID)
	if err != nil {
		_ = in.Net.Close() // nothing was said
		return err
	}
	c := &conn{room: r, net: in.Net, out: in.Outlet, below: in.Below}
	if who.Actor.User.ID != "" || who.Viewing != "" {
		c.asker = &who
	}
	if err := r.join(ctx, c, in); err != nil {
		s.release(r)
		_ = in.Net.Close()
		return err
	}
	s.stats.Joins.Add(1)
	s.mu.Lock()
	if s.closed { // since
		s.mu.Unlock()
		c.shut(closeGoingAway, "the server goes away")
		c.leave()
		return ErrClosed
	}
	from := behind(in.Early, in.Net)
	s.running.Go(func() { c.read(from) })
	s.mu.Unlock()
	return nil
}

// leave ends what Serve began.
func (c *conn) leave() {
	c.room.remove(c)
	_ = c.net.Close() // maybe closed already
	c.mu.Lock()
	c.closing, c.queue, c.queued = true, nil, 0
	c.mu.Unlock()
	if c.out != nil {
		c.out.running.Wait()
	}
	c.room.s.release(c.room)
}

// join greets a connection and puts it among the others, with nothing missed and
// nothing twice between its history and what follows.
func (r *Room) join(ctx context.Context, c *conn, in Connection) error {
	st, err := r.standing(ctx, c.actor())
	if err != nil {
		return err
	}
	var missed []entry
	complete := true
	var deleted []string
	if in.After != "" {
		if missed, complete, deleted, err = r.missed(ctx, in.After); err != nil {
			return err
		}
	}
	votes := r.pollNow()
	r.mu.Lock()
	c.moderates, c.maySpeak, c.why = st.moderates(), st.why == "", st.why
	hello := r.hello(st, votes)
	c.writing = true // what others push waits behind
	c.queue = append(c.queue, frame(encode(hello)))
	if in.After == "" {
		most := r.settings.Recent
		if in.Recent >= 0 {
			most = min(most, in.Recent)
		}
		shared, since := r.snapshot(most)
		for _, b := range [][]byte{shared, since} {
			if len(b) > 0 {
				c.queue = append(c.queue, b)
			}
		}
	} else {
		// What came between the query and now is in memory.
		for _, l := range r.lines {
			if n := len(missed); n == 0 && l.id > in.After || n > 0 && l.id > missed[n-1].id {
				missed = append(missed, l)
			}
		}
		if over := len(missed) - history; over > 0 {
			missed, complete = missed[over:], false
		}
		c.queue = append(c.queue, historyFrame(missed, complete))
		if len(deleted) > 0 {
			c.queue = append(c.queue, frame(encode(Deleted{Type: "delete", IDs: deleted})))
		}
	}
	for _, b := range c.queue {
		c.queued += len(b)
	}
	c.since = time.Now()
	c.skip = len(r.pending)
	r.add(c)
	r.mu.Unlock()
	c.flush()
	return nil
}

// recoverBefore is how far before the last line that a client saw is looked:
// lines of several nodes are not committed in the order of their ids.
const recoverBefore = 10 * time.Second

// missed lists what was committed since some time before a line, oldest first.
func (r *Room) missed(ctx context.Context, after string) (lines []entry, complete bool, deleted []string, err error) {
	at, ok := store.TimeOfID(after)
	if !ok {
		return nil, false, nil, nil
	}
	from := at.Add(-recoverBefore)
	rows, err := r.s.o.DB.ChatLines(ctx, r.channelID, store.IDAt(from), "", history+1)
	if err != nil {
		return nil, false, nil, err
	}
	if complete = len(rows) <= history; !complete {
		rows = rows[:history]
	}
	for _, row := range slices.Backward(rows) {
		lines = append(lines, entry{row.ID, row.UserID, []byte(row.Line)})
	}
	deleted, err = r.s.o.DB.DeletedChatLines(ctx, r.channelID, from, history)
	return lines, complete, deleted, err
}

// hello is what somebody hears first. The lock is held.
func (r *Room) hello(st *standing, poll *PollNow) Hello {
	h := Hello{
		Type: "hello", Channel: r.channel.Name, MaySpeak: st.why == "", Why: st.why, Reason: st.reason, Until: millis(st.until), Mode: r.settings.mode(),
		MaxLength: r.settings.MaxLength, Rules: r.settings.Rules, Pin: r.pin, Poll: poll,
		Emotes: r.emotesAddress(), Reactions: Reactions(), Live: r.live.now(),
	}
	if h.Pin == nil {
		h.Pin = json.RawMessage("null")
	}
	if st.person.ID != "" {
		h.You = &You{Person: st.person, Role: st.role}
	}
	if r.s.o.Viewers != nil {
		n := r.s.o.Viewers(r.channelID)
		h.Viewers = &n
	}
	return h
}

// YouEvent tells somebody of a change of what it may do.
type YouEvent struct {
	Type     string `json:"type" enum:"you"`
	You      *You   `json:"you" doc:"Null: the sign-in is over."`
	MaySpeak bool   `json:"maySpeak"`
	Why      string `json:"why" enum:",signin,banned,timeout,followers,members,closed"`
	Reason   string `json:"reason,omitempty"`
	Until    int64  `json:"until"`
}

// tellYou tells a connection what it may do now.
func (r *Room) tellYou(c *conn) {
	ctx, cancel := context.WithTimeout(r.s.ctx, 10*time.Second)
	defer cancel()
	st, err := r.standing(ctx, c.actor())
	if err != nil {
		r.s.log.Warn("what somebody may do in a chat cannot be read", "error", err)
		return
	}
	r.mu.Lock()
	c.moderates, c.maySpeak, c.why = st.moderates(), st.why == "", st.why
	r.mu.Unlock()
	e := YouEvent{Type: "you", MaySpeak: st.why == "", Why: st.why, Reason: st.reason, Until: millis(st.until)}
	if st.person.ID != "" {
		e.You = &You{Person: st.person, Role: st.role}
	}
	c.push(frame(encode(e)))
}

// History is the event with lines that were said before.
type History struct {
	Type     string `json:"type" enum:"history"`
	Lines    []Line `json:"lines" nullable:"false" doc:"Oldest first."`
	Complete bool   `json:"complete" doc:"False: more than 1,000 were missed."`
}

// Deleted is the event of lines that are gone.
type Deleted struct {
	Type   string   `json:"type" enum:"delete"`
	IDs    []string `json:"ids,omitempty"`
	UserID string   `json:"userId,omitempty" doc:"All lines of this user up to before; without it and without ids all lines."`
	Before int64    `json:"before,omitempty"`
}

func millis(t time.Time) int64 {
	if t.IsZero() {
		return 0
	}
	return t.UnixMilli()
}

// Over says which socket the connection is, TLS or not.
func (in *Connection) Over(c net.Conn) {
	in.Net = c
	under := c
	if wrapped, ok := c.(interface{ NetConn() net.Conn }); ok {
		under, in.Below = wrapped.NetConn(), true
	}
	if o, ok := under.(interface{ Outlet() *Outlet }); ok {
		in.Outlet = o.Outlet() // through which all that is written goes from now on
	} else if !in.Below {
		in.Outlet = NewOutlet(c)
	}
}
