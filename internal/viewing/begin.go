package viewing

import (
	"context"
	"net/netip"
	"time"
)

// Asker is who asks for a viewing.
type Asker struct {
	Address  netip.Addr // wrong passwords are counted by it
	Password string     // empty: none was given
	Session  string     // the id of the session or API token that says who asks; empty: nobody is known
}

// Beginning is a viewing that was made.
type Beginning struct {
	Token string // empty: anyone may watch, and needs none
	// FirstUse is until when it must be used, or it lapses; zero without a token.
	FirstUse time.Time
}

// BeginLive makes a viewing of everything on the channel of what is on air, for
// whoever may watch that. The error is ErrUnknown, ErrNoPassword,
// ErrWrongPassword, ErrMembers, ErrTakenDown, ErrUnavailable or a *BusyError.
func (s *Service) BeginLive(ctx context.Context, onAir What, asker Asker) (Beginning, error) {
	return s.begin(ctx, onAir, asker, Grant{})
}

// BeginRecording makes a viewing of one broadcast, recorded. It fails as
// BeginLive does.
func (s *Service) BeginRecording(ctx context.Context, broadcast string, asker Asker) (Beginning, error) {
	id, ok := pack(broadcast)
	if !ok {
		return Beginning{}, ErrUnknown
	}
	return s.begin(ctx, What{Broadcast: broadcast}, asker, Grant{recorded: true, of: id})
}

func (s *Service) begin(ctx context.Context, what What, asker Asker, g Grant) (Beginning, error) {
	r, err := s.rule(ctx, what)
	switch {
	case err != nil:
		return Beginning{}, err
	case r == nil:
		return Beginning{}, ErrUnknown
	case r.need == needNothing:
		return Beginning{}, nil
	}
	now := time.Now()
	g.id, g.run, g.issued = random(), s.run, now.Unix()
	if !g.recorded {
		g.of = r.channel
	}
	v := &viewing{recorded: g.recorded}
	if err := s.prove(ctx, &g, v, r, asker); err != nil {
		return Beginning{}, err
	}
	v.used.Store(int64(s.clock()))
	s.viewings.add(g.id, v, s.clock())
	return Beginning{Token: s.signer.token(g), FirstUse: now.Add(s.o.FirstUse)}, nil
}

// prove notes by what right a viewing begins.
func (s *Service) prove(ctx context.Context, g *Grant, v *viewing, r *rule, asker Asker) error {
	if session, ok := pack(asker.Session); ok {
		place, err := s.o.Accounts.PlaceOfSession(ctx, asker.Session, r.channel.String())
		if err != nil {
			s.tell("what a viewer may watch cannot be read", err)
			return ErrUnavailable
		}
		if r.need.met(place) {
			g.signedIn, g.session = true, session
			s.confirm(v, place)
			return nil
		}
	}
	switch {
	case r.need == needMembership:
		return ErrMembers
	case asker.Password == "":
		return ErrNoPassword
	}
	g.password = r.password
	return s.checkPassword(ctx, r, asker)
}
