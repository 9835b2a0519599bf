package hook

import (
	"context"
	"net/netip"
	"net/url"
	"slices"
	"sync"
	"time"

	"github.com/rostrumlive/rostrum/internal/live"
)

// Viewer is a player that asks to watch what a channel has on air.
type Viewer struct {
	ID      string // of the viewing: random, and no secret
	Channel string // its public name
	Address netip.Addr
	Args    string // the query of what it asks for
	Agent   string
	Page    string
	URL     string // the address that it asks for, without its query
}

// Play is a player that was let in. It ends when it has not been Extended for
// Options.Lapse, by End, or when the back-end or an operator asks for that.
type Play struct {
	ID string // the viewing's

	of     *Service
	client client
	body   bool // one that goes on by itself, until End
	out    chan struct{}
	once   sync.Once

	// Guarded by of.mu:
	used    time.Time
	updated time.Time
	asking  bool
	missed  int
	why     *live.Refusal // it may not go on
	over    bool          // its end was told
}

// AsksPlayers reports whether the back-end is asked or told of players.
func (s *Service) AsksPlayers() bool {
	n, r := s.o.Nginx, s.o.SRS
	return n.OnPlay != "" || n.OnPlayDone != "" || r.OnPlay != "" || r.OnStop != ""
}

// Play asks whether a player may watch; body says that it is answered by one
// body for as long as it does. The error is a *live.Refusal, or ctx's own.
func (s *Service) Play(ctx context.Context, v Viewer, body bool) (*Play, error) {
	query, _ := url.ParseQuery(v.Args) // what can be read of it
	c := client{
		id: s.clients.Add(1), addr: ip(v.Address), app: "live", name: v.Channel, query: query, args: v.Args,
		spoken: live.Spoken{Address: v.URL, Page: v.Page}, flashver: v.Agent, began: time.Now(), stream: v.Channel,
	}
	if err := s.mayPlay(ctx, c); err != nil {
		return nil, err
	}
	p := &Play{ID: v.ID, of: s, client: c, body: body, out: make(chan struct{}), used: c.began, updated: c.began}
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.closed || len(s.plays) >= s.o.MaxPlays {
		p.over = true // it watches, and nobody is told of its end
		return p, nil
	}
	s.plays[p.ID] = p
	return p, nil
}

func (s *Service) mayPlay(ctx context.Context, c client) error {
	type question struct {
		message
		allowed func(answer) bool
	}
	for _, q := range []question{
		{c.playForm(s.o.Nginx.OnPlay), func(a answer) bool { v := nginxVerdict(a); return v.allowed && v.name == "" && !v.relay }},
		{s.srsMessage(c, actionPlay, s.o.SRS.OnPlay), srsAllows},
	} {
		if q.url == "" {
			continue
		}
		a, err := s.ask(ctx, q.message)
		switch {
		case err == nil && !q.allowed(a):
			return refusal("hook_refused", "The site's back-end does not let you watch this.")
		case err == nil:
		case ctx.Err() != nil:
			return ctx.Err()
		default:
			s.grave("the back-end does not say who may watch", err)
			if !s.o.FailOpen {
				return refusal("hook_unanswered", "The site's back-end, which says who may watch, does not answer.")
			}
		}
	}
	return nil
}

// Knows reports whether the player of that id was let in, and has not ended.
func (s *Service) Knows(id string) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.plays[id] != nil
}

// Extend notes that the player of that id goes on, and returns why it may not.
// Who is not known goes on: another run of the server let it in.
func (s *Service) Extend(id string) *live.Refusal {
	s.mu.Lock()
	defer s.mu.Unlock()
	p := s.plays[id]
	if p == nil {
		return nil
	}
	if p.why == nil {
		p.used = time.Now()
	}
	return p.why
}

// Out is closed when the player must go.
func (p *Play) Out() <-chan struct{} { return p.out }

// End is told that the player has gone. Only the first call counts.
func (p *Play) End() {
	p.of.mu.Lock()
	delete(p.of.plays, p.ID)
	p.of.mu.Unlock()
	p.finish()
}

// finish tells of its end, once.
func (p *Play) finish() {
	s := p.of
	s.mu.Lock()
	told := p.over
	p.over = true
	s.mu.Unlock()
	if told {
		return
	}
	s.tell(p.client.form(s.o.Nginx.OnPlayDone, callPlayDone))
	s.tell(s.srsMessage(p.client, actionStop, s.o.SRS.OnStop))
}

// sendAway has a player end, and answers it no more for a while.
func (p *Play) sendAway(why *live.Refusal) {
	p.of.mu.Lock()
	p.why, p.used = why, time.Now()
	p.of.mu.Unlock()
	p.once.Do(func() { close(p.out) })
	p.finish()
}

// DropPlayers sends the players of a channel away that come from an address, or
// all of them when it is empty, and returns how many.
func (s *Service) DropPlayers(channel, addr string) int {
	var list []*Play
	for _, p := range s.players(channel) {
		if addr == "" || p.client.addr == addr {
			list = append(list, p)
		}
	}
	for _, p := range list {
		p.sendAway(refusal("dropped", "An operator ended this viewing."))
	}
	return len(list)
}

// Player is one that watches, for an operator.
type Player struct {
	ID      int64
	Address string
	Agent   string
	Page    string
	Since   time.Time
}

// Players lists those of a channel, the first that came first.
func (s *Service) Players(channel string) []Player {
	var list []Player
	for _, p := range s.players(channel) {
		c := p.client
		list = append(list, Player{c.id, c.addr, c.flashver, c.spoken.Page, c.began})
	}
	slices.SortFunc(list, func(a, b Player) int { return int(a.ID - b.ID) })
	return list
}

// players are those of a channel that go on.
func (s *Service) players(channel string) (list []*Play) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, p := range s.plays {
		if p.client.stream == channel && p.why == nil {
			list = append(list, p)
		}
	}
	return list
}

// tend ends players that have gone without a word, and asks on_update of the
// others.
func (s *Service) tend() {
	ticker := time.NewTicker(max(min(s.o.Lapse, s.o.Update)/8, time.Millisecond))
	defer ticker.Stop()
	for {
		select {
		case <-ticker.C:
		case <-s.ctx.Done():
			return
		}
		lapsed, due := s.look(time.Now())
		for _, p := range lapsed {
			p.finish()
		}
		for _, p := range due {
			s.renew(p)
		}
	}
}

// look takes players that have lapsed out, and lists those to ask for.
func (s *Service) look(now time.Time) (lapsed, due []*Play) {
	asks := s.o.Nginx.OnUpdate != "" && s.o.Nginx.OnPlay != ""
	s.mu.Lock()
	defer s.mu.Unlock()
	for id, p := range s.plays {
		switch {
		case (!p.body || p.why != nil) && now.Sub(p.used) > s.o.Lapse:
			delete(s.plays, id)
			lapsed = append(lapsed, p)
		case asks && p.why == nil && !p.asking && now.Sub(p.updated) >= s.o.Update:
			p.asking = true
			due = append(due, p)
		}
	}
	return lapsed, due
}

// renew asks on_update of a player, without waiting; where too many
// are being asked for, an interval later.
func (s *Service) renew(p *Play) {
	select {
	case s.looks <- struct{}{}:
	default:
		s.asked(p, 0)
		return
	}
	s.spawn(func() {
		defer func() { <-s.looks }()
		s.mu.Lock()
		missed := p.missed
		s.mu.Unlock()
		why := s.update(p.client, &missed)
		s.asked(p, missed)
		if why != nil {
			p.sendAway(why)
		}
	})
}

func (s *Service) asked(p *Play, missed int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	p.asking, p.missed, p.updated = false, missed, time.Now()
}
