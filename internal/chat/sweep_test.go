package chat

import (
	"fmt"
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/rostrumlive/rostrum/internal/account"
	"github.com/rostrumlive/rostrum/internal/store"
	"github.com/rostrumlive/rostrum/internal/testkit/postgres"
)

// Lines live as long as the recording that they are shown with, and else for a
// time.
func TestSweep(t *testing.T) {
	for kind, where := range map[string]string{"SQLite": filepath.Join(t.TempDir(), "rostrum.db"), "PostgreSQL": postgres.Fresh(t)} {
		t.Run(kind, func(t *testing.T) { sweeps(t, newPlaceAt(t, where, nil)) })
	}
}

func sweeps(t *testing.T, p *place) {
	ctx := t.Context()
	const keep = 90 * 24 * time.Hour
	now := time.Now()
	old, young := now.Add(-keep-time.Hour), now.Add(-keep+time.Hour)
	serial := 0
	idAt := func(at time.Time) string { // ids of that time, each another
		serial++
		id := store.IDAt(at)
		return id[:len(id)-4] + fmt.Sprintf("%04d", serial)
	}
	require.NoError(t, p.db.Write(ctx, func(tx *store.Tx) error {
		var lines []store.ChatLine
		say := func(text, broadcast string, at time.Time) {
			id := idAt(at)
			lines = append(lines, store.ChatLine{ID: id, ChannelID: p.channel.ID, UserID: "u", BroadcastID: broadcast, Line: fmt.Sprintf(`{"type":"message","id":%q,"text":%q}`, id, text)})
		}
		on := func(state store.State) string {
			b := store.Broadcast{ID: idAt(old), ChannelID: p.channel.ID, State: state, CreatedAt: old, Recorded: true}
			require.NoError(t, tx.InsertBroadcast(ctx, b))
			return b.ID
		}
		for range 2*sweptAtOnce + 1 {
			say("idle, old", "", old)
		}
		say("idle, young", "", young)
		for _, state := range []store.State{store.StateLive, store.StateEnded, store.StateArchived} {
			say("of a recording that is "+string(state), on(state), old)
		}
		gone := on(store.StateDiscarded)
		for range sweptAtOnce + 1 {
			say("of a recording that is gone", gone, old)
		}
		say("said late", gone, young)
		say("of nothing that is known", idAt(old), old)
		return tx.InsertChatLines(ctx, lines)
	}))
	reader := p.join(account.Actor{}) // a room has them in memory
	reader.await("history")
	n, err := p.chat.Sweep(ctx, keep)
	require.NoError(t, err)
	require.Equal(t, 2*sweptAtOnce+1+sweptAtOnce+1+1, n)
	left := []string{"idle, young", "of a recording that is archived", "of a recording that is ended", "of a recording that is live", "said late"}
	require.Eventually(t, func() bool {
		var texts []string
		for _, l := range p.join(account.Actor{}).await("history")["lines"].([]any) {
			texts = append(texts, l.(map[string]any)["text"].(string))
		}
		return len(texts) == len(left) && len(diff(left, texts)) == 0
	}, limit, 20*time.Millisecond)
	n, err = p.chat.Sweep(ctx, keep)
	require.NoError(t, err)
	require.Zero(t, n)
}

// diff lists what is in one and not in the other.
func diff(one, other []string) (missing []string) {
	has := map[string]bool{}
	for _, s := range other {
		has[s] = true
	}
	for _, s := range one {
		if !has[s] {
			missing = append(missing, s)
		}
	}
	return missing
}
