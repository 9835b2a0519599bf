package broadcast

import (
	"context"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/rostrumlive/rostrum/internal/account"
	"github.com/rostrumlive/rostrum/internal/live"
	"github.com/rostrumlive/rostrum/internal/store"
	"github.com/rostrumlive/rostrum/internal/testkit"
)

// waiting is a house whose broadcasts wait for their encoders.
func waiting(t *testing.T, window time.Duration) *house {
	return openHouse(t, t.TempDir(), Options{Open: Any, ReconnectWindow: window})
}

func TestABroadcastWaitsForItsEncoder(t *testing.T) {
	h := waiting(t, limit)
	pub, b := h.publish("alice")
	part(t).Send(pub)
	h.awaitState(b.ID, store.StateLive)
	pub.Close(live.Lost, nil)
	row := h.awaitState(b.ID, store.StateInterrupted)
	require.WithinDuration(t, time.Now(), row.InterruptedAt, limit)
	require.Equal(t, store.StateInterrupted, b.State())
	require.Equal(t, []*Broadcast{b}, h.m.OnAir(), "it can be watched")
	require.NotContains(t, playlist(t, b, "video/source"), "ENDLIST")
	_, until := b.Interrupted()
	require.WithinDuration(t, row.InterruptedAt.Add(limit), until, time.Second)

	again, same := h.publish("alice")
	require.Same(t, b, same)
	part(t).Send(again)
	h.awaitState(b.ID, store.StateLive)
	require.Zero(t, h.row(b.ID).InterruptedAt)
	require.Equal(t, 1, strings.Count(playlist(t, b, "video/source"), "#EXT-X-DISCONTINUITY\n"))
	again.Close(live.Stopped, nil)
	ended(t, b)
	require.Equal(t, store.StateArchived, h.row(b.ID).State)
	h.awaitEvents(b.ID, "interrupted", "resumed")
}

func TestAWindowThatIsOverEndsTheBroadcast(t *testing.T) {
	h := waiting(t, 200*time.Millisecond)
	pub, b := h.publish("alice")
	part(t).Send(pub)
	h.awaitState(b.ID, store.StateLive)
	pub.Close(live.Lost, nil)
	ended(t, b)
	row := h.row(b.ID)
	require.Equal(t, store.StateArchived, row.State)
	require.Equal(t, "The encoder did not come back.", row.EndReason)
	require.Contains(t, playlist(t, b, "video/source"), "ENDLIST")
}

// The channel's own window counts, as it is at the loss.
func TestAChannelHasItsOwnWindow(t *testing.T) {
	h := waiting(t, limit)
	pub, b := h.publish("alice")
	part(t).Send(pub)
	h.awaitState(b.ID, store.StateLive)
	none := time.Duration(0)
	require.NoError(t, h.setDetails("alice", account.Details{ReconnectWindow: new(&none)}))
	pub.Close(live.Lost, nil)
	ended(t, b)
	require.Equal(t, store.StateArchived, h.row(b.ID).State)
}

func TestTakeoverRules(t *testing.T) {
	h := waiting(t, limit)
	for _, test := range []struct {
		rule        account.Takeover
		first, then string // ?priority=
		wins        bool
	}{
		{account.TakeoverNewest, "5", "1", true},
		{account.TakeoverRefuse, "1", "5", false},
		{account.TakeoverPriority, "1", "5", true},
		{account.TakeoverPriority, "5", "1", false},
		{account.TakeoverPriority, "5", "5", true},
		{account.TakeoverPriority, "", "", true},
		{account.TakeoverPriority, "5", "nonsense", false},
	} {
		name := strings.Join([]string{string(test.rule), test.first, test.then}, "-")
		t.Run(name, func(t *testing.T) {
			h := h
			h.t = t
			channel := "c-" + strings.ToLower(name)
			_, err := h.accounts.EnsureChannel(t.Context(), channel)
			require.NoError(t, err)
			require.NoError(t, h.setDetails(channel, account.Details{Takeover: &test.rule}))
			publish := func(priority string) (*live.Publisher, error) {
				req := from("127.0.0.1:1", channel)
				req.Query = url.Values{"priority": {priority}}
				return h.m.Publish(t.Context(), req)
			}
			pub, err := publish(test.first)
			require.NoError(t, err)
			part(t).Send(pub)
			b := h.m.Live(channel)
			h.awaitState(b.ID, store.StateLive)
			part(t).Send(pub) // it is not silent
			newer, err := publish(test.then)
			if !test.wins {
				refused(t, "channel_busy", err)
				pub.Close(live.Stopped, nil)
				ended(t, b)
				return
			}
			require.NoError(t, err)
			<-pub.Kicked()
			newer.Close(live.Stopped, nil)
			ended(t, b)
		})
	}
}

// An encoder whose cable is out holds no channel, whatever the rule.
func TestASilentEncoderMakesRoom(t *testing.T) {
	for _, rule := range []account.Takeover{account.TakeoverNewest, account.TakeoverRefuse, account.TakeoverPriority} {
		require.NoError(t, yields(rule, silence, 9, 1), rule)
	}
}

func TestRulesThatCannotBe(t *testing.T) {
	h := waiting(t, limit)
	_, err := h.accounts.EnsureChannel(t.Context(), "alice")
	require.NoError(t, err)
	oldest, long := account.Takeover("oldest"), time.Hour
	require.ErrorIs(t, h.setDetails("alice", account.Details{Takeover: &oldest}), account.ErrBadTakeover)
	require.ErrorIs(t, h.setDetails("alice", account.Details{ReconnectWindow: new(&long)}), account.ErrBadReconnectWindow)
	require.ErrorIs(t, h.setDetails("nobody", account.Details{}), account.ErrUnknownChannel)
}

func (h *house) setDetails(channel string, d account.Details) error {
	_, err := h.accounts.SetDetails(h.t.Context(), account.CommandLine(), channel, account.AnyRevision, d)
	return err
}

// leave shuts a house down, so that another can be opened over its folder.
func (h *house) leave() {
	h.t.Helper()
	require.NoError(h.t, h.m.Shutdown(h.t.Context()))
	h.library.Close()
}

// A server that is started again goes on with its broadcasts: the same lists
// under the same numbers, one recording.
func TestABroadcastGoesOnAfterARestart(t *testing.T) {
	h := waiting(t, limit)
	pub, b := h.publish("alice")
	part(t).Send(pub)
	h.awaitState(b.ID, store.StateLive)
	h.leave()
	require.Equal(t, "server_stops", pub.Reason().Code)
	pub.Close(live.Lost, nil)
	require.Equal(t, store.StateInterrupted, h.row(b.ID).State)
	before, err := testkit.ParseMedia(playlist(t, b, "video/source"))
	require.NoError(t, err)
	require.False(t, before.EndList)

	next := openHouse(t, h.dir, Options{Open: Any, ReconnectWindow: limit})
	again := next.m.Live("alice")
	require.NotNil(t, again)
	require.Equal(t, b.ID, again.ID)
	require.Equal(t, store.StateInterrupted, again.State())
	waits, err := testkit.ParseMedia(playlist(t, again, "video/source"))
	require.NoError(t, err)
	require.Equal(t, len(before.Segments), len(waits.Segments))
	for i := range before.Segments {
		require.Equal(t, before.Segments[i].URI, waits.Segments[i].URI)
	}

	fresh, same := next.publish("alice")
	require.Same(t, again, same)
	part(t).Send(fresh)
	next.awaitState(b.ID, store.StateLive)
	fresh.Close(live.Stopped, nil)
	ended(t, again)
	row := next.row(b.ID)
	require.Equal(t, store.StateArchived, row.State)
	after, err := testkit.ParseMedia(playlist(t, again, "video/source"))
	require.NoError(t, err)
	require.True(t, after.EndList)
	require.Greater(t, len(after.Segments), len(before.Segments))
	require.True(t, after.Segments[len(before.Segments)].Discontinuity)
	rows, err := next.db.Segments(context.Background(), b.ID, "video/source", 0, 100)
	require.NoError(t, err)
	require.Len(t, rows, len(after.Segments))
}

func TestARestartThatTookTooLongEndsTheBroadcast(t *testing.T) {
	h := waiting(t, limit)
	pub, b := h.publish("alice")
	part(t).Send(pub)
	h.awaitState(b.ID, store.StateLive)
	h.leave()
	pub.Close(live.Lost, nil)
	h.exec(`UPDATE broadcasts SET interrupted_at = interrupted_at - 3600000`)
	next := openHouse(t, h.dir, Options{Open: Any, ReconnectWindow: limit})
	require.Nil(t, next.m.Live("alice"))
	require.Equal(t, store.StateArchived, next.row(b.ID).State)
}

// Two encoders that come back by themselves do not take a channel from each
// other for ever, and one that comes while nobody sends is always let in.
func TestAFightEnds(t *testing.T) {
	h := waiting(t, limit)
	addresses := [2]string{"10.0.0.1:1", "10.0.0.2:1"}
	var feeds *live.Publisher
	refusals := 0
	for round := 0; refusals == 0; round++ {
		require.Less(t, round, 3*fightRounds, "the fight goes on")
		pub, err := h.m.Publish(t.Context(), from(addresses[round%2], "alice"))
		if err != nil {
			refused(t, "taken_over", err)
			refusals++
			continue
		}
		part(t).Send(pub)
		feeds = pub
	}
	b := h.m.Live("alice")
	h.awaitState(b.ID, store.StateLive)
	feeds.Close(live.Lost, nil)
	for _, addr := range addresses {
		pub, err := h.m.Publish(t.Context(), from(addr, "alice"))
		require.NoError(t, err)
		pub.Close(live.Lost, nil)
	}
}
