package notify

import (
	"net/http"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/rostrumlive/rostrum/internal/account"
	"github.com/rostrumlive/rostrum/internal/store"
)

// subscribe has a new browser of a user told.
func (s *site) subscribe(a account.Actor, endpoint, language string) (*browser, store.PushSubscription) {
	s.t.Helper()
	b := newBrowser(s.t)
	p, err := s.Subscribe(s.t.Context(), a, Subscription{endpoint, b.p256dh(), b.secret()}, language, "https://tv.example")
	require.NoError(s.t, err)
	return b, p
}

func TestAPushArrives(t *testing.T) {
	s, service := newSite(t, nil), newPushService(t)
	vera := s.follower("vera", store.Ways{}, "en")
	en, _ := s.subscribe(vera, service.URL+"/en", "en-GB")
	de, _ := s.subscribe(vera, service.URL+"/de", "de")
	b := s.goLive("An evening of chess")
	s.work()
	got := service.all()
	require.Len(t, got, 2)
	announced, err := s.VAPIDKey(t.Context())
	require.NoError(t, err)
	for _, p := range got {
		requireVAPID(t, p.header, announced, service.URL, "https://tv.example")
		require.Equal(t, "aes128gcm", p.header.Get("Content-Encoding"))
		require.Equal(t, "high", p.header.Get("Urgency"))
		require.Equal(t, b.ID, p.header.Get("Topic"))
		ttl, err := strconv.Atoi(p.header.Get("TTL"))
		require.NoError(t, err)
		require.Equal(t, usefulFor, time.Duration(ttl)*time.Second)
		want := message{Title: "show is live", Body: "An evening of chess", URL: "/@show", Tag: "live-" + b.ID, At: day.UnixMilli()}
		reader := en
		if p.path == "/de" {
			reader, want.Title = de, "show ist live"
		}
		require.Equal(t, want, reader.open(t, p.body))
	}
	s.work()
	require.Empty(t, service.all(), "once")

	// The keys stay over a restart.
	again, err := s.another(nil).VAPIDKey(t.Context())
	require.NoError(t, err)
	require.Equal(t, announced, again)
}

func TestWhatPushServicesAnswer(t *testing.T) {
	s, service := newSite(t, nil), newPushService(t)
	vera := s.follower("vera", store.Ways{}, "en")
	s.subscribe(vera, service.URL+"/1", "en")
	begin := func() {
		s.pass(time.Hour)
		s.goLive("")
	}
	subscriptions := func() int {
		t.Helper()
		list, err := s.Subscriptions(t.Context(), vera)
		require.NoError(t, err)
		return len(list)
	}
	begin()
	service.answers(http.StatusServiceUnavailable)
	s.work()
	require.Len(t, service.all(), 1)
	s.pass(pauses[0] - time.Millisecond)
	s.work()
	require.Empty(t, service.all(), "not yet")
	s.pass(time.Millisecond)
	service.answers(http.StatusTooManyRequests, "Retry-After", "600")
	s.work()
	require.Len(t, service.all(), 1)
	s.pass(599 * time.Second)
	s.work()
	require.Empty(t, service.all(), "it asked for ten minutes")
	s.pass(time.Second)
	service.answers(http.StatusCreated)
	s.work()
	require.Len(t, service.all(), 1)

	service.answers(http.StatusBadRequest)
	s.end(s.onAir())
	begin()
	s.work()
	require.Len(t, service.all(), 1)
	s.pass(time.Minute)
	s.work()
	require.Empty(t, service.all(), "it would say no again")
	require.Equal(t, 1, subscriptions())

	for _, gone := range []int{http.StatusGone, http.StatusNotFound} {
		s.subscribe(vera, service.URL+"/"+strconv.Itoa(gone), "en")
		service.answers(gone)
		s.end(s.onAir())
		begin()
		s.work()
		require.NotEmpty(t, service.all())
		require.Zero(t, subscriptions(), "the browser is gone")
	}
	s.end(s.onAir())
	begin()
	s.work()
	require.Empty(t, service.all())
}

// onAir is the channel's broadcast.
func (s *site) onAir() store.Broadcast {
	s.t.Helper()
	list, err := s.db.LiveBroadcasts(s.t.Context(), "", 9)
	require.NoError(s.t, err)
	require.Len(s.t, list, 1)
	return list[0]
}

// A service that cannot be reached is tried again for as long as the broadcast is
// news, and then no more.
func TestAPushServiceThatIsAway(t *testing.T) {
	s, service := newSite(t, nil), newPushService(t)
	vera := s.follower("vera", store.Ways{}, "en")
	s.subscribe(vera, service.URL, "en")
	service.Close()
	b := s.goLive("")
	for range len(pauses) + 1 {
		s.work()
		s.pass(mostPause)
	}
	due, err := s.db.NoticeDue(t.Context(), store.ByPush, day.Add(1000*time.Hour))
	require.NoError(t, err)
	require.False(t, due)
	s.end(b)
}

func TestWhoIsNotPushed(t *testing.T) {
	s, service := newSite(t, nil), newPushService(t)
	no := false
	for name, leaves := range map[string]func(account.Actor){
		"unfollows": func(a account.Actor) { require.NoError(t, s.accounts.Unfollow(t.Context(), a, "show")) },
		"chooses": func(a account.Actor) {
			require.NoError(t, s.accounts.SetWays(t.Context(), a, "show", store.Ways{Push: &no}))
		},
		"by-rule": func(a account.Actor) {
			require.NoError(t, s.accounts.SetNotifySettings(t.Context(), a, store.NotifySettings{}, ""))
		},
		"signs-out": func(a account.Actor) { require.NoError(t, s.accounts.EndSession(t.Context(), a, a.Session)) },
		"blocked": func(a account.Actor) {
			require.NoError(t, s.accounts.Block(t.Context(), account.CommandLine(), "show", a.User.Name))
		},
		"disabled": func(a account.Actor) {
			require.NoError(t, s.accounts.SetDisabled(t.Context(), account.CommandLine(), a.User.Name, true))
		},
		"ends": func(a account.Actor) {
			list, err := s.Subscriptions(t.Context(), a)
			require.NoError(t, err)
			require.NoError(t, s.Unsubscribe(t.Context(), a, list[0].ID))
			require.ErrorIs(t, s.Unsubscribe(t.Context(), a, list[0].ID), ErrUnknownSubscription)
		},
	} {
		a := s.follower(name, store.Ways{}, "en")
		s.subscribe(a, service.URL+"/"+name, "en")
		leaves(a)
	}
	s.goLive("")
	s.work()
	require.Empty(t, service.all())
}

func TestSubscriptions(t *testing.T) {
	s := newSite(t, func(o *Options) { o.Private = false })
	vera := s.person("vera")
	b := newBrowser(t)
	try := func(endpoint, key, auth string) error {
		_, err := s.Subscribe(t.Context(), vera, Subscription{endpoint, key, auth}, "en", "https://tv.example")
		return err
	}
	require.NoError(t, try("https://push.example.org/x?y=z", b.p256dh(), b.secret()+"=="))
	list, err := s.Subscriptions(t.Context(), vera)
	require.NoError(t, err)
	require.Equal(t, b.secret(), list[0].Auth)
	for _, endpoint := range []string{
		"", "push", "http://push.example.org/", "https://", "https://u:p@push.example.org/", "https://push.example.org/#x", "ftp://push.example.org/",
		"https:push.example.org", "https://push.example.org/" + strings.Repeat("x", maxEndpoint),
	} {
		require.ErrorIs(t, try(endpoint, b.p256dh(), b.secret()), ErrBadSubscription, endpoint)
	}
	for _, endpoint := range []string{"https://127.0.0.1/", "https://localhost:8443/", "https://[::1]/", "https://10.0.0.1/x", "https://169.254.169.254/"} {
		require.ErrorIs(t, try(endpoint, b.p256dh(), b.secret()), ErrPrivateEndpoint, endpoint)
	}
	const good = "https://push.example.org/"
	for _, key := range []string{"", "A", "!", b.secret(), "BAAA", strings.Repeat("A", 87), b.p256dh() + "AAAA"} {
		require.ErrorIs(t, try(good, key, b.secret()), ErrBadSubscription, key)
	}
	for _, auth := range []string{"", "!", "AAAA", b.p256dh()} {
		require.ErrorIs(t, try(good, b.p256dh(), auth), ErrBadSubscription, auth)
	}
	_, err = s.Subscribe(t.Context(), account.Actor{}, Subscription{}, "", "")
	require.ErrorIs(t, err, account.ErrSignIn)
}

// A name that leads to a private address is known when it is dialled.
func TestPrivatePushServices(t *testing.T) {
	s, service := newSite(t, nil), newPushService(t)
	vera := s.follower("vera", store.Ways{}, "en")
	s.subscribe(vera, service.URL, "en")
	s.Service = s.another(func(o *Options) { o.Private = false })
	s.goLive("")
	s.work()
	require.Empty(t, service.all())
}

func TestRetryAfter(t *testing.T) {
	for text, want := range map[string]time.Duration{"": 0, "5": 5 * time.Second, "-1": 0, "x": 0, "999999999": mostPause, "Mon, 02 Jan 2006 15:04:05 GMT": 0} {
		require.Equal(t, want, retryAfter(text), text)
	}
}

func FuzzSubscription(f *testing.F) {
	b := newBrowser(f)
	f.Add("https://push.example.org/x", b.p256dh(), b.secret())
	f.Add("http://[::1]:80/", "", "=")
	f.Fuzz(func(t *testing.T, endpoint, key, auth string) {
		got, err := Subscription{endpoint, key, auth}.check(false)
		if err != nil {
			return
		}
		require.True(t, strings.HasPrefix(strings.ToLower(endpoint), "https:"))
		again, err := got.check(false)
		require.NoError(t, err)
		require.Equal(t, got, again, "one spelling")
	})
}
