package webhook

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"strconv"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/rostrumlive/rostrum/internal/account"
	"github.com/rostrumlive/rostrum/internal/outbox"
	"github.com/rostrumlive/rostrum/internal/store"
)

// What is sent is signed, in order and numbered.
func TestDeliver(t *testing.T) {
	s := newSite(t)
	r := receive(t, func(w http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(w, "thanks") })
	w := s.hook(r.url + "/hook")
	for range 3 {
		s.happen()
		s.pass(time.Second)
	}
	require.Equal(t, 3, s.work())
	require.Zero(t, s.work())
	for i, g := range r.all() {
		requireSigned(t, w.Secret, g)
		require.Equal(t, "application/json", g.header.Get("Content-Type"))
		require.Equal(t, "Rostrum-Webhooks/v1", g.header.Get("User-Agent"))
		require.Equal(t, strconv.FormatInt(day.Add(3*time.Second).Unix(), 10), g.header.Get("Webhook-Timestamp"))
		var m outbox.EventMessage
		require.NoError(t, json.Unmarshal([]byte(g.body), &m))
		require.Equal(t, g.header.Get("Webhook-Id"), m.ID)
		require.Equal(t, int64(i+1), m.Sequence)
		require.Equal(t, outbox.BroadcastEnded, m.Type)
		require.Equal(t, day.Add(time.Duration(i)*time.Second), m.Timestamp)
		require.Equal(t, "https://tv.example/@show", m.Data.Channel.URL)
	}
	d := s.delivery(w, 2)
	require.Equal(t, store.DeliveryDelivered, d.State)
	require.Len(t, d.Attempts, 1)
	require.Equal(t, 200, d.Attempts[0].Status)
	require.Equal(t, "thanks", d.Attempts[0].Answer)
	require.Equal(t, day.Add(3*time.Second), s.row(w).DeliveredAt)
	require.Equal(t, int64(3), s.Stats().Delivered.Load())
	require.Zero(t, s.Stats().Failed.Load())
}

// What fails is tried again, later each time, for a day; then it is given up and
// said so. What comes meanwhile does not wait for it.
func TestTryAgain(t *testing.T) {
	s := newSite(t)
	var well atomic.Bool
	r := receive(t, func(w http.ResponseWriter, _ *http.Request) {
		if !well.Load() {
			w.WriteHeader(http.StatusInternalServerError)
			_, _ = io.WriteString(w, "out of order")
		}
	})
	w := s.hook(r.url)
	s.happen()
	require.Equal(t, 1, s.work())
	d := s.delivery(w, 1)
	require.Equal(t, store.DeliveryWaiting, d.State)
	require.Equal(t, day.Add(pauses[0]), d.NextAt)
	require.Equal(t, "It answered 500 Internal Server Error.", d.Attempts[0].Error)
	require.Equal(t, "out of order", d.Attempts[0].Answer)
	require.Equal(t, day, s.row(w).FailingSince)
	for i, pause := range pauses {
		s.pass(pause - time.Millisecond)
		require.Zero(t, s.work(), "try %d is early", i+2)
		s.pass(time.Millisecond)
		if i == 3 {
			well.Store(true)
			s.happen()
			require.Equal(t, 2, s.work())
			require.Equal(t, store.DeliveryDelivered, s.delivery(w, 1).State)
			require.Zero(t, s.row(w).FailingSince)
			break
		}
		require.Equal(t, 1, s.work())
	}
	first := r.all()
	require.Equal(t, first[0].header.Get("Webhook-Id"), first[1].header.Get("Webhook-Id"))
	require.Equal(t, first[0].body, first[1].body)
	require.NotEqual(t, first[0].header.Get("Webhook-Signature"), first[1].header.Get("Webhook-Signature"), "the time is signed")

	well.Store(false)
	s.happen()
	began := s.now
	tries := s.work()
	for s.delivery(w, 3).State == store.DeliveryWaiting {
		s.pass(s.delivery(w, 3).NextAt.Sub(s.now))
		tries += s.work()
	}
	require.Equal(t, len(pauses)+1, tries)
	require.InDelta(t, 24, s.now.Sub(began).Hours(), 0.5, "for a day")
	require.Equal(t, store.DeliveryFailed, s.delivery(w, 3).State)
	require.True(t, s.row(w).Enabled, "a bad day is no reason")
	s.pass(48 * time.Hour)
	require.Zero(t, s.work())
}

// A webhook that fails for days is disabled with a reason, and is told what waits
// when it is enabled again.
func TestPatienceEnds(t *testing.T) {
	s := newSite(t)
	var code atomic.Int64
	code.Store(http.StatusBadGateway)
	r := receive(t, func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(int(code.Load())) })
	w := s.hook(r.url)
	for n := int64(1); s.row(w).Enabled; n++ {
		require.LessOrEqual(t, n, int64(8))
		s.happen()
		for s.delivery(w, n).State == store.DeliveryWaiting {
			s.work()
			s.pass(4 * time.Hour)
		}
	}
	row := s.row(w)
	require.Equal(t, DisabledFailing, row.DisabledFor)
	require.GreaterOrEqual(t, s.now.Sub(row.FailingSince), patience)
	s.happen()
	require.Equal(t, row.NextSequence, s.row(w).NextSequence, "nobody is told")
	_, err := s.Redeliver(t.Context(), account.CommandLine(), w.ID, 1)
	require.ErrorIs(t, err, ErrDisabled)

	code.Store(http.StatusNoContent)
	row, err = s.Change(t.Context(), account.CommandLine(), w.ID, Change{Enabled: new(true)})
	require.NoError(t, err)
	require.Empty(t, row.DisabledFor)
	require.Zero(t, row.FailingSince)
	s.happen()
	require.Equal(t, 1, s.work())
	code.Store(http.StatusGone)
	s.happen()
	require.Equal(t, 1, s.work())
	require.Equal(t, DisabledGone, s.row(w).DisabledFor)
	require.Equal(t, int64(2), s.Stats().Disabled.Load())
	require.Equal(t, store.DeliveryFailed, s.delivery(w, row.NextSequence+1).State)
}

// Receivers that misbehave cost a try, and are told of in words.
func TestMisbehaviour(t *testing.T) {
	s := newSite(t)
	var reached atomic.Bool
	secret := receive(t, func(http.ResponseWriter, *http.Request) { reached.Store(true) })
	for name, c := range map[string]struct {
		answer  http.HandlerFunc
		url     string
		code    string
		error   string
		arrives bool
	}{
		"a redirect": {
			answer: func(w http.ResponseWriter, r *http.Request) {
				http.Redirect(w, r, secret.url, http.StatusTemporaryRedirect)
			},
			code:  failRedirect,
			error: "It answered with a redirect (307), which is not followed. Give the address that it leads to.",
		},
		"closes": {
			answer: func(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) },
			code:   failClosed,
			error:  "It closed the connection without an answer.",
		},
		"refuses":        {url: "http://127.0.0.1:1", code: failRefused, error: "It refused the connection."},
		"an unknown one": {url: "http://nosuch.invalid/", code: failName, error: "Its name cannot be found."},
		"much to say": {
			answer: func(w http.ResponseWriter, _ *http.Request) {
				for range 1 << 10 {
					if _, err := io.WriteString(w, strings.Repeat("\x00\x1bé€", 1<<10)); err != nil {
						return
					}
				}
			},
			arrives: true,
		},
		"long headers": {
			answer: func(w http.ResponseWriter, _ *http.Request) { w.Header().Set("X", strings.Repeat("x", 64<<10)) },
			code:   failOther,
			error:  "server response headers exceeded 16384 bytes",
		},
	} {
		if c.url == "" {
			c.url = receive(t, c.answer).url
		}
		w := s.hook(c.url)
		s.happen()
		require.Equal(t, 1, s.work(), name)
		d := s.delivery(w, 1)
		require.Len(t, d.Attempts, 1, name)
		require.Equal(t, c.code, d.Attempts[0].Code, name)
		require.Contains(t, d.Attempts[0].Error, c.error, name)
		require.Equal(t, c.arrives, d.Attempts[0].Error == "", name)
		require.Equal(t, c.arrives, d.State == store.DeliveryDelivered, name)
		require.LessOrEqual(t, len(d.Attempts[0].Answer), maxAnswer, name)
		require.NotContains(t, d.Attempts[0].Answer, "\x1b", name)
		require.NoError(t, s.Remove(t.Context(), account.CommandLine(), w.ID))
	}
	require.False(t, reached.Load())
}

// One that does not answer keeps nobody else waiting, and is given up.
func TestOneThatIsSlow(t *testing.T) {
	s := newSite(t)
	s.public.Timeout, s.any.Timeout = 50*time.Millisecond, 50*time.Millisecond
	hold := make(chan struct{})
	slow := receive(t, func(_ http.ResponseWriter, r *http.Request) {
		select {
		case <-r.Context().Done():
		case <-hold:
		}
	})
	defer close(hold)
	w := s.hook(slow.url)
	s.happen()
	require.Equal(t, 1, s.work())
	late := s.delivery(w, 1).Attempts[0]
	require.Equal(t, "It did not answer within 10 seconds.", late.Error)
	require.Equal(t, []string{"timeout", "10"}, []string{late.Code, late.Detail})

	s.any.Timeout = limit
	quick := receive(t, status(http.StatusOK))
	other := s.hook(quick.url)
	ctx, stop := context.WithCancel(t.Context())
	ended := make(chan struct{})
	go func() { // awaited below
		defer close(ended)
		s.Run(ctx)
	}()
	for range 5 {
		s.happen()
	}
	require.Eventually(t, func() bool { return s.delivery(other, 5).State == store.DeliveryDelivered }, limit, time.Millisecond)
	require.Eventually(t, func() bool { return len(slow.all()) == 2 }, limit, time.Millisecond)
	stop()
	<-ended
	for n := int64(2); n <= 6; n++ {
		d := s.delivery(w, n)
		require.Equal(t, store.DeliveryWaiting, d.State)
		require.Empty(t, d.Attempts, "a try that the server's end cut off is none")
	}
	for i, g := range quick.all() {
		require.Contains(t, g.body, fmt.Sprintf(`"sequence":%d,`, i+1))
	}
	s.any.Timeout = 50 * time.Millisecond
	require.Equal(t, 5, s.work(), "it is not leased any more")
}

// A process that was killed between an event and its delivery, or while it
// delivered, costs nothing but time.
func TestKilled(t *testing.T) {
	s := newSite(t)
	r := receive(t, status(http.StatusOK))
	w := s.hook(r.url)
	s.happen()
	_, leased := s.lease(t.Context())
	require.True(t, leased)
	next := s.another(All)
	_, leased = next.lease(t.Context())
	require.False(t, leased, "two do not deliver the same")
	s.pass(leaseFor)
	l, leased := next.lease(t.Context())
	require.True(t, leased)
	next.deliver(t.Context(), l)
	require.Len(t, r.all(), 1)
	require.Equal(t, store.DeliveryDelivered, s.delivery(w, 1).State)
}

// Who lost the lease does not write over what the next one did.
func TestLeaseIsLost(t *testing.T) {
	s := newSite(t)
	r := receive(t, status(http.StatusInternalServerError))
	w := s.hook(r.url)
	s.happen()
	old, leased := s.lease(t.Context())
	require.True(t, leased)
	s.pass(leaseFor)
	_, leased = s.lease(t.Context())
	require.True(t, leased)
	s.deliver(t.Context(), old)
	require.Empty(t, s.delivery(w, 1).Attempts)
}

func TestRedeliver(t *testing.T) {
	s, ctx := newSite(t), t.Context()
	r := receive(t, status(http.StatusOK))
	w := s.hook(r.url)
	s.happen()
	require.Equal(t, 1, s.work())
	s.pass(time.Hour)
	d, err := s.Redeliver(ctx, account.CommandLine(), w.ID, 1)
	require.NoError(t, err)
	require.Equal(t, store.DeliveryWaiting, d.State)
	require.Equal(t, 1, s.work())
	all := r.all()
	require.Len(t, all, 2)
	require.Equal(t, all[0].body, all[1].body)
	require.Len(t, s.delivery(w, 1).Attempts, 2)
	_, err = s.Redeliver(ctx, account.CommandLine(), w.ID, 2)
	require.ErrorIs(t, err, ErrUnknownDelivery)
	_, err = s.Redeliver(ctx, account.CommandLine(), "none", 1)
	require.ErrorIs(t, err, ErrUnknown)
}

func TestPing(t *testing.T) {
	s, ctx := newSite(t), t.Context()
	var code atomic.Int64
	code.Store(http.StatusTeapot)
	r := receive(t, func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(int(code.Load())) })
	w := s.hook(r.url)
	_, err := s.Change(ctx, account.CommandLine(), w.ID, Change{Enabled: new(false)})
	require.NoError(t, err)
	d, err := s.Test(ctx, account.CommandLine(), w.ID)
	require.NoError(t, err)
	require.Equal(t, store.DeliveryFailed, d.State)
	require.Equal(t, "It answered 418 I'm a teapot.", d.Attempts[0].Error)
	require.Equal(t, "status", d.Attempts[0].Code)
	require.Zero(t, s.row(w).FailingSince, "a test is no trouble")
	code.Store(http.StatusOK)
	d, err = s.Test(ctx, account.CommandLine(), w.ID)
	require.NoError(t, err)
	require.Equal(t, store.DeliveryDelivered, d.State)
	require.Equal(t, int64(2), d.Sequence)
	requireSigned(t, w.Secret, r.all()[1])
	require.Contains(t, r.all()[1].body, `"type":"ping"`)
	require.Zero(t, s.work(), "a test is not tried again")

	list, next, err := s.Deliveries(ctx, account.CommandLine(), w.ID, "", "", 1)
	require.NoError(t, err)
	require.Equal(t, int64(2), list[0].Sequence)
	list, next, err = s.Deliveries(ctx, account.CommandLine(), w.ID, "", next, 1)
	require.NoError(t, err)
	require.Equal(t, int64(1), list[0].Sequence)
	require.Empty(t, next)
	list, _, err = s.Deliveries(ctx, account.CommandLine(), w.ID, store.DeliveryDelivered, "", 9)
	require.NoError(t, err)
	require.Len(t, list, 1)
	s.pass(keptFor + time.Second)
	s.sweep(ctx)
	list, _, err = s.Deliveries(ctx, account.CommandLine(), w.ID, "", "", 9)
	require.NoError(t, err)
	require.Empty(t, list)
}
