package chat

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"image"
	"image/png"
	"io"
	"os"
	"path/filepath"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/rostrumlive/rostrum/internal/account"
	"github.com/rostrumlive/rostrum/internal/picture"
	"github.com/rostrumlive/rostrum/internal/store"
	"github.com/rostrumlive/rostrum/internal/testkit/postgres"
)

func TestSpeaking(t *testing.T) {
	p := newPlace(t, nil)
	alice, nobody := p.join(p.user("alice", account.PlaceNone)), p.join(account.Actor{})
	hello := alice.await("hello")
	require.Equal(t, true, hello["maySpeak"])
	require.Equal(t, "alice", hello["you"].(map[string]any)["name"])
	hello = nobody.await("hello")
	require.Equal(t, false, hello["maySpeak"])
	require.Equal(t, "signin", hello["why"])
	require.Nil(t, hello["you"])
	require.Equal(t, true, nobody.await("history")["complete"])
	alice.say("Hello, @Bob!")
	ack := alice.await("ack")
	require.Equal(t, "Hello, @Bob!", ack["nonce"])
	m := nobody.said("Hello, @Bob!")
	require.Equal(t, ack["id"], m["id"])
	require.Equal(t, []any{"bob"}, m["mentions"])
	row, err := p.db.ChatLine(t.Context(), m["id"].(string))
	require.NoError(t, err)
	require.Equal(t, p.channel.ID, row.ChannelID)
	nobody.say("Me too")
	require.Equal(t, "signin", nobody.await("refused")["code"])
	require.Equal(t, []string{"Hello, @Bob!"}, p.join(account.Actor{}).told(1))
}

func TestTooFast(t *testing.T) {
	p := newPlace(t, nil)
	a := p.user("alice", account.PlaceNone)
	one, two := p.join(a), p.join(a)
	for i := range burst {
		c := []*client{one, two}[i%2]
		c.say(fmt.Sprint("line ", i))
		c.await("ack")
	}
	one.say("one too many")
	e := one.await("slowmode")
	require.Equal(t, "one too many", e["nonce"])
	require.Greater(t, e["waitMs"].(float64), 0.0)
	require.LessOrEqual(t, e["waitMs"].(float64), 5000.0)
}

// A ban counts on all connections of a person, on all nodes.
func TestBanOnTwoNodes(t *testing.T) {
	for name, where := range map[string]func() string{
		"SQLite": func() string { return filepath.Join(t.TempDir(), "rostrum.db") }, "PostgreSQL": func() string { return postgres.Fresh(t) },
	} {
		t.Run(name, func(t *testing.T) { banOnTwoNodes(t, newPlaceAt(t, where(), nil)) })
	}
}

func banOnTwoNodes(t *testing.T, p *place) {
	other := *p
	other.on(p.bus, nil)
	mallory := p.user("mallory", account.PlaceNone)
	one, two := p.join(mallory), other.join(mallory)
	one.await("hello")
	two.await("hello")
	boss := other.join(p.user("boss", account.PlaceOwner))
	one.say("Spam!")
	one.await("ack")
	boss.said("Spam!")
	begun := time.Now()
	boss.say("/ban mallory no spam")
	require.Equal(t, "done", boss.await("notice")["code"])
	for _, c := range []*client{one, two} {
		require.Equal(t, mallory.User.ID, c.await("delete")["userId"])
		require.Equal(t, mallory.User.ID, c.await("ban")["userId"])
		you := c.await("you")
		require.Equal(t, false, you["maySpeak"])
		require.Equal(t, "banned", you["why"])
		require.Equal(t, "no spam", you["reason"])
		c.say("More spam!")
		require.Equal(t, "banned", c.await("refused")["code"])
	}
	t.Log("a ban took", time.Since(begun), "with six questions and answers")
	nobody := p.join(account.Actor{})
	nobody.await("hello")
	boss.say("/unban mallory")
	require.Equal(t, true, two.await("you")["maySpeak"])
	two.say("Sorry")
	two.await("ack")
	require.Equal(t, []string{"Sorry"}, nobody.told(1), "what was said before is gone")
}

// Modes are for everybody but those who moderate.
func TestModes(t *testing.T) {
	now := time.Now()
	follows := map[string]time.Time{}
	p := newPlace(t, func(o *Options) {
		o.Follows = func(_ context.Context, _, userID string) (time.Time, bool, error) {
			since, ok := follows[userID]
			return since, ok, nil
		}
	})
	boss := p.user("boss", account.PlaceOwner)
	fan, member := p.user("fan", account.PlaceNone), p.user("member", account.PlaceMember)
	follows[fan.User.ID] = now.Add(-5 * time.Minute)
	say := func(a account.Actor, text string) string {
		_, err := p.chat.Say(t.Context(), p.channel.ID, a, text, "")
		var no *Refusal
		if errors.As(err, &no) {
			return no.Code
		}
		require.NoError(t, err)
		return ""
	}
	mode := func(change func(*Settings)) {
		require.NoError(t, p.chat.As(t.Context(), boss, "show", func(m Moderator) error {
			_, err := m.Set(t.Context(), "", func(s *Settings) {
				*s = DefaultSettings()
				change(s)
			})
			return err
		}))
		m := p.join(account.Actor{})
		require.Eventually(t, func() bool { // it goes by the bus
			r, err := p.chat.hold(t.Context(), p.channel.ID)
			require.NoError(t, err)
			defer p.chat.release(r)
			want := DefaultSettings()
			change(&want)
			r.mu.Lock()
			defer r.mu.Unlock()
			return r.settings == want
		}, limit, time.Millisecond)
		_ = m.conn.Close()
		r, err := p.chat.hold(t.Context(), p.channel.ID)
		require.NoError(t, err)
		r.forgetStandings("")
		p.chat.release(r)
	}
	mode(func(s *Settings) { s.Followers = 10 * time.Minute })
	require.Equal(t, "followers", say(fan, "a1"))
	require.Empty(t, say(member, "a2"))
	mode(func(s *Settings) { s.Followers = time.Minute })
	require.Empty(t, say(fan, "b"))
	mode(func(s *Settings) { s.MembersOnly = true })
	require.Equal(t, "members", say(fan, "c1"))
	require.Empty(t, say(member, "c2"))
	mode(func(s *Settings) { s.Closed = true })
	require.Equal(t, "closed", say(member, "d1"))
	require.Empty(t, say(boss, "d2"))
	mode(func(s *Settings) { s.Links, s.EmoteOnly = false, false })
	require.Equal(t, CodeLink, say(member, "https://example.org"))
	require.Empty(t, say(boss, "https://example.org"))
	mode(func(s *Settings) { s.EmoteOnly = true })
	require.Equal(t, CodeEmoteOnly, say(member, "text"))
	require.Empty(t, say(member, "🎉🎉"))
	mode(func(s *Settings) { s.MaxLength = 3 })
	require.Equal(t, CodeLong, say(member, "four"))
	require.Equal(t, CodeEmpty, say(member, " \u200b\u3164 "))
	mode(func(s *Settings) { s.Slow = time.Hour })
	require.Equal(t, CodeSlow, say(member, "e"))
	require.Empty(t, say(boss, "e1"))
	require.Empty(t, say(boss, "e1"), "moderators repeat themselves")
	mode(func(*Settings) {})
	require.Empty(t, say(fan, "twice"))
	require.Equal(t, CodeDuplicate, say(fan, "twice"))
	require.Equal(t, "signin", say(account.Actor{}, "x"))
	require.Equal(t, CodeScope, say(tokenOf(t, p, fan, "read"), "x"))
	require.Empty(t, say(tokenOf(t, p, fan, "read chat"), "by a program"))
}

// tokenOf makes an API token of a user's.
func tokenOf(t *testing.T, p *place, a account.Actor, scopes string) account.Actor {
	row := store.APIToken{ID: p.db.NewID(), UserID: a.User.ID, Scopes: scopes, CreatedAt: time.Now()}
	require.NoError(t, p.db.Write(t.Context(), func(tx *store.Tx) error { return tx.InsertAPIToken(t.Context(), row, row.ID) }))
	return account.Actor{User: a.User, Token: row.ID, Scopes: account.ScopesOf(row)}
}

// A line that a filter holds is said once a moderator lets it.
func TestReview(t *testing.T) {
	p := newPlace(t, nil)
	boss, alice := p.user("boss", account.PlaceModerator), p.user("alice", account.PlaceNone)
	as := func(f func(Moderator) error) { require.NoError(t, p.chat.As(t.Context(), boss, "show", f)) }
	as(func(m Moderator) error {
		_, err := m.SetFilters(t.Context(), []Filter{{Kind: FilterWord, Text: "maybe", Act: ActHold}, {Kind: FilterWord, Text: "never", Act: ActRefuse}})
		return err
	})
	mod, speaker, other := p.join(boss), p.join(alice), p.join(account.Actor{})
	mod.await("hello")
	require.Eventually(t, func() bool {
		_, err := p.chat.Say(t.Context(), p.channel.ID, alice, "never", "")
		var no *Refusal
		return errors.As(err, &no) && no.Code == CodeWord
	}, limit, 10*time.Millisecond)
	speaker.say("Maybe, maybe not")
	speaker.await("held")
	id := mod.await("review")["line"].(map[string]any)["id"].(string)
	as(func(m Moderator) error { return m.Decide(t.Context(), id, true) })
	require.Equal(t, true, mod.await("reviewed")["allowed"])
	other.said("Maybe, maybe not")
	require.ErrorIs(t, p.chat.As(t.Context(), boss, "show", func(m Moderator) error { return m.Decide(t.Context(), id, true) }), ErrUnknownLine)
	require.ErrorIs(t, p.chat.As(t.Context(), alice, "show", func(Moderator) error { return nil }), account.ErrForbidden)
}

// Who comes back misses nothing, and hears of what was deleted meanwhile.
func TestComingBack(t *testing.T) {
	p := newPlace(t, nil)
	boss := p.user("boss", account.PlaceModerator)
	var ids []string
	for i := range 5 {
		l, err := p.chat.Say(t.Context(), p.channel.ID, boss, fmt.Sprint("line ", i), "")
		require.NoError(t, err)
		ids = append(ids, l.ID)
	}
	require.NoError(t, p.chat.As(t.Context(), boss, "show", func(m Moderator) error { return m.Delete(t.Context(), ids[3]) }))
	c := p.join(account.Actor{}, func(in *Connection) { in.After = ids[1] })
	h := c.await("history")
	require.Equal(t, true, h["complete"])
	var texts []any
	for _, l := range h["lines"].([]any) {
		texts = append(texts, l.(map[string]any)["text"])
	}
	require.Subset(t, texts, []any{"line 2", "line 4"})
	require.NotContains(t, texts, "line 3")
	require.Equal(t, []any{ids[3]}, c.await("delete")["ids"])
	require.Equal(t, false, p.join(account.Actor{}, func(in *Connection) { in.After = "nonsense" }).await("history")["complete"])
}

func TestPollAndReactions(t *testing.T) {
	p := newPlace(t, nil)
	boss := p.join(p.user("boss", account.PlaceOwner))
	a, b := p.join(p.user("alice", account.PlaceNone)), p.join(p.user("bob", account.PlaceNone))
	boss.say(`/poll "Well?" "Yes" "No" 60s`)
	id := a.await("poll")["poll"].(map[string]any)["id"]
	for _, vote := range []struct {
		c      *client
		option int
	}{{a, 0}, {b, 0}, {b, 1}} { // bob changes his mind
		vote.c.send(map[string]any{"type": "vote", "pollId": id, "option": vote.option})
	}
	for {
		q := boss.await("poll")["poll"].(map[string]any)
		o := q["options"].([]any)
		if q["total"] == 2.0 && o[0].(map[string]any)["votes"] == 1.0 && o[1].(map[string]any)["votes"] == 1.0 {
			break
		}
	}
	a.send(map[string]any{"type": "react", "emote": "🔥"})
	require.Equal(t, map[string]any{"🔥": 1.0}, boss.await("emote")["counts"])
	boss.say("/endpoll")
	for boss.await("poll")["poll"].(map[string]any)["ended"] != true {
	}
	boss.say("/nonsense")
	require.Equal(t, CodeCommand, boss.await("refused")["code"])
	a.say("/ban bob")
	require.Equal(t, "forbidden", a.await("refused")["code"])
	boss.say("/pin Rules: be kind")
	require.Equal(t, "Rules: be kind", a.await("pin")["line"].(map[string]any)["text"])
	boss.say("/me waves")
	require.Equal(t, true, b.said("waves")["action"])
	boss.say("//slash")
	b.said("/slash")
}

// A channel that becomes one for members ends the connections of others.
func TestWhoMayReadNoMore(t *testing.T) {
	p := newPlace(t, nil)
	stranger, member := p.join(account.Actor{}), p.join(p.user("member", account.PlaceMember))
	stranger.await("hello")
	member.await("hello")
	require.NoError(t, p.db.Write(t.Context(), func(tx *store.Tx) error {
		c, err := tx.Channel(t.Context(), p.channel.ID)
		require.NoError(t, err)
		c.Visibility = string(account.Members)
		return tx.UpdateChannel(t.Context(), c)
	}))
	p.chat.Changed(p.channel.ID)
	require.Equal(t, closeMayNotRead, stranger.closed())
	member.await("you")
	require.ErrorIs(t, p.chat.MayRead(t.Context(), func() account.Channel {
		c, err := p.db.Channel(t.Context(), p.channel.ID)
		require.NoError(t, err)
		return c
	}(), Asker{}), ErrMayNotRead)
	p.chat.Close()
	require.Equal(t, closeGoingAway, member.closed())
}

// What is shown of somebody is another from the next line on, on sockets that are
// open: the name, the colour, the badges.
func TestAnotherFace(t *testing.T) {
	p := newPlace(t, nil)
	alice := p.user("alice", account.PlaceNone)
	speaker, other := p.join(alice), p.join(account.Actor{})
	speaker.await("hello")
	says := func(text string) map[string]any {
		t.Helper()
		speaker.say(text)
		return other.said(text)["user"].(map[string]any)
	}
	require.Equal(t, []any{}, says("one")["badges"])

	admin := account.CommandLine()
	_, err := p.accounts.SetProfile(t.Context(), alice, account.Profile{DisplayName: "Alice A."})
	require.NoError(t, err)
	require.Equal(t, "Alice A.", speaker.await("you")["you"].(map[string]any)["displayName"])
	require.Equal(t, "Alice A.", says("two")["displayName"])

	require.NoError(t, p.accounts.SetVerified(t.Context(), admin, "alice", true))
	require.Equal(t, []any{"verified"}, speaker.await("you")["you"].(map[string]any)["badges"])
	require.Equal(t, []any{"verified"}, says("three")["badges"])

	require.NoError(t, p.chat.SetColor(t.Context(), alice, "#FF8800"))
	require.Equal(t, "#ff8800", speaker.await("you")["you"].(map[string]any)["color"])
	require.Equal(t, "#ff8800", says("four")["color"])

	require.NoError(t, p.accounts.SetRole(t.Context(), admin, "alice", account.RoleModerator))
	require.Equal(t, "moderator", speaker.await("you")["you"].(map[string]any)["role"])
	require.Equal(t, []any{"moderator", "verified"}, says("five")["badges"])

	require.NoError(t, p.accounts.SetDisabled(t.Context(), admin, "alice", true))
	require.Nil(t, speaker.await("you")["you"])
	speaker.say("six")
	require.Equal(t, "signin", speaker.await("refused")["code"])
}

// Who is kept out of the site reads no chat that is for some alone.
func TestDisabledReadsNoMore(t *testing.T) {
	p := newPlace(t, nil)
	boss, member := p.user("boss", account.PlaceOwner), p.join(p.user("member", account.PlaceMember))
	keeper := p.join(boss)
	keeper.await("hello")
	member.await("hello")
	require.NoError(t, p.chat.As(t.Context(), boss, "show", func(m Moderator) error {
		_, err := m.Set(t.Context(), "", func(s *Settings) { s.MembersRead = true })
		return err
	}))
	member.await("you")
	require.NoError(t, p.accounts.SetDisabled(t.Context(), account.CommandLine(), "member", true))
	require.Equal(t, closeMayNotRead, member.closed())
}

// Moderators hear at once what another one does, also to emotes.
func TestModeratorsHear(t *testing.T) {
	p := newPlace(t, nil)
	boss := p.user("boss", account.PlaceModerator)
	p.user("eve", account.PlaceNone)
	other, viewer := p.join(p.user("mona", account.PlaceModerator)), p.join(account.Actor{})
	other.await("hello")
	viewer.await("hello")
	var sent bytes.Buffer
	require.NoError(t, png.Encode(&sent, image.NewGray(image.Rect(0, 0, 8, 8))))
	e, err := p.chat.AddEmote(t.Context(), boss, "show", "wave", sent.Bytes())
	require.NoError(t, err)
	require.NoError(t, p.chat.RemoveEmote(t.Context(), boss, "show", e.ID))
	require.NoError(t, p.chat.As(t.Context(), boss, "show", func(m Moderator) error {
		_, err := m.Restrict(t.Context(), "eve", time.Minute, "")
		return err
	}))
	for _, act := range []string{"emote.add", "emote.remove", "timeout"} {
		heard := other.await("log")
		require.Equal(t, []any{"boss", act}, []any{heard["actor"], heard["act"]})
	}
	for {
		e, err := viewer.next()
		require.NoError(t, err)
		require.NotEqual(t, "log", e["type"], "it is for moderators alone")
		if e["type"] == "ban" {
			break
		}
	}
}

// An emote that moves goes on moving, where it can be made to, and else stands
// still.
func TestMovingEmotes(t *testing.T) {
	sent, err := os.ReadFile("../picture/testdata/moving.png")
	require.NoError(t, err)
	var fails atomic.Bool
	p := newPlace(t, func(o *Options) {
		o.Animate = func(_ context.Context, m *picture.Motion) ([]byte, error) {
			if fails.Load() {
				return nil, errors.New("no time")
			}
			return fmt.Appendf(nil, "%d x %d", m.Width, m.Height), nil
		}
	})
	boss := p.user("boss", account.PlaceModerator)
	e, err := p.chat.AddEmote(t.Context(), boss, "show", "wave", sent)
	require.NoError(t, err)
	require.True(t, e.Animated)
	require.Equal(t, e.ID+".webp", e.Picture)
	f, _, err := p.chat.o.Files.Get(t.Context(), EmoteObject(e.Picture))
	require.NoError(t, err)
	kept, err := io.ReadAll(f)
	require.NoError(t, err)
	require.NoError(t, f.Close())
	require.Equal(t, "16 x 12", string(kept))
	fails.Store(true)
	e, err = p.chat.AddEmote(t.Context(), boss, "show", "still", sent)
	require.NoError(t, err)
	require.False(t, e.Animated)
	require.Equal(t, e.ID+".jpg", e.Picture)
}

// Whose place was taken by another process, such as the command line, hears no
// more of what moderators alone hear.
func TestDemotedElsewhere(t *testing.T) {
	var later atomic.Int64
	p := newPlace(t, func(o *Options) { o.now = func() time.Time { return time.Now().Add(time.Duration(later.Load())) } })
	boss := p.user("boss", account.PlaceModerator)
	p.user("eve", account.PlaceNone)
	mona := p.join(p.user("mona", account.PlaceModerator))
	require.Equal(t, "moderator", mona.await("hello")["you"].(map[string]any)["role"])
	require.NoError(t, account.New(p.db).SetPlace(t.Context(), account.CommandLine(), "show", "mona", account.PlaceNone))
	later.Store(int64(standingFor))
	require.NoError(t, p.chat.As(t.Context(), boss, "show", func(m Moderator) error {
		_, err := m.Restrict(t.Context(), "eve", time.Minute, "")
		return err
	}))
	seen := map[any]bool{}
	for !seen["you"] || !seen["ban"] {
		e, err := mona.next()
		require.NoError(t, err)
		require.NotEqual(t, "log", e["type"])
		if e["type"] == "you" {
			require.Equal(t, "viewer", e["you"].(map[string]any)["role"])
		}
		seen[e["type"]] = true
	}
}
