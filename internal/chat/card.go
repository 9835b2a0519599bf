package chat

import (
	"context"
	"errors"
	"strings"

	"github.com/rostrumlive/rostrum/internal/account"
	"github.com/rostrumlive/rostrum/internal/store"
)

// Card is what a moderator sees of a person.
type Card struct {
	User        account.User
	Person      Person
	Role        string
	Lines       []store.ChatLine // newest first, also those that were deleted
	Restriction *store.Restriction
	Blocked     bool // by the channel, from following and speaking
	Log         []store.ChatAct
}

const cardLines = 50

// Card tells of a person.
func (m Moderator) Card(ctx context.Context, name string) (c Card, err error) {
	s := m.r.s
	if c.User, err = s.o.Accounts.UserNamed(ctx, strings.TrimPrefix(name, "@")); err != nil {
		return c, err
	}
	own, err := s.o.DB.RoleInChannel(ctx, m.r.channelID, c.User.ID)
	if err != nil && !errors.Is(err, store.ErrNotFound) {
		return c, err
	}
	c.Person = Person{ID: c.User.ID, Name: c.User.Name, DisplayName: c.User.DisplayName}
	c.Role, c.Person.Badges = badges(c.User, account.Place(own))
	if c.Person.Color, err = s.o.DB.ChatColor(ctx, c.User.ID); err != nil {
		return c, err
	}
	if c.Lines, err = s.o.DB.ChatLinesOfUser(ctx, m.r.channelID, c.User.ID, cardLines); err != nil {
		return c, err
	}
	x, err := s.o.DB.Restriction(ctx, m.r.channelID, c.User.ID)
	if err == nil && (x.Until.IsZero() || x.Until.After(s.o.now())) {
		c.Restriction = &x
	} else if err != nil && !errors.Is(err, store.ErrNotFound) {
		return c, err
	}
	if s.o.Blocked != nil {
		if c.Blocked, err = s.o.Blocked(ctx, m.r.channelID, c.User.ID); err != nil {
			return c, err
		}
	}
	c.Log, err = s.o.DB.ChatActsOn(ctx, m.r.channelID, c.User.ID, cardLines)
	return c, err
}
