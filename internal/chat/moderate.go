package chat

import (
	"context"
	"strings"
	"time"

	"github.com/rostrumlive/rostrum/internal/account"
	"github.com/rostrumlive/rostrum/internal/store"
)

// Moderator does what a moderator of one chat may do. What it does is logged,
// and told to all who are concerned, on all nodes.
type Moderator struct {
	r     *Room
	actor account.Actor
	place account.Place
}

// Errors of moderation.
var (
	ErrUnknownLine        = &account.Error{Code: "unknown_line", Reason: "there is no such line, or it was deleted"}
	ErrUnknownRestriction = &account.Error{Code: "unknown_restriction", Reason: "this person may speak already"}
	ErrTooHigh            = &account.Error{Code: "forbidden", Reason: "you may do this only to people with a lower place in the channel"}
	ErrBadTime            = &account.Error{Code: "bad_time", Reason: "this takes from one second to 365 days"}
	ErrBadReason          = &account.Error{Code: "bad_reason", Reason: "a reason has at most 300 characters that can be shown"}
	ErrBadPin             = &account.Error{Code: "bad_pin", Reason: "what is pinned is a line that stands, or a text that may be said"}
	ErrBadAppeal          = &account.Error{Code: "bad_appeal", Reason: "an appeal has 1 to 1,000 characters that can be shown"}
	ErrAppealed           = &account.Error{Code: "appealed", Reason: "there is nothing that you may not do, or you have said something to it already"}
)

const (
	longest    = 365 * 24 * time.Hour
	mostReason = 300
	mostAppeal = 1000
)

// moderate has f act as a moderator of a channel, with the place that it takes.
func (s *Service) moderate(ctx context.Context, a account.Actor, channel string, f func(Moderator) error) error {
	c, err := s.o.Accounts.Channel(ctx, channel)
	if err != nil {
		return err
	}
	r, err := s.hold(ctx, c.ID)
	if err != nil {
		return err
	}
	defer s.release(r)
	m, err := r.moderator(ctx, a)
	if err != nil {
		return err
	}
	return f(m)
}

// As has f act as a moderator of the channel with that name. It fails as
// account.Service.Require does where the actor is none.
func (s *Service) As(ctx context.Context, a account.Actor, channel string, f func(Moderator) error) error {
	return s.moderate(ctx, a, channel, f)
}

func (r *Room) moderator(ctx context.Context, a account.Actor) (Moderator, error) {
	a, err := r.s.o.Accounts.Refreshed(ctx, a)
	if err != nil {
		return Moderator{}, err
	}
	c := account.Channel{ID: r.channelID}
	if err := r.s.o.Accounts.Require(ctx, a, c, account.PlaceModerator, account.ScopeModerate); err != nil {
		return Moderator{}, err
	}
	place, err := r.s.o.Accounts.PlaceOf(ctx, a, c)
	return Moderator{r, a, place}, err
}

// target returns the user of a name, whom the moderator may act upon.
func (m Moderator) target(ctx context.Context, name string) (account.User, error) {
	u, err := m.r.s.o.Accounts.UserNamed(ctx, strings.TrimPrefix(name, "@"))
	if err != nil {
		return u, err
	}
	place, err := m.r.s.o.Accounts.PlaceOf(ctx, account.Actor{User: u}, account.Channel{ID: m.r.channelID})
	if err != nil {
		return u, err
	}
	admin := account.Role(m.actor.User.Role) == account.RoleAdmin && account.Role(u.Role) != account.RoleAdmin
	if place.AtLeast(account.PlaceModerator) && place.AtLeast(m.place) && !admin || u.ID == m.actor.User.ID {
		return u, ErrTooHigh
	}
	return u, nil
}

// act writes rows and the log of it, in one transaction, and tells moderators.
func (m Moderator) act(ctx context.Context, act string, u account.User, details string, change func(*store.Tx) error) error {
	s := m.r.s
	row := store.ChatAct{
		ID: s.o.DB.NewID(), ChannelID: m.r.channelID, At: s.o.now(), UserID: m.actor.User.ID, Actor: m.name(), Act: act, TargetID: u.ID, Target: u.Name, Details: details,
	}
	err := s.o.DB.Write(ctx, func(tx *store.Tx) error {
		if err := change(tx); err != nil {
			return err
		}
		if err := tx.InsertChatAct(ctx, row); err != nil {
			return err
		}
		m.r.mu.Lock()
		c := m.r.channel
		m.r.mu.Unlock()
		about := details
		if u.Name != "" {
			about = strings.TrimSpace(u.Name + " " + details)
		}
		return s.o.Accounts.NoteModeration(ctx, tx, m.actor, c, "chat."+act, about)
	})
	if err != nil {
		return err
	}
	s.say(m.r.channelID, envelope{Kind: kindModerators, Event: encode(LogEvent{Type: "log", Entry: EntryOf(row)})})
	return nil
}

func (m Moderator) name() string {
	if m.actor.User.Name == "" {
		return "command line"
	}
	return m.actor.User.Name
}

// Entry is something that a moderator did.
type Entry struct {
	ID      string `json:"id"`
	At      int64  `json:"at" doc:"Milliseconds since 1970."`
	Actor   string `json:"actor"`
	Act     string `json:"act" doc:"Short and stable, such as ban."`
	Target  string `json:"target" doc:"The name of the person that it was about; empty: of nobody."`
	Details string `json:"details"`
}

// LogEvent tells moderators of it.
type LogEvent struct {
	Type string `json:"type" enum:"log"`
	Entry
}

// EntryOf is a row of the log.
func EntryOf(a store.ChatAct) Entry {
	return Entry{ID: a.ID, At: millis(a.At), Actor: a.Actor, Act: a.Act, Target: a.Target, Details: a.Details}
}

// Log lists what was done, newest first.
func (m Moderator) Log(ctx context.Context, cursor string, limit int) (as []store.ChatAct, next string, err error) {
	as, err = m.r.s.o.DB.ChatActs(ctx, m.r.channelID, cursor, limit+1)
	if err != nil || len(as) <= limit {
		return as, "", err
	}
	return as[:limit], as[limit-1].ID, nil
}
