package web

import (
	"context"
	"net/http"
	"reflect"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"github.com/rostrumlive/rostrum/internal/outbox"
	"github.com/rostrumlive/rostrum/internal/store"
	"github.com/rostrumlive/rostrum/internal/webhook"
)

// webhookRoutes mount what is done with webhooks, and describe what they send.
func (s *Server) webhookRoutes(api huma.API) {
	refused := []int{http.StatusUnauthorized, http.StatusForbidden, http.StatusNotFound}
	get(api, "/api/v1/webhooks", "webhooks", "Lists a channel's webhooks, or the site's when no channel is named, for admins: without their secrets, those made first come first.",
		s.webhooks, refused...)
	post(api, "/api/v1/webhooks", "make-webhook", "Makes a webhook for a channel, or for the site when none is named; its secret is in this answer alone.",
		http.StatusCreated, s.makeWebhook, append(refused, http.StatusConflict)...)
	patch(api, "/api/v1/webhooks/{webhook}", "change-webhook", "Changes a webhook. One that is enabled again goes on with what waits.", s.changeWebhook, refused...)
	remove(api, "/api/v1/webhooks/{webhook}", "remove-webhook", "Removes a webhook, with its log.", s.removeWebhook, refused...)
	post(api, "/api/v1/webhooks/{webhook}/rotate", "rotate-webhook", "Gives a webhook another secret, which is in this answer alone. For a day events are signed with both.",
		http.StatusCreated, s.rotateWebhook, refused...)
	post(api, "/api/v1/webhooks/{webhook}/test", "test-webhook", "Sends a ping to a webhook, also to one that is disabled, and tells what came back. It is not tried again.",
		http.StatusCreated, s.testWebhook, append(refused, http.StatusTooManyRequests)...)
	get(api, "/api/v1/webhooks/{webhook}/deliveries", "webhook-deliveries", "Lists what a webhook was told in the last 7 days, or is to be, newest first: 1,000 at most.", s.deliveries, refused...)
	post(api, "/api/v1/webhooks/{webhook}/deliveries/{sequence}/redeliver", "redeliver", "Has an event delivered again, with the same id and number.",
		http.StatusCreated, s.redeliver, append(refused, http.StatusConflict)...)
	describeEvents(api.OpenAPI())
}

// describeEvents puts what is sent to webhooks in the description of the API.
func describeEvents(o *huma.OpenAPI) {
	message := o.Components.Schemas.Schema(reflect.TypeFor[outbox.EventMessage](), true, "EventMessage")
	header := func(name, what string) *huma.Param {
		return &huma.Param{Name: name, In: "header", Required: true, Description: what, Schema: &huma.Schema{Type: huma.TypeString}}
	}
	o.Webhooks = map[string]*huma.PathItem{}
	for _, kind := range append(outbox.Kinds(), outbox.Ping) {
		o.Webhooks[string(kind)] = &huma.PathItem{Post: &huma.Operation{
			OperationID: "on-" + string(kind), Summary: "Tells a webhook of " + string(kind) + ". Signed as Standard Webhooks has it.",
			Parameters: []*huma.Param{
				header("webhook-id", "The event's id."),
				header("webhook-timestamp", "When it was sent, seconds since 1970."),
				header("webhook-signature", "v1, and the HMAC-SHA256 in base64 of id, timestamp and body with full stops between; several with spaces between."),
			},
			RequestBody: &huma.RequestBody{Required: true, Content: map[string]*huma.MediaType{"application/json": {Schema: message}}},
			Responses: map[string]*huma.Response{
				"2XX": {Description: "It has arrived."},
				"410": {Description: "No more events, please: the webhook is disabled."},
			},
		}}
	}
}

// Webhook is an address that is told of events, without its secret.
type Webhook struct {
	ID           string     `json:"id"`
	URL          string     `json:"url"`
	Format       string     `json:"format" enum:"standard,discord,matrix" doc:"In whose form it is told: our JSON, signed; a message of a Discord webhook; a message in a Matrix room."`
	Events       []string   `json:"events" nullable:"false" enum:"broadcast.started,broadcast.interrupted,broadcast.resumed,broadcast.ended,recording.ready,clip.made,key.new_address,report.made"`
	Enabled      bool       `json:"enabled"`
	DisabledFor  string     `json:"disabled_for" enum:",gone,failing" doc:"Why the server disabled it: it answered 410, or failed for days. Empty: it did not."`
	CreatedAt    time.Time  `json:"created_at"`
	DeliveredAt  *time.Time `json:"delivered_at" doc:"When the last event arrived; null: none has."`
	FailingSince *time.Time `json:"failing_since" doc:"Since when events do not arrive; null: the last one did."`
}

// NewWebhook is a webhook with its secret.
type NewWebhook struct {
	Webhook
	Secret string `json:"secret" doc:"For who verifies signatures; empty where the format has none. It is in no other answer."`
}

func webhookOf(w store.Webhook) Webhook {
	return Webhook{
		ID: w.ID, URL: w.URL, Format: w.Format, Events: append([]string{}, w.Kinds...), Enabled: w.Enabled, DisabledFor: w.DisabledFor, CreatedAt: w.CreatedAt,
		DeliveredAt: known(w.DeliveredAt), FailingSince: known(w.FailingSince),
	}
}

type webhooksInput struct {
	Channel string `query:"channel" maxLength:"64" doc:"The channel whose webhooks they are; empty: the site's."`
}

func (s *Server) webhooks(ctx context.Context, in *webhooksInput) (*answer[all[Webhook]], error) {
	rows, err := s.opts.Webhooks.List(ctx, actor(ctx), in.Channel)
	if err != nil {
		return nil, s.problem(err)
	}
	list := all[Webhook]{Items: []Webhook{}}
	for _, w := range rows {
		list.Items = append(list.Items, webhookOf(w))
	}
	return reply(list), nil
}

type makeWebhookInput struct {
	Body struct {
		Channel string   `json:"channel,omitempty" maxLength:"64" doc:"The channel that it is told of; left out: all, for admins."`
		URL     string   `json:"url" maxLength:"4096"`
		Events  []string `json:"events" nullable:"false" maxItems:"32" doc:"The types of events that it is told of. Of report.made the site's alone are told."`
		Format  string   `json:"format,omitempty" enum:"standard,discord,matrix" default:"standard"`
		Token   string   `json:"token,omitempty" maxLength:"1024" doc:"Of matrix: the access token of a user who is in the room. It is in no answer."`
	}
}

func (s *Server) makeWebhook(ctx context.Context, in *makeWebhookInput) (*answer[NewWebhook], error) {
	w, err := s.opts.Webhooks.Make(ctx, actor(ctx), in.Body.Channel, webhook.Order{
		URL: in.Body.URL, Events: in.Body.Events, Format: webhook.Format(in.Body.Format), Token: in.Body.Token,
	})
	if err != nil {
		return nil, s.problem(err)
	}
	return reply(newWebhookOf(w)), nil
}

// newWebhookOf shows the secret with which a webhook is signed, and no token that
// somebody gave.
func newWebhookOf(w store.Webhook) NewWebhook {
	if w.Format != string(webhook.Standard) {
		return NewWebhook{Webhook: webhookOf(w)}
	}
	return NewWebhook{webhookOf(w), w.Secret}
}

type webhookPath struct {
	Webhook string `path:"webhook" maxLength:"64"`
}

type changeWebhookInput struct {
	Webhook string `path:"webhook" maxLength:"64"`
	Body    struct {
		URL     *string   `json:"url,omitempty" maxLength:"4096"`
		Events  *[]string `json:"events,omitempty" maxItems:"32"`
		Enabled *bool     `json:"enabled,omitempty"`
		Token   *string   `json:"token,omitempty" maxLength:"1024" doc:"Of matrix: another access token."`
	}
}

func (s *Server) changeWebhook(ctx context.Context, in *changeWebhookInput) (*answer[Webhook], error) {
	w, err := s.opts.Webhooks.Change(ctx, actor(ctx), in.Webhook, webhook.Change(in.Body))
	if err != nil {
		return nil, s.problem(err)
	}
	return reply(webhookOf(w)), nil
}

func (s *Server) removeWebhook(ctx context.Context, in *webhookPath) (*struct{}, error) {
	return nil, s.problemOr(s.opts.Webhooks.Remove(ctx, actor(ctx), in.Webhook))
}

func (s *Server) rotateWebhook(ctx context.Context, in *webhookPath) (*answer[NewWebhook], error) {
	w, err := s.opts.Webhooks.Rotate(ctx, actor(ctx), in.Webhook)
	if err != nil {
		return nil, s.problem(err)
	}
	return reply(newWebhookOf(w)), nil
}

// Delivery is an event that a webhook was told, or is to be.
type Delivery struct {
	Sequence int64               `json:"sequence" doc:"Its number at this webhook."`
	Event    string              `json:"event" doc:"The event's id."`
	Type     outbox.Kind         `json:"type" enum:"broadcast.started,broadcast.interrupted,broadcast.resumed,broadcast.ended,recording.ready,clip.made,key.new_address,report.made,ping"`
	At       time.Time           `json:"at" doc:"When it happened."`
	State    string              `json:"state" enum:"waiting,delivered,failed" doc:"Waiting: for its first try or another. Failed: it is not tried any more."`
	NextAt   *time.Time          `json:"next_at" doc:"When it is tried next; null: not any more."`
	Attempts []DeliveryAttempt   `json:"attempts" nullable:"false" doc:"The newest 20, oldest first."`
	Body     outbox.EventMessage `json:"body" doc:"What is sent."`
}

// DeliveryAttempt is one try.
type DeliveryAttempt struct {
	At     time.Time `json:"at"`
	Status int       `json:"status" doc:"Of the answer; 0: there was none."`
	Error  string    `json:"error" doc:"Why it did not arrive, in a sentence; empty: it did."`
	Code   string    `json:"code" doc:"The same, short and stable: redirect, gone, status, private_address, certificate, timeout, name_not_found, connection_refused, connection_closed or unreachable. Empty when it arrived, and of tries by older versions."`
	Detail string    `json:"detail" doc:"What the sentence has beside that: the address, what is wrong with the certificate, the seconds, what the system says. Else empty."`
	Answer string    `json:"answer" doc:"The first 1,024 bytes of the answer, as far as they are text."`
	TookMS int64     `json:"took_ms"`
}

func (s *Server) deliveryOf(d store.WebhookDelivery) (Delivery, error) {
	body, err := s.opts.Webhooks.Message(d)
	if err != nil {
		return Delivery{}, err
	}
	out := Delivery{
		Sequence: d.Sequence, Event: d.EventID, Type: outbox.Kind(d.Kind), At: d.At, State: string(d.State), Attempts: []DeliveryAttempt{}, Body: body,
	}
	if d.State == store.DeliveryWaiting {
		out.NextAt = known(d.NextAt)
	}
	for _, a := range d.Attempts {
		out.Attempts = append(out.Attempts, DeliveryAttempt{At: a.At, Status: a.Status, Error: a.Error, Code: a.Code, Detail: a.Detail, Answer: a.Answer, TookMS: a.Took.Milliseconds()})
	}
	return out, nil
}

func (s *Server) testWebhook(ctx context.Context, in *webhookPath) (*answer[Delivery], error) {
	d, err := s.opts.Webhooks.Test(ctx, actor(ctx), in.Webhook)
	return s.delivery(d, err)
}

func (s *Server) delivery(d store.WebhookDelivery, err error) (*answer[Delivery], error) {
	if err != nil {
		return nil, s.problem(err)
	}
	out, err := s.deliveryOf(d)
	if err != nil {
		return nil, s.problem(err)
	}
	return reply(out), nil
}

type deliveriesInput struct {
	Paging
	Webhook string `path:"webhook" maxLength:"64"`
	State   string `query:"state" enum:",waiting,delivered,failed" doc:"Those in one state alone; empty: all."`
}

func (s *Server) deliveries(ctx context.Context, in *deliveriesInput) (*answer[page[Delivery]], error) {
	rows, next, err := s.opts.Webhooks.Deliveries(ctx, actor(ctx), in.Webhook, store.DeliveryState(in.State), in.Cursor, in.Limit)
	if err != nil {
		return nil, s.problem(err)
	}
	list := page[Delivery]{Items: []Delivery{}, Next: cursorOr(next)}
	for _, row := range rows {
		d, err := s.deliveryOf(row)
		if err != nil {
			return nil, s.problem(err)
		}
		list.Items = append(list.Items, d)
	}
	return reply(list), nil
}

type redeliverInput struct {
	Webhook  string `path:"webhook" maxLength:"64"`
	Sequence int64  `path:"sequence" minimum:"1"`
}

func (s *Server) redeliver(ctx context.Context, in *redeliverInput) (*answer[Delivery], error) {
	d, err := s.opts.Webhooks.Redeliver(ctx, actor(ctx), in.Webhook, in.Sequence)
	return s.delivery(d, err)
}
