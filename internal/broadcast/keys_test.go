package broadcast

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/rostrumlive/rostrum/internal/account"
	"github.com/rostrumlive/rostrum/internal/live"
	"github.com/rostrumlive/rostrum/internal/store"
)

// An encoder whose key is revoked, by whichever process, is sent away at once,
// and the broadcast does not wait for it. Others are left alone.
func TestARevokedKeySendsItsEncoderAway(t *testing.T) {
	h := waiting(t, limit)
	first, second := h.key("alice"), h.key("alice")
	other := h.key("bob")
	pub, b := h.publish(first)
	part(t).Send(pub)
	h.awaitState(b.ID, store.StateLive)
	bobs, _ := h.publish(other)
	elsewhere := account.New(h.db) // as another process: it tells this one nothing
	k, err := h.db.StreamKeys(t.Context(), b.Channel.ID, 10)
	require.NoError(t, err)
	require.Equal(t, k[1].ID, h.row(b.ID).KeyID)

	require.NoError(t, elsewhere.RevokeKey(t.Context(), account.CommandLine(), "alice", k[0].ID))
	taker, err := h.m.Publish(t.Context(), from("127.0.0.1:2", second))
	refused(t, "revoked_key", err)
	require.Nil(t, taker)
	select {
	case <-pub.Kicked():
		t.Fatal("the key that was revoked is not its own")
	default:
	}
	require.NoError(t, elsewhere.RevokeKey(t.Context(), account.CommandLine(), "alice", k[1].ID))
	<-pub.Kicked()
	require.Equal(t, "revoked_key", pub.Reason().Code)
	ended(t, b)
	require.Equal(t, store.StateArchived, h.row(b.ID).State)
	select {
	case <-bobs.Kicked():
		t.Fatal("others go on")
	default:
	}
	bobs.Close(live.Stopped, nil)
}

// What is not to be recorded can be rewound while it is on air, and is gone
// afterwards.
func TestAChannelThatIsNotRecorded(t *testing.T) {
	h := newHouse(t, Any)
	_, err := h.accounts.EnsureChannel(t.Context(), "alice")
	require.NoError(t, err)
	require.NoError(t, h.setDetails("alice", account.Details{Recorded: new(false)}))
	pub, b := h.publish("alice")
	part(t).Send(pub)
	h.awaitState(b.ID, store.StateLive)
	require.False(t, h.row(b.ID).Recorded)
	require.Positive(t, b.settings.Keep)
	pub.Close(live.Stopped, nil)
	ended(t, b)
	require.Equal(t, store.StateDiscarded, h.row(b.ID).State)
	h.m.fade() // players had their time
	h.await("its media is gone", func() bool {
		totals, err := h.db.Totals(t.Context(), b.ID)
		require.NoError(t, err)
		return len(totals) == 0
	})
}

// A channel that is renamed while it is on air is found under both names.
func TestARenameOnAir(t *testing.T) {
	h := newHouse(t, Any)
	pub, b := h.publish("alice")
	_, err := h.accounts.Rename(t.Context(), account.CommandLine(), "alice", "alicia")
	require.NoError(t, err)
	h.await("the new name is known", func() bool { return h.m.Live("alicia") == b })
	require.Equal(t, b, h.m.Live("alice"))
	pub.Close(live.Stopped, nil)
	ended(t, b)
	require.Nil(t, h.m.Live("alicia"))
	require.Nil(t, h.m.Live("alice"))
	pub, b = h.publish("alicia")
	require.Equal(t, b, h.m.Live("alicia"))
	pub.Close(live.Stopped, nil)
	ended(t, b)
}
