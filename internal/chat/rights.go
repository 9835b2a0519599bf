package chat

import (
	"context"
	"errors"
	"time"

	"github.com/rostrumlive/rostrum/internal/account"
	"github.com/rostrumlive/rostrum/internal/store"
)

// Asker is who is at a connection, or asks for something.
type Asker struct {
	Actor account.Actor
	// Viewing is the token of a viewing, by which a channel with a password may
	// be read; empty: none.
	Viewing string
}

// Why somebody may not speak.
const (
	whySignIn    = "signin"
	whyBanned    = "banned"
	whyTimeout   = "timeout"
	whyFollowers = "followers"
	whyMembers   = "members"
	whyClosed    = "closed"
)

// Roles in a chat.
const (
	roleViewer    = "viewer"
	roleMember    = "member"
	roleModerator = "moderator"
	roleOwner     = "owner"
	roleAdmin     = "admin"
)

// standing is what somebody may do in a room, as the rows have it.
type standing struct {
	person Person
	role   string
	place  account.Place
	why    string    // may not speak; empty: may
	until  time.Time // when that changes by itself; zero: it does not
	reason string    // of a restriction
}

// moderates is true of those who pass all modes, and may act as moderators do.
func (s *standing) moderates() bool { return s.place.AtLeast(account.PlaceModerator) }

// You is what a connection is told of who it belongs to.
type You struct {
	_ struct{} `nullable:"true"`
	Person
	Role string `json:"role" enum:"viewer,member,moderator,owner,admin"`
}

// standingFor bounds how long what rows say of somebody is believed: an end of
// a session, a ban of the site or a lost place counts within this time, and at
// once where this product's own methods made it so.
const standingFor = time.Second

type cachedStanding struct {
	standing

	at  time.Time
	key string // session or token
}

// standing returns what the actor may do in the room. An actor whose session or
// token is over is nobody.
func (r *Room) standing(ctx context.Context, a account.Actor) (*standing, error) {
	if a.User.ID == "" {
		return &standing{why: whySignIn, role: roleViewer}, nil
	}
	key := a.Session + a.Token
	r.mu.Lock()
	c := r.standings[a.User.ID]
	if c != nil && c.key == key && r.s.o.now().Sub(c.at) < standingFor {
		r.mu.Unlock()
		return &c.standing, nil
	}
	version := r.standingVersion
	r.mu.Unlock()
	c = &cachedStanding{at: r.s.o.now(), key: key}
	if err := r.readStanding(ctx, a, &c.standing); err != nil {
		return nil, err
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	if version == r.standingVersion { // else it may be old already
		if len(r.standings) >= mostStandings {
			clear(r.standings)
		}
		r.standings[a.User.ID] = c
	}
	return &c.standing, nil
}

const mostStandings = 4096

func (r *Room) readStanding(ctx context.Context, a account.Actor, st *standing) error {
	db := r.s.o.DB
	st.why, st.role = whySignIn, roleViewer
	now, err := r.s.o.Accounts.Refreshed(ctx, a)
	if errors.Is(err, account.ErrSignIn) {
		return nil
	}
	if err != nil {
		return err
	}
	u := now.User
	st.person = Person{ID: u.ID, Name: u.Name, DisplayName: u.DisplayName, Badges: []string{}}
	if st.person.Color, err = db.ChatColor(ctx, u.ID); err != nil {
		return err
	}
	if st.place, err = r.s.o.Accounts.PlaceOf(ctx, now, account.Channel{ID: r.channelID}); err != nil {
		return err
	}
	own, err := db.RoleInChannel(ctx, r.channelID, u.ID)
	if err != nil && !errors.Is(err, store.ErrNotFound) {
		return err
	}
	st.role, st.person.Badges = badges(u, account.Place(own))
	r.mu.Lock()
	set := r.settings
	r.mu.Unlock()
	return r.mayspeak(ctx, now, set, st)
}

// badges are how a person's places are shown.
func badges(u account.User, own account.Place) (role string, all []string) {
	site := account.Role(u.Role)
	all, role = []string{}, roleViewer
	switch {
	case own == account.PlaceOwner:
		role, all = roleOwner, append(all, "owner")
	case own.AtLeast(account.PlaceModerator):
		role, all = roleModerator, append(all, "moderator")
	case own == account.PlaceMember:
		role, all = roleMember, append(all, "member")
	}
	switch {
	case site == account.RoleAdmin:
		role, all = roleAdmin, append([]string{"admin"}, all...)
	case site == account.RoleModerator && !own.AtLeast(account.PlaceModerator):
		role, all = roleModerator, append([]string{"moderator"}, all...)
	}
	if !u.VerifiedAt.IsZero() {
		all = append(all, "verified")
	}
	return role, all
}

// mayspeak finds out whether somebody may speak, and else why not.
func (r *Room) mayspeak(ctx context.Context, a account.Actor, set Settings, st *standing) error {
	st.why, st.until = "", time.Time{}
	if st.moderates() {
		return nil
	}
	x, err := r.s.o.DB.Restriction(ctx, r.channelID, a.User.ID)
	if err != nil && !errors.Is(err, store.ErrNotFound) {
		return err
	}
	if err == nil && (x.Until.IsZero() || x.Until.After(r.s.o.now())) {
		st.why, st.until, st.reason = whyBanned, x.Until, x.Reason
		if !x.Until.IsZero() {
			st.why = whyTimeout
		}
		return nil
	}
	if r.s.o.Blocked != nil {
		if blocked, err := r.s.o.Blocked(ctx, r.channelID, a.User.ID); err != nil || blocked {
			st.why, st.reason = whyBanned, "The channel's owner has blocked you."
			return err
		}
	}
	switch {
	case set.Closed:
		st.why = whyClosed
	case set.MembersOnly && !st.place.AtLeast(account.PlaceMember):
		st.why = whyMembers
	case set.Followers >= 0 && !st.place.AtLeast(account.PlaceMember):
		return r.mustFollow(ctx, a, set, st)
	}
	return nil
}

func (r *Room) mustFollow(ctx context.Context, a account.Actor, set Settings, st *standing) error {
	if r.s.o.Follows == nil {
		st.why = whyFollowers
		return nil
	}
	since, ok, err := r.s.o.Follows(ctx, r.channelID, a.User.ID)
	switch {
	case err != nil:
		return err
	case !ok:
		st.why = whyFollowers
	case since.Add(set.Followers).After(r.s.o.now()):
		st.why, st.until = whyFollowers, since.Add(set.Followers)
	}
	return nil
}

// forgetStandings has what rows say asked again: of one user, of all where
// userID is empty.
func (r *Room) forgetStandings(userID string) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.standingVersion++
	if userID == "" {
		clear(r.standings)
	} else {
		delete(r.standings, userID)
	}
}

// ErrMayNotRead is that a chat is not for who asks.
var ErrMayNotRead = &account.Error{Code: "forbidden", Reason: "you may not read this chat"}

// mayRead returns nil when who asks may read the chat of a channel: who may
// watch it.
func (s *Service) mayRead(ctx context.Context, c account.Channel, set Settings, who Asker) error {
	if !c.TakenDownAt.IsZero() {
		return account.ErrTakenDown
	}
	need := account.PlaceNone
	switch account.Visibility(c.Visibility) {
	case account.Public, account.Unlisted:
	case account.Password:
		if s.o.MayWatch == nil || who.Viewing == "" || !s.o.MayWatch(ctx, who.Viewing, c.ID) {
			need = account.PlaceEditor
		}
	default:
		need = account.PlaceMember
	}
	if set.MembersRead && need == account.PlaceNone {
		need = account.PlaceMember
	}
	if need == account.PlaceNone {
		return nil
	}
	a, err := s.o.Accounts.Refreshed(ctx, who.Actor)
	if errors.Is(err, account.ErrSignIn) {
		return ErrMayNotRead
	}
	if err != nil {
		return err
	}
	have, err := s.o.Accounts.PlaceOf(ctx, a, c)
	if err == nil && !have.AtLeast(need) {
		err = ErrMayNotRead
	}
	return err
}
