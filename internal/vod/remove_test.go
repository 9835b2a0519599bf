package vod

import (
	"net/http"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/rostrumlive/rostrum/internal/cliptest"
	"github.com/rostrumlive/rostrum/internal/packager"
	"github.com/rostrumlive/rostrum/internal/store"
)

// recorded is a broadcast that is over and can be played.
func (h *house) recorded() string {
	h.t.Helper()
	a := h.begin(packager.Options{}, 0)
	cliptest.Load(h.t).Between(0, 3*time.Second).Send(a.pub)
	a.end()
	h.archive(a.id)
	require.Equal(h.t, http.StatusOK, h.multivariant(a.id).Code)
	require.Equal(h.t, http.StatusOK, h.playlist(a.id, video).Code)
	return a.id
}

func (h *house) requireGone(id string) {
	h.t.Helper()
	require.Equal(h.t, http.StatusGone, h.multivariant(id).Code)
	require.Equal(h.t, http.StatusGone, h.playlist(id, video).Code)
	require.Equal(h.t, http.StatusGone, h.media(id, video, "seg0.m4s").Code)
	require.Equal(h.t, http.StatusGone, h.mediaByTLS(id, video, "seg0.m4s").Code)
	for key, err := range h.files.List(h.t.Context(), id) {
		require.NoError(h.t, err)
		h.t.Fatalf("%s is left", key)
	}
	row, err := h.db.Broadcast(h.t.Context(), id)
	require.NoError(h.t, err)
	require.Equal(h.t, store.StateDiscarded, row.State)
}

func TestRemove(t *testing.T) {
	h := newHouse(t, nil)
	id, other := h.recorded(), h.recorded()
	require.Equal(t, http.StatusOK, h.mediaByTLS(id, video, "seg0.m4s").Code, "it is in memory now")
	require.NoError(t, h.lib.Remove(t.Context(), id, nil))
	h.requireGone(id)
	require.NoError(t, h.lib.Remove(t.Context(), id, nil), "said again")
	require.Equal(t, http.StatusOK, h.multivariant(other).Code)
	require.ErrorIs(t, h.lib.Remove(t.Context(), "nosuch", nil), store.ErrNotFound)
	live := h.begin(packager.Options{}, 0)
	require.ErrorIs(t, h.lib.Remove(t.Context(), live.id, nil), store.ErrConflict, "it is on air")
	live.end()
}

// Recordings go when they are older than their channel lets them become, or than
// the server does where the channel says nothing.
func TestRemoveExpired(t *testing.T) {
	h := newHouse(t, nil)
	old, young := h.recorded(), h.recorded()
	h.exec(`UPDATE broadcasts SET ended_at = $1 WHERE id = $2`, time.Now().Add(-50*time.Hour).UnixMilli(), old)
	expire := func(maxAge time.Duration, want int) {
		t.Helper()
		n, err := h.lib.Sweep(t.Context(), Limits{MaxAge: maxAge})
		require.NoError(t, err)
		require.Equal(t, want, n)
	}
	expire(0, 0)
	h.exec(`UPDATE channels SET retention_ms = $1`, (72 * time.Hour).Milliseconds())
	expire(time.Hour, 0)
	h.exec(`UPDATE channels SET retention_ms = NULL`)
	expire(72*time.Hour, 0)
	expire(48*time.Hour, 1)
	h.requireGone(old)
	require.Equal(t, http.StatusOK, h.multivariant(young).Code)

	// A removal that was cut off is gone on with.
	h.exec(`UPDATE broadcasts SET state = 'discarded' WHERE id = $1`, young)
	expire(0, 1)
	h.requireGone(young)
}

// What was taken down goes with its clips once that cannot be undone, and not
// before; a clip goes alone, and its recording stays.
func TestSweepOfWhatWasTakenDown(t *testing.T) {
	h := newHouse(t, nil)
	id, whole := h.archivedClip(), h.archivedClip()
	h.clip(id, 3*time.Second, 7*time.Second)
	alone := h.clip(whole, 3*time.Second, 7*time.Second)
	at := time.Now().Add(-time.Hour).UnixMilli()
	h.exec(`UPDATE broadcasts SET taken_down_at = $1 WHERE id = $2`, at, id)
	h.exec(`UPDATE clips SET taken_down_at = $1 WHERE id = $2`, at, alone.ID)
	for _, undo := range []time.Duration{0, 2 * time.Hour} {
		_, err := h.lib.Sweep(t.Context(), Limits{Undo: undo})
		require.NoError(t, err)
		require.Equal(t, http.StatusOK, h.playlist(id, video).Code)
		require.Equal(t, http.StatusOK, h.clipList(alone, video).Code)
	}
	_, err := h.lib.Sweep(t.Context(), Limits{Undo: time.Minute})
	require.NoError(t, err)
	require.Empty(t, h.keys(id), "nothing is kept for its clip either")
	h.requireGone(id)
	c, err := h.db.Clip(t.Context(), alone.ID)
	require.NoError(t, err)
	require.False(t, c.RemovedAt.IsZero())
	require.Equal(t, http.StatusOK, h.playlist(whole, video).Code)
}

func TestLimitsOfAnAdmin(t *testing.T) {
	configured := Limits{MaxAge: time.Hour, MaxBytes: 5, Undo: time.Minute}
	require.Equal(t, configured, configured.With(nil, nil))
	days, bytes := 0.5, int64(0)
	require.Equal(t, Limits{MaxAge: 12 * time.Hour, Undo: time.Minute}, configured.With(&days, &bytes))
}
