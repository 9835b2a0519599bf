package mail

import (
	"context"
	"net"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"

	"github.com/rostrumlive/rostrum/internal/testkit"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

func sender(t testing.TB, address, from string) *Sender {
	t.Helper()
	s, err := New(address, from)
	require.NoError(t, err)
	t.Cleanup(s.Close)
	return s
}

func TestALetterArrives(t *testing.T) {
	server := testkit.NewMailServer(t)
	s := sender(t, "smtp://"+server.Addr, "Räum & Zeit <noreply@example.org>")
	for range 2 {
		require.NoError(t, s.Send(t.Context(), Letter{To: "alice@example.org", Subject: "Grüße\r\nBcc: mallory@example.org", Text: "One.\n.\nÜber.\n"}))
		got := server.Next(t)
		require.Equal(t, "noreply@example.org", got.From)
		require.Equal(t, []string{"alice@example.org"}, got.To, "a subject adds nobody")
		m := got.Read(t)
		require.Empty(t, m.Header.Get("Bcc"))
		require.Equal(t, "auto-generated", m.Header.Get("Auto-Submitted"))
		require.Contains(t, m.Subject, "Grüße")
		require.Equal(t, "One.\n.\nÜber.\n", m.Text)
	}
}

func TestASignedInSender(t *testing.T) {
	server := testkit.NewMailServer(t)
	server.Ask("us er", "p@ss")
	require.NoError(t, sender(t, "smtp://us%20er:p%40ss@"+server.Addr, "a@example.org").Send(t.Context(), Letter{To: "b@example.org", Subject: "s", Text: "t"}))
	server.Next(t)
	err := sender(t, "smtp://us%20er:wrong@"+server.Addr, "a@example.org").Send(t.Context(), Letter{To: "b@example.org", Subject: "s", Text: "t"})
	require.ErrorContains(t, err, "535")
	require.NotContains(t, err.Error(), "wrong")
}

// A server elsewhere that offers no TLS gets nothing.
func TestNoTLSNoMail(t *testing.T) {
	server := testkit.NewMailServer(t)
	s := sender(t, "smtp://"+server.Addr, "a@example.org")
	strict := sender(t, "smtp://mail.example.org", "a@example.org")
	s.policy = strict.policy
	require.ErrorContains(t, s.Send(t.Context(), Letter{To: "b@example.org", Subject: "s", Text: "t"}), "STARTTLS")
	require.Zero(t, server.Count())
}

func TestServersThatAreNone(t *testing.T) {
	for _, address := range []string{"", "mail.example.org", "http://mail.example.org", "smtp://", "smtp://a:secret@host:0", "smtp://a:secret@host:port", "smtp://a:secret@ho st"} {
		_, err := New(address, "a@example.org")
		require.Error(t, err, address)
		require.NotContains(t, err.Error(), "secret")
	}
	_, err := New("smtp://localhost", "nobody")
	require.Error(t, err)
	require.Equal(t, 465, sender(t, "smtps://mail.example.org", "a@example.org").port)
	require.Equal(t, 587, sender(t, "smtp://mail.example.org", "a@example.org").port)
	require.Equal(t, 25, sender(t, "smtp://mail.example.org:25?tls=off", "a@example.org").port)
}

// A server that is silent, or gone, is given up; so is one whose asker goes.
func TestASilentServer(t *testing.T) {
	silent, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	accepted := make(chan net.Conn, 10)
	go func() {
		defer close(accepted)
		for {
			c, err := silent.Accept()
			if err != nil {
				return
			}
			accepted <- c
		}
	}()
	defer func() {
		require.NoError(t, silent.Close())
		for c := range accepted {
			_ = c.Close()
		}
	}()
	s := sender(t, "smtp://"+silent.Addr().String(), "a@example.org")
	s.takes = 50 * time.Millisecond
	var slow net.Error
	require.ErrorAs(t, s.Send(t.Context(), Letter{To: "b@example.org", Subject: "s", Text: "t"}), &slow)
	require.True(t, slow.Timeout())
	require.NoError(t, (<-accepted).Close())

	s.takes = time.Hour
	ctx, cancel := context.WithCancel(t.Context())
	ended := make(chan error, 1)
	go func() { ended <- s.Send(ctx, Letter{To: "b@example.org", Subject: "s", Text: "t"}) }()
	require.NoError(t, (<-accepted).Close())
	require.Error(t, <-ended)
	go func() { ended <- s.Send(ctx, Letter{To: "b@example.org", Subject: "s", Text: "t"}) }()
	c := <-accepted
	cancel()
	require.ErrorIs(t, <-ended, context.Canceled)
	require.NoError(t, c.Close())

	gone := testkit.NewMailServer(t)
	gone.Close()
	err = sender(t, "smtp://a:secret@"+gone.Addr, "a@example.org").Send(t.Context(), Letter{To: "b@example.org", Subject: "s", Text: "t"})
	require.Error(t, err)
	require.NotContains(t, err.Error(), "secret")
}

// Letters to many can be told apart when they come twice, and ended by one click.
func TestALetterToMany(t *testing.T) {
	server := testkit.NewMailServer(t)
	s := sender(t, "smtp://"+server.Addr, "Räum & Zeit <noreply@tv.example.org>")
	address := "https://tv.example.org/unsubscribe?token=" + strings.Repeat("0123456789", 12)
	require.NoError(t, s.Send(t.Context(), Letter{To: "alice@example.org", Subject: "s", Text: "t", ID: "b1.u1", Unsubscribe: address}))
	m := server.Next(t).Read(t)
	require.Equal(t, "<b1.u1@tv.example.org>", m.Header.Get("Message-ID"))
	require.Equal(t, "<"+address+">", m.Header.Get("List-Unsubscribe"))
	require.Equal(t, "List-Unsubscribe=One-Click", m.Header.Get("List-Unsubscribe-Post"))
}
