package notify

import (
	"context"
	"errors"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/rostrumlive/rostrum/internal/account"
	"github.com/rostrumlive/rostrum/internal/mail"
	"github.com/rostrumlive/rostrum/internal/store"
	"github.com/rostrumlive/rostrum/internal/testkit"
)

var yes, no = true, false

// mailingSite is a site that sends letters by a server.
func mailingSite(t *testing.T) (*site, *testkit.MailServer) {
	t.Helper()
	server := testkit.NewMailServer(t)
	sender, err := mail.New("smtp://"+server.Addr, "tv@tv.example")
	require.NoError(t, err)
	t.Cleanup(sender.Close)
	return newSite(t, func(o *Options) { o.Mail = sender }), server
}

// A letter arrives, once for each broadcast, in the reader's language, and its
// link ends them without signing in.
func TestALetterArrives(t *testing.T) {
	s, server := mailingSite(t)
	vera := s.follower("vera", store.Ways{Mail: &yes}, "en")
	s.follower("bernd", store.Ways{Mail: &yes}, "de")
	s.follower("quiet", store.Ways{}, "en")
	b := s.goLive("Chess & tea")
	s.work()
	letters := map[string]testkit.ReadLetter{}
	for range 2 {
		l := server.Next(t)
		letters[l.To[0]] = l.Read(t)
	}
	en, de := letters["vera@example.org"], letters["bernd@example.org"]
	require.Equal(t, "show is live: Chess & tea", en.Subject)
	require.Equal(t, "show ist live: Chess & tea", de.Subject)
	require.Equal(t, "<"+b.ID+"."+vera.User.ID+"@tv.example>", en.Header.Get("Message-ID"))
	require.Equal(t, "List-Unsubscribe=One-Click", en.Header.Get("List-Unsubscribe-Post"))
	require.Contains(t, en.Text, "Chess & tea\n\n    https://tv.example/@show\n")
	link := strings.Trim(en.Header.Get("List-Unsubscribe"), "<>")
	require.Contains(t, en.Text, link)
	require.Contains(t, de.Text, "Wähle")

	u, err := url.Parse(link)
	require.NoError(t, err)
	require.Equal(t, "tv.example/unsubscribe", u.Host+u.Path)
	token := u.Query().Get("token")
	c, err := s.LettersOf(t.Context(), token)
	require.NoError(t, err)
	require.Equal(t, s.channel.ID, c.ID)
	for range 2 {
		require.NoError(t, s.EndLetters(t.Context(), token, OfChannel))
	}
	f, err := s.db.Follower(t.Context(), s.channel.ID, vera.User.ID)
	require.NoError(t, err)
	require.Equal(t, store.Ways{Mail: &no}, f.Ways)
	s.end(b)
	s.pass(time.Hour)
	s.goLive("")
	s.work()
	require.Equal(t, []string{"bernd@example.org"}, server.Next(t).To)
	require.Equal(t, 3, server.Count())
}

// An address that is not confirmed may be a stranger's: it gets no letter, also
// where one is in line already.
func TestUnconfirmedAddresses(t *testing.T) {
	s, server := mailingSite(t)
	s.follower("vera", store.Ways{Mail: &yes}, "en")
	changes := s.follower("changes", store.Ways{Mail: &yes}, "en")
	typed := s.follower("typed", store.Ways{Mail: &yes}, "en")
	address := func(a account.Actor, email string) {
		_, err := s.accounts.SetProfile(t.Context(), a, account.Profile{DisplayName: "x", Email: email})
		require.NoError(t, err)
	}
	address(typed, "mistyped@example.org")
	s.goLive("")
	for s.announceNext(t.Context()) {
	}
	address(changes, "stranger@example.org")
	s.send1()
	require.Equal(t, []string{"vera@example.org"}, server.Next(t).To)
	require.Equal(t, 1, server.Count())
	due, err := s.db.NoticeDue(t.Context(), store.ByMail, day.Add(24*time.Hour))
	require.NoError(t, err)
	require.False(t, due, "and none waits for it")
}

// A batch goes by as many connections as letters are sent at one time.
func TestLettersShareConnections(t *testing.T) {
	s, server := mailingSite(t)
	for _, name := range []string{"anna", "bert", "cleo", "dora", "emil", "fred", "gwen", "hugo", "ilse", "jana"} {
		s.follower(name, store.Ways{Mail: &yes}, "en")
	}
	s.goLive("")
	s.work()
	require.Equal(t, 10, server.Count())
	met, _ := server.Conns()
	require.LessOrEqual(t, met, s.mailLine().workers)
}

func TestLinksOfLetters(t *testing.T) {
	s := newSite(t, nil)
	vera, other := s.follower("vera", store.Ways{Mail: &yes}, "en"), s.follower("other", store.Ways{Mail: &yes}, "en")
	require.NoError(t, s.accounts.SetNotifySettings(t.Context(), vera, store.NotifySettings{Mail: true, Push: true}, "de"))
	token, err := s.unsubscribeToken(t.Context(), vera.User.ID, s.channel.ID)
	require.NoError(t, err)
	mac := token[strings.LastIndex(token, "."):]
	for _, wrong := range []string{
		"", "..", "a.b.c", "a.b.!", token[1:], token + "A", strings.Repeat("x", 300), other.User.ID + "." + s.channel.ID + mac,
		vera.User.ID + "." + vera.User.ID + mac, vera.User.ID + "." + s.channel.ID + ".",
	} {
		require.ErrorIs(t, s.EndLetters(t.Context(), wrong, All), ErrBadLink, wrong)
		_, err := s.LettersOf(t.Context(), wrong)
		require.ErrorIs(t, err, ErrBadLink, wrong)
	}
	require.NoError(t, s.EndLetters(t.Context(), token, All))
	set, err := s.db.NotifySettings(t.Context(), vera.User.ID)
	require.NoError(t, err)
	require.Equal(t, store.NotifySettings{Push: true, Language: "de"}, set)
	f, err := s.db.Follower(t.Context(), s.channel.ID, vera.User.ID)
	require.NoError(t, err)
	require.Nil(t, f.Ways.Mail)
	f, err = s.db.Follower(t.Context(), s.channel.ID, other.User.ID)
	require.NoError(t, err)
	require.True(t, *f.Ways.Mail, "others' letters go on")
	require.NoError(t, s.accounts.Unfollow(t.Context(), vera, "show"))
	require.NoError(t, s.EndLetters(t.Context(), token, OfChannel))
}

// brokenSender fails as it is told.
type brokenSender struct {
	mu    sync.Mutex
	err   error
	tried int
}

func (b *brokenSender) Send(context.Context, mail.Letter) error {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.tried++
	return b.err
}

// A server for mail that is away is not tried letter by letter; one that refuses
// a letter is not asked again.
func TestAServerForMailThatIsAway(t *testing.T) {
	sender := &brokenSender{err: errors.New("away")}
	s := newSite(t, func(o *Options) { o.Mail = sender })
	for _, name := range []string{"anna", "bert", "cleo", "dora", "emil", "fred", "gwen", "hugo", "ilse", "jana"} {
		s.follower(name, store.Ways{Mail: &yes}, "en")
	}
	s.goLive("")
	s.work()
	require.LessOrEqual(t, sender.tried, 4, "one for each worker")
	require.NotZero(t, sender.tried)
	sender.err, sender.tried = nil, 0
	s.pass(2 * restFor)
	s.work()
	require.Equal(t, 10, sender.tried)

	sender.err, sender.tried = mail.ErrRefused, 0
	s.end(s.onAir())
	s.pass(time.Hour)
	s.goLive("")
	s.work()
	s.pass(time.Hour)
	s.work()
	require.Equal(t, 10, sender.tried)
}
