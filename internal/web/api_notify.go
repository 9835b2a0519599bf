package web

import (
	"context"
	"net/http"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"github.com/rostrumlive/rostrum/internal/account"
	"github.com/rostrumlive/rostrum/internal/notify"
	"github.com/rostrumlive/rostrum/internal/store"
)

func (s *Server) notifyRoutes(api huma.API) {
	users := []int{http.StatusUnauthorized, http.StatusForbidden}
	get(api, "/api/v1/me/notifications", "notifications", "Tells how the user hears of channels where it says nothing of them, and what the site can do.", s.notifications, users...)
	put(api, "/api/v1/me/notifications", "set-notifications", "Chooses that. Letters come in the language in which it was asked (Accept-Language), where the server knows it.",
		http.StatusOK, s.setNotifications, users...)
	get(api, "/api/v1/me/push", "push-subscriptions", "Lists the browsers of the user that take pushes.", s.pushSubscriptions, users...)
	post(api, "/api/v1/me/push", "subscribe-push", "Has a browser told by push, until the sign-in there ends. The same browser again changes nothing.",
		http.StatusCreated, s.subscribePush, append(users, http.StatusTooManyRequests)...)
	remove(api, "/api/v1/me/push/{subscription}", "unsubscribe-push", "Has a browser told no more.", s.unsubscribePush, append(users, http.StatusNotFound)...)
	get(api, "/api/v1/unsubscribe", "letters", "Tells which channel the letters are about that a link ends.", s.letters, http.StatusNotFound)
	post(api, "/api/v1/unsubscribe", "end-letters", "Ends letters by the link that is in them, without signing in.", http.StatusNoContent, s.endLetters)
}

// Notifications are how a user hears of channels where it says nothing of them.
type Notifications struct {
	Page bool `json:"page" doc:"In pages that are open."`
	Push bool `json:"push" doc:"In the browsers that take pushes."`
	Mail bool `json:"mail"`

	MailWorks bool   `json:"mail_works" doc:"The server sends mail."`
	Address   string `json:"address" doc:"Where to; empty: the user has given none."`
	Confirmed bool   `json:"address_confirmed" doc:"It proved to be the user's: no other gets letters about channels."`
	PushKey   string `json:"push_key" doc:"What a browser subscribes with (applicationServerKey), in base64 for addresses."`
}

func (s *Server) notifications(ctx context.Context, _ *struct{}) (*answer[Notifications], error) {
	a := actor(ctx)
	set, err := s.opts.Accounts.NotifySettings(ctx, a)
	if err != nil {
		return nil, s.problem(err)
	}
	key, err := s.opts.Notify.VAPIDKey(ctx)
	if err != nil {
		return nil, s.problem(err)
	}
	return reply(Notifications{
		Page: set.Page, Push: set.Push, Mail: set.Mail, MailWorks: s.opts.Notify.Mails(), Address: a.User.Email,
		Confirmed: !a.User.EmailConfirmedAt.IsZero(), PushKey: key,
	}), nil
}

type setNotificationsInput struct {
	AcceptLanguage
	Body struct {
		Page bool `json:"page"`
		Push bool `json:"push"`
		Mail bool `json:"mail"`
	}
}

func (s *Server) setNotifications(ctx context.Context, in *setNotificationsInput) (*answer[Notifications], error) {
	set := store.NotifySettings{Page: in.Body.Page, Push: in.Body.Push, Mail: in.Body.Mail}
	if err := s.opts.Accounts.SetNotifySettings(ctx, actor(ctx), set, in.Language); err != nil {
		return nil, s.problem(err)
	}
	return s.notifications(ctx, nil)
}

// PushSubscription is a browser that takes pushes.
type PushSubscription struct {
	ID        string    `json:"id"`
	Endpoint  string    `json:"endpoint" doc:"By which the browser knows that it is the one."`
	Current   bool      `json:"current" doc:"It was signed up in the session that asks."`
	CreatedAt time.Time `json:"created_at"`
}

func pushSubscriptionOf(p store.PushSubscription, a account.Actor) PushSubscription {
	return PushSubscription{ID: p.ID, Endpoint: p.Endpoint, Current: p.SessionID == a.Session, CreatedAt: p.CreatedAt}
}

func (s *Server) pushSubscriptions(ctx context.Context, _ *struct{}) (*answer[all[PushSubscription]], error) {
	a := actor(ctx)
	rows, err := s.opts.Notify.Subscriptions(ctx, a)
	if err != nil {
		return nil, s.problem(err)
	}
	list := all[PushSubscription]{Items: []PushSubscription{}}
	for _, p := range rows {
		list.Items = append(list.Items, pushSubscriptionOf(p, a))
	}
	return reply(list), nil
}

type subscribePushInput struct {
	AcceptLanguage
	Body struct {
		Endpoint string `json:"endpoint" maxLength:"2048"`
		Keys     struct {
			P256dh string `json:"p256dh" maxLength:"256"`
			Auth   string `json:"auth" maxLength:"64"`
		} `json:"keys"`
	} `doc:"What PushSubscription.toJSON says, without expirationTime."`
}

func (s *Server) subscribePush(ctx context.Context, in *subscribePushInput) (*answer[PushSubscription], error) {
	a := actor(ctx)
	sub := notify.Subscription{Endpoint: in.Body.Endpoint, P256dh: in.Body.Keys.P256dh, Auth: in.Body.Keys.Auth}
	p, err := s.opts.Notify.Subscribe(ctx, a, sub, in.Language, whoOf(ctx).origin)
	if err != nil {
		return nil, s.problem(err)
	}
	return reply(pushSubscriptionOf(p, a)), nil
}

type subscriptionPath struct {
	Subscription string `path:"subscription" maxLength:"64"`
}

func (s *Server) unsubscribePush(ctx context.Context, in *subscriptionPath) (*struct{}, error) {
	return nil, s.problemOr(s.opts.Notify.Unsubscribe(ctx, actor(ctx), in.Subscription))
}

type lettersInput struct {
	Token string `query:"token" required:"true" maxLength:"256" doc:"Of the link in a letter."`
}

// Letters are those that a link ends.
type Letters struct {
	Channel string `json:"channel" doc:"The name of the channel that they are about."`
	Title   string `json:"title" doc:"The channel's."`
}

func (s *Server) letters(ctx context.Context, in *lettersInput) (*answer[Letters], error) {
	c, err := s.opts.Notify.LettersOf(ctx, in.Token)
	if err != nil {
		return nil, s.problem(err)
	}
	return reply(Letters{Channel: c.Name, Title: c.Title}), nil
}

type endLettersInput struct {
	Body struct {
		Token string `json:"token" maxLength:"256"`
		All   bool   `json:"all,omitempty" doc:"Of all channels, not of that one alone."`
	}
}

func (s *Server) endLetters(ctx context.Context, in *endLettersInput) (*struct{}, error) {
	which := notify.OfChannel
	if in.Body.All {
		which = notify.All
	}
	return nil, s.problemOr(s.opts.Notify.EndLetters(ctx, in.Body.Token, which))
}

// oneClick ends letters for a program for mail, which asks by POST for the address
// that leads people to the page (RFC 8058 3.2).
func (s *Server) oneClick(w http.ResponseWriter, r *http.Request) {
	err := s.opts.Notify.EndLetters(r.Context(), r.URL.Query().Get("token"), notify.OfChannel)
	if err != nil {
		s.failWith(w, err)
		return
	}
	respond(w, http.StatusOK, "You get no more letters about this channel.\n")
}
