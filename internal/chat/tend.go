package chat

import (
	"context"
	"encoding/json"
	"slices"
	"time"

	"github.com/rostrumlive/rostrum/internal/account"
	"github.com/rostrumlive/rostrum/internal/store"
)

// Reactions are those that there are.
func Reactions() []string {
	return []string{"❤️", "👍", "😂", "😮", "😢", "👏", "🔥", "🎉"}
}

// EmoteEvent tells everybody of the reactions of the last second, summed.
type EmoteEvent struct {
	Type   string         `json:"type" enum:"emote"`
	Counts map[string]int `json:"counts"`
}

// SubEvent tells everybody that somebody began to follow the channel.
type SubEvent struct {
	Type        string `json:"type" enum:"sub"`
	Name        string `json:"name"`
	DisplayName string `json:"displayName"`
	More        int    `json:"more,omitempty" doc:"How many others in the same second."`
}

// ViewersEvent tells everybody how many watch.
type ViewersEvent struct {
	Type  string `json:"type" enum:"viewers"`
	Count int    `json:"count"`
}

// LiveEvent tells everybody that a broadcast begins, was interrupted, goes on or
// is over.
type LiveEvent struct {
	Type        string `json:"type" enum:"live"`
	State       string `json:"state" enum:"live,interrupted,ended"`
	BroadcastID string `json:"broadcastId"`
	At          int64  `json:"at" doc:"Milliseconds since 1970: when it began, or when it was seen to be so."`
}

// liveState is what a room knows of what is on air.
type liveState struct {
	id          string // empty: nothing is
	at          time.Time
	interrupted bool
}

func (l liveState) now() *LiveNow {
	if l.id == "" {
		return nil
	}
	return &LiveNow{BroadcastID: l.id, At: millis(l.at)}
}

// liveOf asks for what a channel has on air: what this node knows, or else the
// rows, which another may have written.
func (s *Service) liveOf(ctx context.Context, channelID string) liveState {
	if s.o.OnAir != nil {
		if on, ok := s.o.OnAir(channelID); ok {
			return liveState{on.BroadcastID, on.At, on.Interrupted}
		}
	}
	row, err := s.o.DB.OnAirOfChannel(ctx, channelID)
	if err != nil {
		return liveState{}
	}
	return liveState{row.ID, row.StartedAt, row.State == store.StateInterrupted}
}

const (
	// reactBurst and reactEvery bound what one connection may react.
	reactEvery = 200 * time.Millisecond
	// viewersEvery is how often everybody is told how many watch, in ticks.
	viewersEvery = 5
)

// react counts a reaction. It is told with all others, each second.
func (r *Room) react(ctx context.Context, c *conn, emote string) error {
	st, err := r.standing(ctx, c.actor())
	if err != nil {
		return err
	}
	if err := mayTakePart(c.actor(), st); err != nil {
		return err
	}
	if !slices.Contains(Reactions(), emote) {
		return &Refusal{Code: CodeUnknown, Text: "There is no such reaction."}
	}
	now := r.s.o.now()
	r.mu.Lock()
	last := r.said["react/"+st.person.ID]
	if now.Sub(last.at) < reactEvery {
		r.mu.Unlock()
		return nil // one finger is one finger
	}
	r.said["react/"+st.person.ID] = spoken{at: now}
	r.mu.Unlock()
	r.s.say(r.channelID, envelope{Kind: kindReact, Counts: map[string]int{emote: 1}})
	return nil
}

// Followed tells the chat of a channel that somebody began to follow it.
func (s *Service) Followed(channelID string, u account.User) {
	s.say(channelID, envelope{Kind: kindFollow, Event: encode(SubEvent{Type: "sub", Name: u.Name, DisplayName: u.DisplayName})})
}

// tend looks after what goes by time, each tick.
func (s *Service) tend() {
	ticker := time.NewTicker(s.o.pace.tick)
	defer ticker.Stop()
	for {
		select {
		case <-ticker.C:
		case <-s.ctx.Done():
			return
		}
		n := s.wheel.Add(1)
		now := time.Now()
		live, known := s.liveNow()
		spokes := max(1, int64(s.o.pace.ping/s.o.pace.tick))
		for _, r := range s.all() {
			r.tick(n, now, spokes)
			if known {
				r.tickLive(live[r.channelID])
			}
		}
		s.tendBus(now)
		s.rates.forget()
		s.forget()
	}
}

// tick tells what came together since the last one, and sends pings, to a part of
// the connections each time.
func (r *Room) tick(n int64, now time.Time, spokes int64) {
	ctx, cancel := context.WithTimeout(r.s.ctx, 10*time.Second)
	defer cancel()
	r.tickPoll(ctx)
	r.mu.Lock()
	if len(r.reactions) > 0 {
		r.append(encode(EmoteEvent{"emote", r.reactions}))
		r.reactions = map[string]int{}
	}
	if k := len(r.followed); k > 0 {
		r.append([]byte(withMore(r.followed[0], k-1)))
		r.followed = nil
	}
	if r.s.o.Viewers != nil && n%viewersEvery == 0 && len(r.conns) > 0 {
		if v := r.s.o.Viewers(r.channelID); v != r.viewers {
			r.viewers = v
			r.append(encode(ViewersEvent{"viewers", v}))
		}
	}
	keep := max(duplicateTime, r.settings.Slow)
	if n%30 == 0 {
		for id, last := range r.said {
			if r.s.o.now().Sub(last.at) > keep {
				delete(r.said, id)
			}
		}
	}
	conns := slices.Clone(r.conns)
	r.mu.Unlock()
	r.flushIfDue()
	for i, c := range conns {
		c.late(now, r.s.o.pace.slow)
		if int64(i)%spokes == n%spokes {
			c.push(pingFrame)
		}
	}
	if r.sub != nil && r.sub.Missed() != r.missedBefore {
		r.missedBefore = r.sub.Missed()
		r.s.log.Warn("a chat was too fast for this node; what was missed is read", "channel", r.channelID)
		r.behind.Store(1)
	}
}

func withMore(event string, more int) string {
	if more == 0 {
		return event
	}
	var e SubEvent
	if json.Unmarshal([]byte(event), &e) != nil {
		return event
	}
	e.More = more
	return string(encode(e))
}

// liveNow is what all channels have on air: by the rows, and where this node
// knows better, by that. It reports false when the rows cannot be read.
func (s *Service) liveNow() (map[string]liveState, bool) {
	live := map[string]liveState{}
	if s.Rooms() == 0 {
		return live, true
	}
	ctx, cancel := context.WithTimeout(s.ctx, 10*time.Second)
	defer cancel()
	const page = 500
	for before := ""; ; {
		rows, err := s.o.DB.LiveBroadcasts(ctx, before, page)
		if err != nil {
			return nil, false
		}
		for _, row := range rows {
			if _, newer := live[row.ChannelID]; !newer {
				live[row.ChannelID] = liveState{row.ID, row.StartedAt, row.State == store.StateInterrupted}
			}
		}
		if len(rows) < page {
			return live, true
		}
		before = rows[page-1].ID
	}
}

// tickLive tells everybody of what begins and ends on air.
func (r *Room) tickLive(now liveState) {
	r.mu.Lock()
	before := r.live
	if now == before || r.ended {
		r.mu.Unlock()
		return
	}
	e := LiveEvent{Type: "live", State: "live", BroadcastID: now.id, At: millis(now.at)}
	switch {
	case now.id == "":
		e = LiveEvent{Type: "live", State: "ended", BroadcastID: before.id, At: millis(r.s.o.now())}
	case now.interrupted:
		e.State, e.At = "interrupted", millis(r.s.o.now())
	}
	r.live = now
	r.append(encode(e))
	r.mu.Unlock()
	r.flushIfDue()
}
