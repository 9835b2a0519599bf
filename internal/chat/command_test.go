package chat

import (
	"maps"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/rostrumlive/rostrum/internal/account"
)

// answered is what an answer has beside its kind and its sentence.
func answered(t *testing.T, e event) map[string]any {
	t.Helper()
	require.NotEmpty(t, e["text"])
	rest := maps.Clone(e)
	delete(rest, "type")
	delete(rest, "text")
	delete(rest, "nonce")
	return rest
}

// What a command answers says by codes and figures what its sentence says.
func TestAnswersOfCommands(t *testing.T) {
	p := newPlace(t, nil)
	boss := p.join(p.user("boss", account.PlaceOwner))
	p.user("bob", account.PlaceNone)
	for _, c := range []struct {
		typed string
		want  map[string]any
	}{
		{"/timeout bob", map[string]any{"command": "timeout", "name": "bob", "durationMs": 600_000.0}},
		{"/TIMEOUT @bob 90 so it is", map[string]any{"command": "timeout", "name": "bob", "durationMs": 90_000.0}},
		{"/untimeout bob", map[string]any{"command": "untimeout", "name": "bob"}},
		{"/ban bob", map[string]any{"command": "ban", "name": "bob"}},
		{"/unban bob", map[string]any{"command": "unban", "name": "bob"}},
		{"/purge bob", map[string]any{"command": "purge", "name": "bob"}},
		{"/mod bob", map[string]any{"command": "mod", "name": "bob"}},
		{"/unmod bob", map[string]any{"command": "unmod", "name": "bob"}},
		{"/slow", map[string]any{"command": "slow", "durationMs": 30_000.0}},
		{"/slow 0", map[string]any{"command": "slow"}},
		{"/followers", map[string]any{"command": "followers"}},
		{"/followers 2d", map[string]any{"command": "followers", "durationMs": 172_800_000.0}},
		{"/links off", map[string]any{"command": "links", "value": "off"}},
		{"/links on", map[string]any{"command": "links", "value": "on"}},
		{"/members", map[string]any{"command": "members"}},
		{"/pin Be kind", map[string]any{"command": "pin"}},
		{"/clear", map[string]any{"command": "clear"}},
	} {
		boss.say(c.typed)
		c.want["code"] = NoticeDone
		require.Equal(t, c.want, answered(t, boss.await("notice")), c.typed)
	}
}

// Help lists every command, and a refusal names the one that it is about.
func TestRefusedCommands(t *testing.T) {
	require.ElementsMatch(t, slices.Collect(maps.Keys(commands)), listed)
	p := newPlace(t, nil)
	boss, bob := p.join(p.user("boss", account.PlaceOwner)), p.join(p.user("bob", account.PlaceNone))
	bob.say("/help")
	help := answered(t, bob.await("notice"))
	require.Equal(t, NoticeHelp, help["code"])
	require.Len(t, help["commands"], len(listed))
	bob.say("/a<b>\u202ename that goes on and on x")
	require.Equal(t, map[string]any{"code": CodeCommand, "command": "a<b>name"}, answered(t, bob.await("refused")))
	bob.say("/ban boss")
	require.Equal(t, map[string]any{"code": account.ErrForbidden.Code}, answered(t, bob.await("refused")))
	for name, c := range commands {
		require.Contains(t, c.usage, "/"+name)
	}
	boss.say("/links")
	require.Equal(t, map[string]any{"code": CodeCommand, "command": "links", "usage": "/links on or off"}, answered(t, boss.await("refused")))
	boss.say("/slow soon")
	require.Equal(t, "slow", boss.await("refused")["command"])
	boss.say("/timeout bob 0")
	require.Equal(t, map[string]any{"code": ErrBadTime.Code}, answered(t, boss.await("refused")))
	boss.send(map[string]any{"type": "react", "emote": "x"})
	require.Equal(t, map[string]any{"code": CodeUnknown}, answered(t, boss.await("refused")))
	boss.send(map[string]any{"type": "dance"})
	require.Equal(t, map[string]any{"code": NoticeUnknown}, answered(t, boss.await("notice")))
}
