package web

import (
	"context"
	"net/http"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"github.com/rostrumlive/rostrum/internal/account"
)

func (s *Server) adminRoutes(api huma.API) {
	refused := []int{http.StatusUnauthorized, http.StatusForbidden}
	get(api, "/api/v1/admin/users", "users", "Lists the users, by name. For admins and site moderators.", s.users, refused...)
	post(api, "/api/v1/admin/users", "add-user", "Makes an account for somebody.", http.StatusCreated, s.addUser, append(refused, http.StatusConflict)...)
	patch(api, "/api/v1/admin/users/{user}", "change-user", "Changes a user's role, keeps the user from signing in, or vouches for who the user is.",
		s.changeUser, append(refused, http.StatusNotFound, http.StatusConflict)...)
	post(api, "/api/v1/admin/users/{user}/reset-link", "make-reset-link", "Makes a link with which a user sets a new password once, within two hours.",
		http.StatusCreated, s.resetLink, append(refused, http.StatusNotFound)...)
	get(api, "/api/v1/admin/settings", "settings", "Returns the site's settings.", s.settings, refused...)
	put(api, "/api/v1/admin/settings", "change-settings", "Changes the site's settings, from now on.", http.StatusNoContent, s.changeSettings, refused...)
	get(api, "/api/v1/admin/invitations", "invitations", "Lists the invitations, newest first.", s.invitations, refused...)
	post(api, "/api/v1/admin/invitations", "invite", "Makes an invitation, for one account within two weeks; its link is in this answer alone.",
		http.StatusCreated, s.invite, refused...)
	remove(api, "/api/v1/admin/invitations/{invitation}", "uninvite", "Takes an invitation back.", s.uninvite, append(refused, http.StatusNotFound)...)
	get(api, "/api/v1/admin/status", "status", "Tells what the server has to work with.", s.status, refused...)
	get(api, "/api/v1/admin/storage", "storage", "Tells what the disk holds, and the limits in force.", s.storage, refused...)
	get(api, "/api/v1/admin/storage/channels", "storage-channels", "Lists what channels keep, those that keep most first.", s.storageChannels, refused...)
	put(api, "/api/v1/admin/limits", "change-limits", "Changes the limits, from now on; recordings are looked at every ten minutes.", http.StatusNoContent, s.changeLimits, refused...)
	get(api, "/api/v1/admin/audit", "audit", "Lists what admins and moderators did, newest first.", s.audit, refused...)
}

// User is a user as admins see one.
type User struct {
	Name             string     `json:"name"`
	DisplayName      string     `json:"display_name"`
	Email            string     `json:"email" doc:"For admins alone."`
	EmailConfirmedAt *time.Time `json:"email_confirmed_at" doc:"When the address proved to be the user's; null: it has not. For admins alone."`
	Role             string     `json:"role" enum:"admin,moderator,user"`
	CreatedAt        time.Time  `json:"created_at"`
	DisabledAt       *time.Time `json:"disabled_at" doc:"Since when the user may not sign in; null: may."`
	VerifiedAt       *time.Time `json:"verified_at" doc:"Since when an admin vouches that the user is who the display name says; null: nobody does."`
}

func userOf(u account.User, email bool) User {
	out := User{
		Name: u.Name, DisplayName: u.DisplayName, Role: u.Role, CreatedAt: u.CreatedAt, DisabledAt: known(u.DisabledAt), VerifiedAt: known(u.VerifiedAt),
	}
	if email {
		out.Email, out.EmailConfirmedAt = u.Email, known(u.EmailConfirmedAt)
	}
	return out
}

func (s *Server) users(ctx context.Context, in *Paging) (*answer[page[User]], error) {
	a := actor(ctx)
	rows, next, err := s.opts.Accounts.Users(ctx, a, in.Cursor, in.Limit)
	if err != nil {
		return nil, s.problem(err)
	}
	list := page[User]{Items: []User{}, Next: cursorOr(next)}
	for _, u := range rows {
		list.Items = append(list.Items, userOf(u, a.RequireAdmin() == nil))
	}
	return reply(list), nil
}

type addUserInput struct {
	AcceptLanguage
	Body struct {
		NewAccount
		Role string `json:"role,omitempty" enum:"admin,moderator,user"`
	}
}

func (s *Server) addUser(ctx context.Context, in *addUserInput) (*answer[User], error) {
	n := in.Body.user(in.Language)
	n.Role = account.Role(in.Body.Role)
	u, err := s.opts.Accounts.AddUser(ctx, actor(ctx), n)
	if err != nil {
		return nil, s.problem(err)
	}
	return reply(userOf(u, true)), nil
}

// UserPath names a user.
type UserPath struct {
	User string `path:"user" maxLength:"64"`
}

type changeUserInput struct {
	UserPath
	Body struct {
		Role     *string `json:"role,omitempty" enum:"admin,moderator,user"`
		Disabled *bool   `json:"disabled,omitempty"`
		Verified *bool   `json:"verified,omitempty" doc:"The site vouches that the user is who the display name says. It ends when the user takes another."`
	}
}

func (s *Server) changeUser(ctx context.Context, in *changeUserInput) (*answer[User], error) {
	a := actor(ctx)
	if in.Body.Role != nil {
		if err := s.opts.Accounts.SetRole(ctx, a, in.User, account.Role(*in.Body.Role)); err != nil {
			return nil, s.problem(err)
		}
	}
	if in.Body.Disabled != nil {
		if err := s.opts.Accounts.SetDisabled(ctx, a, in.User, *in.Body.Disabled); err != nil {
			return nil, s.problem(err)
		}
	}
	if in.Body.Verified != nil {
		if err := s.opts.Accounts.SetVerified(ctx, a, in.User, *in.Body.Verified); err != nil {
			return nil, s.problem(err)
		}
	}
	if err := a.RequireAdmin(); err != nil {
		return nil, s.problem(err)
	}
	u, err := s.opts.Accounts.UserNamed(ctx, in.User)
	if err != nil {
		return nil, s.problem(err)
	}
	return reply(userOf(u, true)), nil
}

// Link is an address that does one thing once.
type Link struct {
	URL string `json:"url" doc:"Hand it to the person whom it is for. It is nowhere afterwards."`
}

func (s *Server) resetLink(ctx context.Context, in *UserPath) (*answer[Link], error) {
	text, err := s.opts.Accounts.ResetLink(ctx, actor(ctx), in.User)
	if err != nil {
		return nil, s.problem(err)
	}
	return reply(Link{account.ResetAddress(whoOf(ctx).origin, text)}), nil
}

// SiteSettings are what an admin changes while the server runs.
type SiteSettings struct {
	SiteName     string `json:"site_name" maxLength:"240"`
	SignUp       string `json:"sign_up" enum:"open,invitation,closed"`
	MakeChannels bool   `json:"make_channels" doc:"Every user may make channels; else admins alone."`
	AccentLight  string `json:"accent_light" doc:"The colour of links and buttons in the light theme, such as #2f55d4; empty: the pages' own."`
	AccentDark   string `json:"accent_dark" doc:"That of the dark theme."`
	Terms        string `json:"terms" doc:"A legal page, Markdown; empty: none."`
	Privacy      string `json:"privacy"`
	Imprint      string `json:"imprint"`
}

// SettingsChange is what they are to be.
type SettingsChange struct {
	SiteName     string  `json:"site_name" maxLength:"240"`
	SignUp       string  `json:"sign_up" enum:"open,invitation,closed"`
	MakeChannels bool    `json:"make_channels" doc:"Every user may make channels; else admins alone."`
	AccentLight  *string `json:"accent_light,omitempty" maxLength:"20" doc:"Left out, this and what follows stays as it is. A colour of less contrast than 4.5 : 1 to the grounds of its theme, or to what stands on it, is refused."`
	AccentDark   *string `json:"accent_dark,omitempty" maxLength:"20"`
	Terms        *string `json:"terms,omitempty" maxLength:"400000" doc:"Markdown, at most 100,000 characters; empty: none."`
	Privacy      *string `json:"privacy,omitempty" maxLength:"400000"`
	Imprint      *string `json:"imprint,omitempty" maxLength:"400000"`
}

func (s *Server) settings(ctx context.Context, _ *struct{}) (*answer[SiteSettings], error) {
	if err := actor(ctx).RequireAdmin(); err != nil {
		return nil, s.problem(err)
	}
	set, err := s.opts.Accounts.Settings(ctx)
	if err != nil {
		return nil, s.problem(err)
	}
	return reply(SiteSettings{
		SiteName: set.SiteName, SignUp: string(set.SignUp), MakeChannels: set.MakeChannels, AccentLight: set.AccentLight, AccentDark: set.AccentDark,
		Terms: set.Terms, Privacy: set.Privacy, Imprint: set.Imprint,
	}), nil
}

type changeSettingsInput struct{ Body SettingsChange }

func (s *Server) changeSettings(ctx context.Context, in *changeSettingsInput) (*struct{}, error) {
	set, err := s.opts.Accounts.Settings(ctx)
	if err != nil {
		return nil, s.problem(err)
	}
	set.SiteName, set.SignUp, set.MakeChannels = in.Body.SiteName, account.SignUp(in.Body.SignUp), in.Body.MakeChannels
	for _, c := range []struct{ to, from *string }{
		{&set.AccentLight, in.Body.AccentLight},
		{&set.AccentDark, in.Body.AccentDark},
		{&set.Terms, in.Body.Terms},
		{&set.Privacy, in.Body.Privacy},
		{&set.Imprint, in.Body.Imprint},
	} {
		if c.from != nil {
			*c.to = *c.from
		}
	}
	return nil, s.problemOr(s.opts.Accounts.SetSettings(ctx, actor(ctx), set))
}

// Invitation lets its bearer make an account.
type Invitation struct {
	ID        string     `json:"id"`
	Note      string     `json:"note"`
	CreatedAt time.Time  `json:"created_at"`
	ExpiresAt time.Time  `json:"expires_at"`
	UsedAt    *time.Time `json:"used_at" doc:"Null: not used."`
}

// NewInvitation is an invitation with its link.
type NewInvitation struct {
	Invitation
	Link
}

func invitationOf(v account.Voucher) Invitation {
	return Invitation{ID: v.ID, Note: v.Note, CreatedAt: v.CreatedAt, ExpiresAt: v.ExpiresAt, UsedAt: known(v.UsedAt)}
}

func (s *Server) invitations(ctx context.Context, in *Paging) (*answer[page[Invitation]], error) {
	rows, next, err := s.opts.Accounts.Invitations(ctx, actor(ctx), in.Cursor, in.Limit)
	if err != nil {
		return nil, s.problem(err)
	}
	list := page[Invitation]{Items: []Invitation{}, Next: cursorOr(next)}
	for _, v := range rows {
		list.Items = append(list.Items, invitationOf(v))
	}
	return reply(list), nil
}

type inviteInput struct {
	Body struct {
		Note string `json:"note,omitempty" maxLength:"800" doc:"Whom it is for."`
	}
}

func (s *Server) invite(ctx context.Context, in *inviteInput) (*answer[NewInvitation], error) {
	text, v, err := s.opts.Accounts.Invite(ctx, actor(ctx), in.Body.Note)
	if err != nil {
		return nil, s.problem(err)
	}
	return reply(NewInvitation{invitationOf(v), Link{whoOf(ctx).origin + "/sign-up#" + text}}), nil
}

type uninviteInput struct {
	Invitation string `path:"invitation" maxLength:"64"`
}

func (s *Server) uninvite(ctx context.Context, in *uninviteInput) (*struct{}, error) {
	return nil, s.problemOr(s.opts.Accounts.Uninvite(ctx, actor(ctx), in.Invitation))
}

// Act is what an admin or a moderator did.
type Act struct {
	ID      string    `json:"id"`
	At      time.Time `json:"at"`
	Actor   string    `json:"actor" doc:"The user's name then."`
	Act     string    `json:"act" example:"channel.rename"`
	Target  string    `json:"target" example:"channel/alice"`
	Details string    `json:"details"`
	Address string    `json:"address"`
}

func (s *Server) audit(ctx context.Context, in *Paging) (*answer[page[Act]], error) {
	rows, next, err := s.opts.Accounts.Acts(ctx, actor(ctx), in.Cursor, in.Limit)
	if err != nil {
		return nil, s.problem(err)
	}
	list := page[Act]{Items: []Act{}, Next: cursorOr(next)}
	for _, a := range rows {
		list.Items = append(list.Items, Act{ID: a.ID, At: a.At, Actor: a.Actor, Act: a.Act, Target: a.Target, Details: a.Details, Address: a.Address})
	}
	return reply(list), nil
}
