package account

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"regexp"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// post is a mailer that keeps what it gets.
type post struct {
	letters chan string // "to: subject: text"
	fail    chan error  // what to fail with, when there is something
}

func newPost() *post { return &post{make(chan string, 100), make(chan error, 100)} }

func (p *post) send(_ context.Context, to, subject, text string) error {
	select {
	case err := <-p.fail:
		return err
	default:
	}
	p.letters <- to + ": " + subject + ": " + text
	return nil
}

func lettersOf(t *testing.T, s *Service, send Mailer) *Letters {
	t.Helper()
	r := s.NewLetters(send, "https://tv.example", slog.New(slog.DiscardHandler))
	t.Cleanup(func() { r.Close(context.Background()) })
	return r
}

func TestALinkIsMailed(t *testing.T) {
	s, ctx := service(t, t.TempDir()), t.Context()
	s.unlimited()
	u := addUser(t, s, "alice", RoleUser)
	a := signedIn(t, s, u)
	addUser(t, s, "off", RoleUser)
	require.NoError(t, s.SetDisabled(ctx, CommandLine(), "off", true))
	_, err := s.AddUser(ctx, CommandLine(), NewUser{Name: "silent", Password: goodPassword}) // no address
	require.NoError(t, err)
	p := newPost()
	r := lettersOf(t, s, p.send)
	p.fail <- errors.New("the server for mail is down") // one letter is lost, and nothing else
	for _, login := range []string{"alice", "nobody", "nobody@example.org", "off", "off@example.org", "silent", "not a name", "", " Alice@Example.org "} {
		require.NoError(t, r.AskForReset(login, "de-AT, en;q=0.5", Client{}), login)
	}
	r.Close(ctx)
	require.Len(t, p.letters, 1)
	letter := <-p.letters
	require.Regexp(t, `^alice@example.org: Ein neues Passwort für Rostrum: Hallo,`, letter)
	link := regexp.MustCompile(`(?m)^https://tv\.example/reset#(reset_\w{26})$`).FindStringSubmatch(letter)
	require.NotNil(t, link, letter)
	require.NoError(t, s.ResetPassword(ctx, link[1], "another horse", Client{}))
	_, _, err = s.SignIn(ctx, "alice", "another horse", Client{})
	require.NoError(t, err)
	_, good, err := s.SessionGood(ctx, a.Session)
	require.NoError(t, err)
	require.False(t, good)
	require.ErrorIs(t, r.AskForReset("alice", "", Client{}), ErrTooManyAttempts, "it is closed")
	r.Close(ctx)
}

// Asking costs the same whoever is asked for: nothing is read before the
// answer.
func TestAskReadsNothing(t *testing.T) {
	s := service(t, t.TempDir())
	addUser(t, s, "alice", RoleUser)
	s.unlimited()
	hold := make(chan struct{})
	defer close(hold)
	r := lettersOf(t, s, func(context.Context, string, string, string) error {
		<-hold
		return nil
	})
	require.NoError(t, r.AskForReset("alice", "", Client{}))
	require.Eventually(t, func() bool { return len(r.queue) == 0 }, time.Minute, time.Millisecond, "it is being mailed")
	for i := range letterQueue {
		require.NoError(t, r.AskForReset(fmt.Sprint("user", i), "", Client{}))
	}
	require.ErrorIs(t, r.AskForReset("one too many", "", Client{}), ErrTooManyAttempts)
}

func TestResetsAreLimited(t *testing.T) {
	s, ctx := service(t, t.TempDir()), t.Context()
	addUser(t, s, "alice", RoleUser)
	p := newPost()
	r := lettersOf(t, s, p.send)
	var err error
	for range attemptsPerAccount + 1 {
		err = r.AskForReset("alice", "", Client{})
	}
	require.ErrorIs(t, err, ErrTooManyAttempts)
	for range attemptsPerAccount {
		require.NoError(t, r.AskForReset("alice@example.org", "", Client{}))
	}
	r.Close(ctx)
	require.Len(t, p.letters, mailsAtOnce, "by whatever name they were asked for")
}

// Who stops the server waits no longer than it has time for.
func TestCloseAborts(t *testing.T) {
	s := service(t, t.TempDir())
	addUser(t, s, "alice", RoleUser)
	began := make(chan struct{})
	r := lettersOf(t, s, func(ctx context.Context, _, _, _ string) error {
		close(began)
		<-ctx.Done()
		return ctx.Err()
	})
	require.NoError(t, r.AskForReset("alice", "", Client{}))
	<-began
	grace, cancel := context.WithCancel(t.Context())
	cancel()
	r.Close(grace)
}
