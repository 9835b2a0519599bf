package viewing

import (
	"context"
	"errors"
	"time"

	"github.com/rostrumlive/rostrum/internal/account"
)

// What is something to watch. The first of these counts that is there: so a
// broadcast that has only just begun is watched as its channel is.
type What struct {
	Broadcast string // its id
	Channel   string // its id
	Name      string // the channel's, folded
	Clip      string // the id of a clip of the broadcast, where that is watched; it may be down alone
}

// Use is what a request is for.
type Use uint8

// The uses.
const (
	Media    Use = iota // a piece of media, or what goes with it
	Playlist            // a playlist or an MPD, which players ask for while they watch
	Body                // a body that is watched for as long as it goes on
)

// trust is how long a viewing goes on when the database does not say whether it
// still may.
const trust = time.Minute

// rule returns the rule of what is to be watched, nil when there is no such
// thing. Whoever wants to watch comes past here, so that nothing is shown that
// was taken down: that is ErrTakenDown.
func (s *Service) rule(ctx context.Context, what What) (*rule, error) {
	if what.Clip != "" {
		if _, err := s.rule(ctx, What{Broadcast: what.Clip}); err != nil {
			return nil, err
		}
	}
	for _, k := range [...]ruleKey{{byBroadcast, what.Broadcast}, {byChannel, what.Channel}, {byName, what.Name}} {
		if k.text == "" || k.kind != byName && len(k.text) != idLength {
			continue
		}
		r, err := s.rules.of(ctx, k)
		if err != nil {
			s.tell("who may watch cannot be read", err)
			return nil, ErrUnavailable
		}
		if r != nil && r.down {
			return nil, ErrTakenDown
		}
		if r != nil {
			return r, nil
		}
	}
	return nil, nil //nolint:nilnil // there is no such thing
}

// Open reports whether anyone may watch it, who needs no viewing; what does not
// exist is open. The error is ErrTakenDown or ErrUnavailable. It allocates nothing for what was
// asked for lately.
func (s *Service) Open(ctx context.Context, what What) (bool, error) {
	r, err := s.rule(ctx, what)
	return r == nil || r.need == needNothing, err
}

// Withheld reports whether a segment of a broadcast was kept for clips alone that
// were all taken down, while others of its clips, or its recording, are up. It is
// asked beside Open; number tells the segment's, and is called where that matters
// alone.
func (s *Service) Withheld(ctx context.Context, broadcast string, number func() (int64, bool)) bool {
	r, err := s.rule(ctx, What{Broadcast: broadcast})
	if err != nil || r == nil || r.shown == nil {
		return false // Open has said what follows from an error
	}
	n, ok := number()
	return ok && !r.shown.Has(n)
}

// Visibility is that of something at the moment. The error is ErrUnknown,
// ErrTakenDown or ErrUnavailable.
func (s *Service) Visibility(ctx context.Context, what What) (account.Visibility, error) {
	r, err := s.rule(ctx, what)
	switch {
	case err != nil:
		return account.Members, err
	case r == nil:
		return account.Members, ErrUnknown
	}
	return r.visibility, nil
}

// Read returns what a token says, and whether we signed it. It takes the same
// time for all that we did not.
func (s *Service) Read(token string) (Grant, bool) { return s.signer.read(token) }

// Stay is the answer to one request of a viewing.
type Stay struct {
	of     *Service
	grant  Grant
	what   What
	use    Use
	ctx    context.Context
	cancel context.CancelCauseFunc
}

// Admit lets a request of a viewing watch, and extends the viewing where the
// use does that. The error is ErrForbidden when it was not made for what is
// asked for, ErrLapsed, ErrRevoked, ErrTakenDown or ErrUnavailable. The caller ends the Stay.
func (s *Service) Admit(ctx context.Context, g Grant, what What, use Use) (*Stay, error) {
	if err := s.may(ctx, g, what, use); err != nil {
		return nil, err
	}
	h := &Stay{of: s, grant: g, what: what, use: use}
	h.ctx, h.cancel = context.WithCancelCause(ctx)
	s.viewings.hold(h)
	return h, nil
}

// Watch holds the answer to one long request for what anyone may watch: it ends
// when that is so no longer. The caller ends the Stay.
func (s *Service) Watch(ctx context.Context, what What) *Stay {
	h := &Stay{of: s, grant: Grant{id: random()}, what: what, use: Body}
	h.ctx, h.cancel = context.WithCancelCause(ctx)
	s.viewings.hold(h)
	return h
}

// Context ends when the viewing may go on no longer, which is noticed within
// Options.Ask: the cause is ErrForbidden, ErrRevoked, ErrLapsed or ErrTakenDown
// then.
func (h *Stay) Context() context.Context { return h.ctx }

// Refused returns why the viewing may not go on, nil while it may.
func (h *Stay) Refused() error {
	if h.ctx.Err() == nil {
		return nil
	}
	cause := context.Cause(h.ctx)
	for _, err := range []error{ErrRevoked, ErrLapsed, ErrForbidden, ErrTakenDown} {
		if errors.Is(cause, err) {
			return err
		}
	}
	return nil // the client has gone
}

// End is called when the request is answered.
func (h *Stay) End() {
	if h.use == Body && h.ctx.Err() == nil {
		h.of.extend(h.grant)
	}
	h.of.viewings.release(h)
	h.cancel(nil)
}

// extend notes that a viewing went on until now.
func (s *Service) extend(g Grant) {
	if v := s.viewings.find(g.id); v != nil {
		s.viewings.extend(v, s.clock())
	}
}

// may reports whether a viewing may watch now.
func (s *Service) may(ctx context.Context, g Grant, what What, use Use) error {
	r, err := s.rule(ctx, what)
	if err != nil {
		return err
	}
	if r == nil || r.need == needNothing {
		return nil
	}
	if !g.covers(r, what) {
		return ErrForbidden
	}
	v, err := s.known(g)
	if err != nil {
		return err
	}
	if err := s.entitled(ctx, g, v, r); err != nil {
		return err
	}
	if use != Media || v.recorded {
		s.viewings.extend(v, s.clock())
	}
	return nil
}

// covers reports whether the viewing was made for this.
func (g Grant) covers(r *rule, what What) bool {
	if !g.recorded {
		return g.of == r.channel
	}
	id, ok := pack(what.Broadcast)
	return ok && g.of == id
}

// known returns the viewing of a grant, which has not lapsed. One that this
// process did not make is taken up, once, so that a restart throws nobody out;
// whether it has the right is asked for before it is shown anything.
func (s *Service) known(g Grant) (*viewing, error) {
	now := s.clock()
	v := s.viewings.find(g.id)
	if v == nil {
		age := time.Since(g.madeAt())
		if g.run == s.run || age > tokenLife {
			return nil, ErrLapsed
		}
		v = &viewing{recorded: g.recorded, foreign: true, until: now + tokenLife - age}
		v.stage.Store(begun)
		v.used.Store(int64(now))
		v = s.viewings.add(g.id, v, now)
	}
	if s.viewings.lapsed(v, now) {
		if v.stage.Load() == ended {
			return nil, ErrRevoked
		}
		return nil, ErrLapsed
	}
	return v, nil
}

// entitled reports whether what opened a viewing opens this now.
func (s *Service) entitled(ctx context.Context, g Grant, v *viewing, r *rule) error {
	if !g.signedIn {
		if r.need == needPassword && g.password == r.password && r.password != (mark{}) {
			return nil
		}
		return ErrRevoked
	}
	place, err := s.placeOf(ctx, g, v, r)
	if err != nil {
		return err
	}
	if !r.need.met(place) {
		return ErrRevoked
	}
	return nil
}

// placeOf returns what place the viewing's person has in the channel, and asks
// again when that was a while ago: one request does, the others go on. Who has
// none any more has lost the viewing.
func (s *Service) placeOf(ctx context.Context, g Grant, v *viewing, r *rule) (account.Place, error) {
	now, asked := s.clock(), time.Duration(v.asked.Load())
	trusted := asked > 0 && now < asked+trust
	switch {
	case asked > 0 && now < asked+s.o.Ask:
		return *v.place.Load(), nil
	case int64(now) < s.troubled.Load() || trusted && !v.asking.CompareAndSwap(false, true):
		if trusted {
			return *v.place.Load(), nil
		}
		return account.PlaceNone, ErrUnavailable
	}
	defer v.asking.Store(false)
	ctx, cancel := patient(ctx)
	defer cancel()
	place, err := s.o.Accounts.PlaceOfSession(ctx, g.session.String(), r.channel.String())
	if err != nil {
		s.tell("whether viewings may go on cannot be read", err)
		s.troubled.Store(int64(s.clock() + retryAfter)) // nobody else waits for it meanwhile
		if trusted {
			return *v.place.Load(), nil
		}
		return account.PlaceNone, ErrUnavailable
	}
	if place == account.PlaceNone {
		v.stage.Store(ended)
	}
	s.confirm(v, place)
	return place, nil
}

// confirm notes what place the viewing's person has now.
func (s *Service) confirm(v *viewing, p account.Place) {
	v.place.Store(&p)
	v.asked.Store(int64(s.clock()))
}

// tend looks after requests that take long: their viewings go on with them, and
// they end when their viewings may not.
func (s *Service) tend() {
	tick := time.NewTicker(max(s.o.Ask/4, time.Millisecond))
	defer tick.Stop()
	var list []*Stay
	for {
		select {
		case <-tick.C:
		case <-s.ctx.Done():
			return
		}
		for i := range s.viewings.shards {
			list = s.viewings.shards[i].held(list[:0])
			for _, h := range list {
				use := h.use
				if use == Playlist {
					use = Media // it was counted when it came
				}
				if err := s.may(s.ctx, h.grant, h.what, use); err != nil && !errors.Is(err, ErrUnavailable) {
					h.cancel(err)
				}
			}
			clear(list)
		}
	}
}
