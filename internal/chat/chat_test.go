package chat

import (
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/rostrumlive/rostrum/internal/account"
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
	p := newPlace(t, nil)
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
	t.Log("a ban took", time.Since(begun))
	nobody := p.join(account.Actor{})
	nobody.await("hello")
	boss.say("/unban mallory")
	require.Equal(t, true, two.await("you")["maySpeak"])
	two.say("Sorry")
	two.await("ack")
	require.Equal(t, []string{"Sorry"}, nobody.told(1), "what was said before is gone")
}
