package webhook

import (
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"html"
	"net/http"
	"net/url"
	"regexp"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/rostrumlive/rostrum/internal/outbox"
	"github.com/rostrumlive/rostrum/internal/store"
)

// Format is in whose form a webhook is told.
type Format string

// The formats. With Standard programs are told, with the others people.
const (
	Standard Format = "standard" // the event as JSON, signed as Standard Webhooks has it
	Discord  Format = "discord"  // a message of a Discord webhook
	Matrix   Format = "matrix"   // a message in a Matrix room, by a user's access token
)

// matrixPath is the address at which a client of Matrix sends messages to a room
// (Client-Server API, PUT …/rooms/{roomId}/send/{eventType}/{txnId}), without the
// last part, which is the event's id: so a message that is sent again is not said
// again.
var matrixPath = regexp.MustCompile(`^/_matrix/client/v3/rooms/(!|%21)[^/]+/send/m\.room\.message$`)

const (
	maxToken = 1024
	// What Discord takes of an embed, in characters.
	discordTitle, discordText = 256, 2048
	discordRed, discordBlue   = 0xd92d20, 0x2f55d4
	// mostWait bounds what a receiver may ask for by Retry-After.
	mostWait = time.Hour
)

// fitFormat checks what a format asks of an address, and of the token that comes
// with it.
func fitFormat(w *store.Webhook) error {
	switch Format(w.Format) {
	case Standard, Discord:
		return nil
	case Matrix:
		u, err := url.Parse(w.URL)
		if err != nil || !matrixPath.MatchString(u.EscapedPath()) || u.RawQuery != "" {
			return ErrBadMatrixURL
		}
		if w.Secret == "" || len(w.Secret) > maxToken || strings.ContainsFunc(w.Secret, func(r rune) bool { return r <= ' ' || r > '~' }) {
			return ErrBadMatrixToken
		}
		return nil
	}
	return ErrBadFormat
}

// request is what a webhook is told of an event, as a request of its format.
func request(ctx context.Context, w store.Webhook, m outbox.EventMessage, now time.Time) (*http.Request, error) {
	method, address, body := http.MethodPost, w.URL, any(m)
	switch Format(w.Format) {
	case Discord:
		body = discordMessage(cardOf(m))
	case Matrix:
		method, address, body = http.MethodPut, w.URL+"/"+url.PathEscape(m.ID), matrixMessage(cardOf(m))
	}
	text, err := json.Marshal(body)
	if err != nil {
		return nil, err
	}
	req, err := http.NewRequestWithContext(ctx, method, address, bytes.NewReader(text))
	if err != nil {
		return nil, err
	}
	req.Header.Set("Content-Type", "application/json")
	switch Format(w.Format) {
	case Discord:
		return req, nil
	case Matrix:
		req.Header.Set("Authorization", "Bearer "+w.Secret)
		return req, nil
	}
	return req, sign(req.Header, w, m.ID, now, text)
}

// card is an event as people are told of it.
type card struct {
	title   string // a sentence
	text    string // more; may be empty
	url     string // of what it is about; empty where it has no page
	picture string // may be empty
	live    bool
	at      time.Time
}

// cardOf says an event in words. Addresses without a host are left out, since
// they lead nowhere from elsewhere.
func cardOf(m outbox.EventMessage) card {
	c := card{at: m.Timestamp}
	name := "this site"
	if ch := m.Data.Channel; ch != nil {
		name, c.url = cmp.Or(ch.Title, ch.Name), ch.URL
	}
	b := m.Data.Broadcast
	if b != nil && b.Title != name {
		c.text = b.Title
	}
	switch m.Type {
	case outbox.BroadcastStarted:
		c.title, c.live = name+" is live", true
		if b != nil && c.url != "" {
			// Each broadcast has its own address, so that no copy of the last one is shown.
			c.picture = strings.Replace(c.url, "/@", "/live/", 1) + "/preview.jpg?of=" + b.ID
		}
	case outbox.BroadcastInterrupted:
		c.title = name + " has lost its encoder"
	case outbox.BroadcastResumed:
		c.title, c.live = name+" is back", true
	case outbox.BroadcastEnded:
		c.title = name + " has gone off air"
	case outbox.RecordingReady:
		c.title = "There is a recording of " + name
		if b != nil {
			c.url = b.URL
		}
	case outbox.ClipMade:
		c.title = "There is a clip of " + name
		if k := m.Data.Clip; k != nil {
			c.text, c.url = k.Title, k.URL
		}
	case outbox.KeyNewAddress:
		c.title = "A stream key of " + name + " was used from a new network"
		if k := m.Data.Key; k != nil {
			c.text = fmt.Sprintf("%s (…%s), from %s", cmp.Or(k.Label, "The key"), k.Hint, k.Network)
		}
	case outbox.ReportMade:
		c.title = "Somebody reported something on " + name
		if r := m.Data.Report; r != nil {
			c.text, c.url = r.Kind+", "+r.Reason+": "+r.Words, r.URL
		}
	default:
		c.title = "A test from " + name
	}
	if !strings.HasPrefix(c.url, "http") {
		c.url, c.picture = "", ""
	}
	return c
}

// discordBody is what Discord's Execute Webhook takes.
type discordBody struct {
	Embeds   []discordEmbed `json:"embeds"`
	Mentions struct {
		Parse []string `json:"parse"`
	} `json:"allowed_mentions"` // nobody is called, whatever a title says
}

type discordEmbed struct {
	Title       string        `json:"title"`
	Description string        `json:"description,omitempty"`
	URL         string        `json:"url,omitempty"`
	Color       int           `json:"color"`
	Timestamp   time.Time     `json:"timestamp"`
	Image       *discordImage `json:"image,omitempty"`
}

type discordImage struct {
	URL string `json:"url"`
}

// discordEscapes keep what people wrote from being taken for markup.
var discordEscapes = regexp.MustCompile("[\\\\`*_~|>#\\[\\]()<@:-]")

func discordMessage(c card) discordBody {
	plain := func(text string, most int) string {
		return shorten(discordEscapes.ReplaceAllString(text, `\$0`), most)
	}
	e := discordEmbed{Title: plain(c.title, discordTitle), Description: plain(c.text, discordText), URL: c.url, Color: discordBlue, Timestamp: c.at}
	if c.live {
		e.Color = discordRed
	}
	if c.picture != "" {
		e.Image = &discordImage{c.picture}
	}
	body := discordBody{Embeds: []discordEmbed{e}}
	body.Mentions.Parse = []string{}
	return body
}

// matrixBody is the content of an m.room.message.
type matrixBody struct {
	Type   string `json:"msgtype"`
	Body   string `json:"body"`
	Format string `json:"format"`
	HTML   string `json:"formatted_body"`
}

func matrixMessage(c card) matrixBody {
	plain, rich := c.title, html.EscapeString(c.title)
	if c.url != "" {
		rich = `<a href="` + html.EscapeString(c.url) + `">` + rich + `</a>`
	}
	rich = "<strong>" + rich + "</strong>"
	if c.text != "" {
		plain += "\n" + c.text
		rich += "<br>" + strings.ReplaceAll(html.EscapeString(c.text), "\n", "<br>")
	}
	if c.url != "" {
		plain += "\n" + c.url
	}
	// m.text and not m.notice, of which clients tell nobody.
	return matrixBody{Type: "m.text", Body: plain, Format: "org.matrix.custom.html", HTML: rich}
}

// shorten cuts a text to so many characters.
func shorten(text string, most int) string {
	if utf8.RuneCountInString(text) <= most {
		return text
	}
	return strings.TrimRight(string([]rune(text)[:most-1]), `\`) + "…"
}

// waitOf is for how long a receiver asks to be left alone: by Retry-After, in
// seconds, or as Matrix has it in the body.
func waitOf(res *http.Response, answer string) time.Duration {
	if res.StatusCode != http.StatusTooManyRequests && res.StatusCode != http.StatusServiceUnavailable {
		return 0
	}
	wait := time.Duration(0)
	var limited struct {
		After int64 `json:"retry_after_ms"`
	}
	if seconds, err := strconv.ParseFloat(strings.TrimSpace(res.Header.Get("Retry-After")), 64); err == nil && seconds > 0 {
		wait = time.Duration(min(seconds, mostWait.Seconds()) * float64(time.Second))
	} else if json.Unmarshal([]byte(answer), &limited) == nil && limited.After > 0 {
		wait = time.Duration(min(limited.After, mostWait.Milliseconds())) * time.Millisecond
	}
	return wait
}
