package webhook

import (
	"encoding/json"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/rostrumlive/rostrum/internal/account"
	"github.com/rostrumlive/rostrum/internal/outbox"
	"github.com/rostrumlive/rostrum/internal/store"
)

// began writes down that a broadcast with that title started.
func (s *site) began(title string) {
	s.t.Helper()
	now, _ := s.o.Now(s.t.Context())
	require.NoError(s.t, s.db.Write(s.t.Context(), func(tx *store.Tx) error {
		return outbox.Put(s.t.Context(), tx, outbox.BroadcastStarted, s.channel.ID, now, func(d *outbox.EventData) error {
			d.Broadcast = outbox.BroadcastOf(store.Broadcast{ID: "b1", Title: title, State: store.StateLive, StartedAt: now})
			return nil
		})
	}))
}

func (s *site) formed(o Order) store.Webhook {
	s.t.Helper()
	o.Events = []string{string(outbox.BroadcastStarted)}
	w, err := s.Make(s.t.Context(), account.CommandLine(), "show", o)
	require.NoError(s.t, err)
	return w
}

func TestDiscord(t *testing.T) {
	s, r := newSite(t), receive(t, status(http.StatusNoContent))
	w := s.formed(Order{URL: r.url + "/api/webhooks/1/secret", Format: Discord})
	require.Empty(t, w.Secret)
	s.began("*Chess* @everyone <@1> " + strings.Repeat("x", 3000))
	require.Equal(t, 1, s.work())
	got := r.all()
	require.Len(t, got, 1)
	require.Empty(t, got[0].header.Get("webhook-signature"))
	var body struct {
		Embeds []struct {
			Title, Description, URL string
			Color                   int
			Timestamp               time.Time
			Image                   struct{ URL string }
		}
		Mentions struct{ Parse []string } `json:"allowed_mentions"`
	}
	require.NoError(t, json.Unmarshal([]byte(got[0].body), &body))
	require.Contains(t, got[0].body, `"allowed_mentions":{"parse":[]}`)
	require.Len(t, body.Embeds, 1)
	e := body.Embeds[0]
	require.Equal(t, "show is live", e.Title)
	require.True(t, strings.HasPrefix(e.Description, `\*Chess\* \@everyone \<\@1\> xxx`), e.Description)
	require.Len(t, []rune(e.Description), discordText)
	require.Equal(t, "https://tv.example/@show", e.URL)
	require.Equal(t, "https://tv.example/live/show/preview.jpg?of=b1", e.Image.URL)
	require.Equal(t, discordRed, e.Color)
	require.Equal(t, day, e.Timestamp)
	_, err := s.Rotate(t.Context(), account.CommandLine(), w.ID)
	require.ErrorIs(t, err, ErrNotSigned)
}

// Discord says how long to wait, and is not asked before; what was deleted there
// is told no more.
func TestDiscordLimits(t *testing.T) {
	answer := http.StatusTooManyRequests
	s := newSite(t)
	r := receive(t, func(w http.ResponseWriter, _ *http.Request) {
		if answer == http.StatusTooManyRequests {
			w.Header().Set("Retry-After", "90.5")
		}
		w.WriteHeader(answer)
	})
	w := s.formed(Order{URL: r.url, Format: Discord})
	s.began("")
	require.Equal(t, 1, s.work())
	d := s.delivery(w, 1)
	require.Equal(t, day.Add(90500*time.Millisecond), d.NextAt)
	s.pass(90 * time.Second)
	require.Zero(t, s.work())
	s.pass(time.Second)
	answer = http.StatusNotFound
	require.Equal(t, 1, s.work())
	require.False(t, s.row(w).Enabled)
	require.Equal(t, DisabledGone, s.row(w).DisabledFor)
}

func TestMatrix(t *testing.T) {
	s := newSite(t)
	var method, path, token string
	answer := http.StatusOK
	r := receive(t, func(w http.ResponseWriter, r *http.Request) {
		method, path, token = r.Method, r.URL.EscapedPath(), r.Header.Get("Authorization")
		w.WriteHeader(answer)
		if answer == http.StatusTooManyRequests {
			_, _ = w.Write([]byte(`{"errcode":"M_LIMIT_EXCEEDED","retry_after_ms":60000}`))
		}
	})
	room := r.url + "/_matrix/client/v3/rooms/%21abc%3Aexample.org/send/m.room.message"
	w := s.formed(Order{URL: room, Format: Matrix, Token: "syt_token"})
	s.began("Chess & <tea>")
	answer = http.StatusTooManyRequests
	require.Equal(t, 1, s.work())
	s.pass(time.Minute)
	answer = http.StatusOK
	require.Equal(t, 1, s.work())
	got := r.all()
	require.Len(t, got, 2)
	require.Equal(t, got[0].body, got[1].body)
	d := s.delivery(w, 1)
	require.Equal(t, store.DeliveryDelivered, d.State)
	require.Equal(t, []string{"PUT", "/_matrix/client/v3/rooms/%21abc%3Aexample.org/send/m.room.message/" + d.EventID, "Bearer syt_token"}, []string{method, path, token},
		"the event's id: said once, however often it is sent")
	require.JSONEq(t, `{"msgtype":"m.text","body":"show is live\nChess & <tea>\nhttps://tv.example/@show","format":"org.matrix.custom.html",
		"formatted_body":"<strong><a href=\"https://tv.example/@show\">show is live</a></strong><br>Chess &amp; &lt;tea&gt;"}`, got[1].body)

	next := "syt_other"
	_, err := s.Change(t.Context(), account.CommandLine(), w.ID, Change{Token: &next})
	require.NoError(t, err)
	require.Equal(t, next, s.row(w).Secret)
	for _, o := range []Order{
		{URL: room, Token: ""}, {URL: room, Token: "a b"}, {URL: room, Token: "a\nb"}, {URL: room, Token: strings.Repeat("x", maxToken+1)},
	} {
		o.Format, o.Events = Matrix, []string{"clip.made"}
		_, err := s.Make(t.Context(), account.CommandLine(), "show", o)
		require.ErrorIs(t, err, ErrBadMatrixToken)
	}
	for _, address := range []string{r.url, room + "/1", room + "?access_token=x", strings.Replace(room, "%21", "%23", 1), strings.Replace(room, "v3", "v1", 1)} {
		_, err := s.Make(t.Context(), account.CommandLine(), "show", Order{URL: address, Format: Matrix, Token: "x", Events: []string{"clip.made"}})
		require.ErrorIs(t, err, ErrBadMatrixURL, address)
	}
	_, err = s.Make(t.Context(), account.CommandLine(), "show", Order{URL: r.url, Format: "irc", Events: []string{"clip.made"}})
	require.ErrorIs(t, err, ErrBadFormat)
}

// Every event is a sentence, also where it says little.
func TestCards(t *testing.T) {
	for _, kind := range append(outbox.Kinds(), outbox.Ping) {
		c := cardOf(outbox.EventMessage{Type: kind, Data: outbox.EventData{Channel: &outbox.EventChannel{Name: "show", URL: "/@show"}}})
		require.Contains(t, c.title, "show", kind)
		require.Empty(t, c.url, "it leads nowhere from elsewhere")
		require.Empty(t, c.picture)
		require.Contains(t, cardOf(outbox.EventMessage{Type: kind}).title, "this site", kind)
	}
	c := cardOf(outbox.EventMessage{Type: outbox.ClipMade, Data: outbox.EventData{
		Channel: &outbox.EventChannel{Name: "show", URL: "https://a/@show"}, Clip: &outbox.EventClip{Title: "Mate", URL: "https://a/c/1"},
	}})
	require.Equal(t, card{title: "There is a clip of show", text: "Mate", url: "https://a/c/1"}, c)
}
