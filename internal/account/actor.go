package account

import (
	"context"
	"errors"
	"net/netip"
	"slices"

	"github.com/rostrumlive/rostrum/internal/store"
)

// Actor is who asks for something: a user who is signed in, a program with a
// user's API token, the command line, or nobody.
type Actor struct {
	User    User       // zero: nobody who is known
	Session string     // the id of the session, empty for others
	Token   string     // the id of the API token, empty for others
	Scopes  []Scope    // of the API token; a session may do all that its user may
	Address netip.Addr // where from; may be invalid
	local   bool
}

// CommandLine is whoever has the server's files: it may do everything.
func CommandLine() Actor { return Actor{local: true} }

// Known reports whether the actor is a user, or the command line.
func (a Actor) Known() bool { return a.local || a.User.ID != "" }

// name is how the audit log calls the actor.
func (a Actor) name() string {
	if a.local {
		return "command line"
	}
	return a.User.Name
}

// Scope is a kind of thing that an API token may do.
type Scope string

// The scopes of API tokens. A token may never change how its user signs in.
const (
	ScopeRead     Scope = "read"     // see what its user sees: private channels, settings, stream keys' labels
	ScopeChannels Scope = "channels" // make and change channels and recordings
	ScopeKeys     Scope = "keys"     // make, rotate and revoke stream keys
	ScopeModerate Scope = "moderate" // stop broadcasts, and what moderators do
	ScopeAdmin    Scope = "admin"    // what admins do to the site and its users
	ScopeChat     Scope = "chat"     // speak in chats
)

// Scopes are all that there are, in the order in which people read them.
func Scopes() []Scope {
	return []Scope{ScopeRead, ScopeChannels, ScopeKeys, ScopeModerate, ScopeAdmin, ScopeChat}
}

// Role is what a user may do on the whole site.
type Role string

// The roles of users.
const (
	RoleAdmin     Role = "admin"     // everything
	RoleModerator Role = "moderator" // what a channel's moderator may, in each channel
	RoleUser      Role = "user"
)

// Place is what a user may do in one channel.
type Place string

// The places in a channel. Each may do what those after it may.
const (
	PlaceOwner     Place = "owner"     // delete and rename it, say who has a place in it
	PlaceEditor    Place = "editor"    // change it and its recordings, make stream keys
	PlaceModerator Place = "moderator" // stop a broadcast, moderate
	PlaceMember    Place = "member"    // watch what is for members
	PlaceNone      Place = ""
)

// places are in the order of what they may.
var places = [...]Place{PlaceNone, PlaceMember, PlaceModerator, PlaceEditor, PlaceOwner}

// AtLeast reports whether a place may do what another may.
func (p Place) AtLeast(other Place) bool {
	return slices.Index(places[:], p) >= slices.Index(places[:], other)
}

// PlaceOf is what the actor may do in a channel, by the actor's role on the
// site too.
func (s *Service) PlaceOf(ctx context.Context, a Actor, c Channel) (Place, error) {
	if a.local || Role(a.User.Role) == RoleAdmin {
		return PlaceOwner, nil
	}
	if !a.Known() {
		return PlaceNone, nil
	}
	text, err := s.db.RoleInChannel(ctx, c.ID, a.User.ID)
	if err != nil && !errors.Is(err, store.ErrNotFound) {
		return PlaceNone, err
	}
	place := Place(text)
	if Role(a.User.Role) == RoleModerator && !place.AtLeast(PlaceModerator) {
		place = PlaceModerator
	}
	return place, nil
}

// Require returns nil when the actor has a place in the channel, and its token
// the scope. It returns ErrSignIn to nobody, ErrForbidden to who has not the
// place, ErrScope to a token that has not the scope.
func (s *Service) Require(ctx context.Context, a Actor, c Channel, p Place, scope Scope) error {
	if err := a.requireScope(scope); err != nil {
		return err
	}
	have, err := s.PlaceOf(ctx, a, c)
	if err != nil {
		return err
	}
	if !have.AtLeast(p) {
		return ErrForbidden
	}
	return nil
}

// require returns nil when the actor has a role on the site.
func (a Actor) require(r Role, scope Scope) error {
	if err := a.requireScope(scope); err != nil {
		return err
	}
	if a.local || Role(a.User.Role) == RoleAdmin || r == RoleUser || Role(a.User.Role) == r {
		return nil
	}
	return ErrForbidden
}

// RequireAdmin returns nil when the actor may do what admins do.
func (a Actor) RequireAdmin() error { return a.require(RoleAdmin, ScopeAdmin) }

func (a Actor) requireScope(scope Scope) error {
	if !a.Known() {
		return ErrSignIn
	}
	if a.Token != "" && !slices.Contains(a.Scopes, scope) {
		return ErrScope
	}
	return nil
}

// May reports whether the actor's token has a scope; who has none may all that
// its user may.
func (a Actor) May(scope Scope) bool { return a.Token == "" || slices.Contains(a.Scopes, scope) }

// requireSession returns nil for a user who is signed in: what changes how a
// user signs in is not for programs.
func (a Actor) requireSession() error {
	switch {
	case !a.Known():
		return ErrSignIn
	case a.Session == "":
		return ErrScope
	}
	return nil
}
