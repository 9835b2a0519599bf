package mail

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/rostrumlive/rostrum/internal/testkit"
)

func letterTo(to string) Letter { return Letter{To: to, Subject: "s", Text: "t"} }

// requireLeft waits until the server has said goodbye to all.
func requireLeft(t *testing.T, server *testkit.MailServer) {
	t.Helper()
	require.Eventually(t, func() bool {
		_, open := server.Conns()
		return open == 0
	}, time.Minute, time.Millisecond)
}

// Letters go by as many connections as send at one time, and those end.
func TestLettersShareConnections(t *testing.T) {
	server := testkit.NewTLSMailServer(t)
	s := sender(t, "smtps://"+server.Addr, "a@example.org")
	s.roots = server.Roots
	for i := range 10 {
		require.NoError(t, s.Send(t.Context(), letterTo(fmt.Sprintf("b%d@example.org", i))))
		got := server.Next(t)
		require.Equal(t, []string{fmt.Sprintf("b%d@example.org", i)}, got.To)
	}
	met, open := server.Conns()
	require.Equal(t, []int{1, 1}, []int{met, open})
	var all sync.WaitGroup
	for range 2 * mostIdle {
		all.Go(func() {
			for range 5 {
				if err := s.Send(t.Context(), letterTo("b@example.org")); err != nil {
					t.Error(err)
				}
			}
		})
	}
	all.Wait()
	require.Equal(t, 10+10*mostIdle, server.Count())
	s.mu.Lock()
	require.LessOrEqual(t, len(s.idle), mostIdle)
	s.mu.Unlock()
	s.Close()
	s.Close()
	requireLeft(t, server)
	for range 10 * mostIdle {
		server.Next(t)
	}
	require.NoError(t, s.Send(t.Context(), letterTo("late@example.org")))
	require.Equal(t, []string{"late@example.org"}, server.Next(t).To)
	requireLeft(t, server)
}

// A connection that nobody uses ends by itself, and so does one by which as many
// letters went as servers allow.
func TestConnectionsEnd(t *testing.T) {
	server := testkit.NewMailServer(t)
	s := sender(t, "smtp://"+server.Addr, "a@example.org")
	s.idleFor = time.Millisecond
	require.NoError(t, s.Send(t.Context(), letterTo("b@example.org")))
	requireLeft(t, server)
	server.Next(t)
	s.idleFor = time.Hour
	before, _ := server.Conns()
	for range mostLetters + 1 {
		require.NoError(t, s.Send(t.Context(), letterTo("b@example.org")))
		server.Next(t)
	}
	met, _ := server.Conns()
	require.Equal(t, before+2, met)
}

// A server that had enough of a connection is spoken to by another: the letter
// comes once.
func TestAServerThatHangsUp(t *testing.T) {
	for _, at := range []string{"MAIL", "RCPT", "DATA"} {
		t.Run(at, func(t *testing.T) {
			server := testkit.NewMailServer(t)
			s := sender(t, "smtp://"+server.Addr, "a@example.org")
			require.NoError(t, s.Send(t.Context(), letterTo("first@example.org")))
			server.Next(t)
			first := true
			server.Answer(func(verb, _ string) string {
				if verb == at && first {
					first = false
					return "421 too many letters"
				}
				return ""
			})
			require.NoError(t, s.Send(t.Context(), letterTo("second@example.org")))
			require.Equal(t, []string{"second@example.org"}, server.Next(t).To)
			require.Equal(t, 2, server.Count())
			met, _ := server.Conns()
			require.Equal(t, 2, met)
		})
	}
	t.Run("while it waits", func(t *testing.T) {
		server := testkit.NewMailServer(t)
		s := sender(t, "smtp://"+server.Addr, "a@example.org")
		require.NoError(t, s.Send(t.Context(), letterTo("first@example.org")))
		server.Close()
		err := s.Send(t.Context(), letterTo("second@example.org"))
		require.ErrorContains(t, err, "refused", "it is looked for anew")
		require.NotErrorIs(t, err, ErrRefused)
	})
}

// A letter that is refused says nothing of the others; trouble is no refusal.
func TestARefusedLetter(t *testing.T) {
	server := testkit.NewMailServer(t)
	s := sender(t, "smtp://"+server.Addr, "a@example.org")
	server.Answer(func(verb, rest string) string {
		switch {
		case verb == "RCPT" && strings.Contains(rest, "nobody"):
			return "550 no such user"
		case verb == "RCPT" && strings.Contains(rest, "full"):
			return "452 full"
		}
		return ""
	})
	for range 2 {
		require.NoError(t, s.Send(t.Context(), letterTo("b@example.org")))
		require.Equal(t, []string{"b@example.org"}, server.Next(t).To)
		require.ErrorIs(t, s.Send(t.Context(), letterTo("nobody@example.org")), ErrRefused)
		err := s.Send(t.Context(), letterTo("full@example.org"))
		require.ErrorContains(t, err, "452")
		require.NotErrorIs(t, err, ErrRefused)
	}
	require.Equal(t, 2, server.Count())
	// That the server takes a letter counts, whatever it says then.
	server.Answer(func(verb, _ string) string {
		if verb == "RSET" {
			return "421 bye"
		}
		return ""
	})
	require.NoError(t, s.Send(t.Context(), letterTo("b@example.org")))
	server.Next(t)
	require.Equal(t, 3, server.Count())
	s.Close()
	requireLeft(t, server)
}

// Who asks for a letter and goes ends its connection, also one that was there
// before.
func TestALetterEndsWithItsContext(t *testing.T) {
	server := testkit.NewMailServer(t)
	s := sender(t, "smtp://"+server.Addr, "a@example.org")
	require.NoError(t, s.Send(t.Context(), letterTo("b@example.org")))
	server.Next(t)
	hold, began := make(chan struct{}), make(chan struct{})
	server.Answer(func(verb, _ string) string {
		if verb == "MAIL" {
			close(began)
			<-hold
		}
		return ""
	})
	ctx, cancel := context.WithCancel(t.Context())
	ended := make(chan error, 1)
	go func() { ended <- s.Send(ctx, letterTo("c@example.org")) }()
	<-began
	cancel()
	require.ErrorIs(t, <-ended, context.Canceled)
	close(hold)
	requireLeft(t, server)
	require.Equal(t, 1, server.Count())
}

// BenchmarkLetters sends letters as notify does, four at one time, each by a
// connection of its own and by those that other letters left.
func BenchmarkLetters(b *testing.B) {
	for _, kind := range []string{"TLS", "clear"} {
		for _, how := range []string{"each its own", "shared"} {
			b.Run(kind+"/"+how, func(b *testing.B) {
				server, scheme := testkit.NewMailServer(b), "smtp://"
				if kind == "TLS" {
					server, scheme = testkit.NewTLSMailServer(b), "smtps://"
				}
				s := sender(b, scheme+server.Addr, "a@example.org")
				if s.roots = server.Roots; how != "shared" {
					s.Close()
				}
				if err := send(b, s, server); err != nil {
					b.Fatal(err)
				}
				b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "letters/s")
			})
		}
	}
}

// send sends b.N letters.
func send(b *testing.B, s *Sender, server *testkit.MailServer) error {
	numbers := make(chan int)
	errs := make(chan error, mostIdle)
	b.ResetTimer()
	for range mostIdle {
		go func() {
			var err error
			for i := range numbers {
				err = errors.Join(err, s.Send(b.Context(), letterTo(fmt.Sprintf("b%d@example.org", i))))
				server.Next(b)
			}
			errs <- err
		}()
	}
	for i := range b.N {
		numbers <- i
	}
	close(numbers)
	var err error
	for range mostIdle {
		err = errors.Join(err, <-errs)
	}
	b.StopTimer()
	return err
}
