package webhook

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/rostrumlive/rostrum/internal/account"
	"github.com/rostrumlive/rostrum/internal/outbox"
	"github.com/rostrumlive/rostrum/internal/store"
)

func TestWhatAWebhookMayBe(t *testing.T) {
	s, ctx := newSite(t), t.Context()
	s.Service = s.another(Never)
	events := []string{string(outbox.ClipMade)}
	for address, want := range map[string]error{
		"https://example.org/hook?x=1": nil, "http://example.org": nil, "https://[2606:4700::1]/": nil, "https://8.8.8.8:8443/": nil,
		"": ErrBadURL, "example.org": ErrBadURL, "ftp://example.org": ErrBadURL, "https://": ErrBadURL, "https://:80/": ErrBadURL,
		"https://me:secret@example.org/": ErrBadURL, "https://example.org/#x": ErrBadURL, "https://example.org/%zz": ErrBadURL,
		"https://example.org/" + strings.Repeat("x", maxURL): ErrBadURL,
		"http://localhost/": ErrPrivateURL, "http://x.localhost./": ErrPrivateURL, "http://127.0.0.1:9090/": ErrPrivateURL,
		"http://[::1]/": ErrPrivateURL, "http://169.254.169.254/latest": ErrPrivateURL, "http://[::ffff:10.0.0.1]/": ErrPrivateURL,
	} {
		_, err := s.Make(ctx, account.CommandLine(), "show", Order{URL: address, Events: events})
		require.ErrorIs(t, err, want, address)
	}
	for _, wrong := range [][]string{nil, {"x"}, {"ping"}, {"report.made"}, {"clip.made", "clip.made"}, {"clip.made", "x"}} {
		_, err := s.Make(ctx, account.CommandLine(), "show", Order{URL: "https://example.org/", Events: wrong})
		require.ErrorIs(t, err, ErrBadEvents, wrong)
	}
	_, err := s.Make(ctx, account.CommandLine(), "", Order{URL: "https://example.org/", Events: []string{"report.made"}})
	require.NoError(t, err)
	_, err = s.Make(ctx, account.CommandLine(), "nosuch", Order{URL: "https://example.org/", Events: events})
	require.ErrorIs(t, err, account.ErrUnknownChannel)
	for range mostOfChannel - 4 {
		_, err = s.Make(ctx, account.CommandLine(), "show", Order{URL: "https://example.org/", Events: events})
		require.NoError(t, err)
	}
	_, err = s.Make(ctx, account.CommandLine(), "show", Order{URL: "https://example.org/", Events: events})
	require.ErrorIs(t, err, ErrTooMany)
	list, err := s.List(ctx, account.CommandLine(), "show")
	require.NoError(t, err)
	require.Len(t, list, mostOfChannel)
	require.NoError(t, s.Remove(ctx, account.CommandLine(), list[0].ID))
	require.ErrorIs(t, s.Remove(ctx, account.CommandLine(), list[0].ID), ErrUnknown)
}

// A secret that is rotated signs for a day beside the next one.
func TestRotate(t *testing.T) {
	s, ctx := newSite(t), t.Context()
	r := receive(t, status(http.StatusOK))
	old := s.hook(r.url)
	require.Regexp(t, `^whsec_[A-Za-z0-9+/]{43}=$`, old.Secret)
	fresh, err := s.Rotate(ctx, account.CommandLine(), old.ID)
	require.NoError(t, err)
	require.NotEqual(t, old.Secret, fresh.Secret)
	s.happen()
	s.work()
	s.pass(overlap)
	s.sweep(ctx)
	s.happen()
	s.work()
	all := r.all()
	requireSigned(t, old.Secret, all[0])
	requireSigned(t, fresh.Secret, all[0])
	requireSigned(t, fresh.Secret, all[1])
	require.Len(t, strings.Fields(all[1].header.Get("Webhook-Signature")), 1)
	require.Empty(t, s.row(old).FormerSecret, "it is nowhere afterwards")
}

// The signature is that of the specification's own example.
func TestSignature(t *testing.T) {
	h := http.Header{}
	w := store.Webhook{Secret: "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"}
	require.NoError(t, sign(h, w, "msg_p5jXN8AQM9LWM0D4loKWxJek", time.Unix(1614265330, 0), []byte(`{"test": 2432232314}`)))
	require.Equal(t, "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=", h.Get("Webhook-Signature"))
	require.Equal(t, "1614265330", h.Get("Webhook-Timestamp"))
	require.Error(t, sign(h, store.Webhook{Secret: "whsec_?"}, "x", time.Unix(1, 0), nil))
}
