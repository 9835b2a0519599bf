package archive

import (
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"

	"github.com/rostrumlive/rostrum/internal/fmp4"
	"github.com/rostrumlive/rostrum/internal/media"
	"github.com/rostrumlive/rostrum/internal/store"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

const (
	video, audio = "video/source", "audio/source"
	round        = 8 * time.Second
)

// seeded is a data folder with one broadcast: four segments a round, with two
// before the first whole one and some behind.
func seeded(t *testing.T) (folder, id string) {
	t.Helper()
	folder = t.TempDir()
	db := openStore(t, folder)
	made := time.UnixMilli(1_700_000_000_000)
	c := store.Channel{Visibility: "public", ID: db.NewID(), Name: channel, CreatedAt: made}
	id = db.NewID()
	b := store.Broadcast{ID: id, ChannelID: c.ID, State: store.StateArchived, CreatedAt: made, StartedAt: made, EndedAt: made.Add(14 * time.Second), Recorded: true}
	ctx := t.Context()
	require.NoError(t, db.Write(ctx, func(tx *store.Tx) error {
		require.NoError(t, tx.InsertChannel(ctx, c))
		require.NoError(t, tx.InsertBroadcast(ctx, b))
		for name, scale := range map[string]uint32{video: 90000, audio: 48000} {
			require.NoError(t, tx.PutRendition(ctx, store.Rendition{BroadcastID: id, Name: name, Timescale: scale}))
			key := id + "/" + name + "/init0.mp4"
			require.NoError(t, tx.PutInit(ctx, store.Init{BroadcastID: id, Rendition: name, Key: key, Timescale: scale}))
			write(t, filepath.Join(folder, "media", key), []byte("init"))
			write(t, filepath.Join(folder, "media", id, name, "index0"), make([]byte, 2*whole))
			for n := range int64(8) {
				start := []int64{0, 1, 10, 12, 14, 16, 18, 20}[n] * int64(scale)
				data := segment(t, start)
				write(t, filepath.Join(folder, "media", id, name, fmt.Sprintf("seg%d.m4s", n)), data)
				require.NoError(t, tx.InsertSegments(ctx, []store.Segment{{
					BroadcastID: id, Rendition: name, Number: n, Start: start, Duration: 2 * int64(scale), Timescale: scale,
					Bytes: int64(len(data)), ProgramTime: made.Add(time.Duration(start/int64(scale)) * time.Second), Independent: true,
				}}))
			}
		}
		return nil
	}))
	require.NoError(t, db.Close())
	return folder, id
}

func openStore(t *testing.T, folder string) *store.DB {
	t.Helper()
	db, err := store.Open(t.Context(), filepath.Join(folder, "rostrum.db"), slog.New(slog.DiscardHandler))
	require.NoError(t, err)
	t.Cleanup(func() { _ = db.Close() })
	return db
}

func write(t *testing.T, path string, data []byte) {
	t.Helper()
	require.NoError(t, os.MkdirAll(filepath.Dir(path), 0o700))
	require.NoError(t, os.WriteFile(path, data, 0o600))
}

// segment has two parts, of one sample each.
func segment(t *testing.T, start int64) []byte {
	t.Helper()
	var b []byte
	for part := range int64(2) {
		b = fmp4.AppendFragment(b, &media.Track{Codec: media.AAC, Timescale: 48000}, uint32(part), start+part*100, []fmp4.Sample{{Duration: 100, Data: []byte("sample")}})
	}
	return b
}

func decodeTimesOf(t *testing.T, path string) (times []int64) {
	t.Helper()
	data, err := os.ReadFile(path)
	require.NoError(t, err)
	parts, err := fmp4.ParseFragments(data)
	require.NoError(t, err)
	for _, p := range parts {
		times = append(times, p.DecodeTime)
	}
	return times
}

func TestMultiply(t *testing.T) {
	folder, id := seeded(t)
	a, err := Open(folder)
	require.NoError(t, err)
	newest, err := a.Newest(t.Context())
	require.NoError(t, err)
	require.Equal(t, id, newest)
	require.NoError(t, a.Multiply(t.Context(), id, 3))
	require.NoError(t, a.Multiply(t.Context(), id, perChannel))
	require.NoError(t, a.Close())

	db := openStore(t, folder)
	all, err := db.PublicRecordings(t.Context(), "", 1000)
	require.NoError(t, err)
	require.Len(t, all, 1+3+perChannel)
	require.Equal(t, id, all[0].ID, "copies are older")
	channels, err := db.Channels(t.Context(), "", 1000)
	require.NoError(t, err)
	require.Len(t, channels, 3)
	of := store.Broadcast{}
	for i, b := range all {
		require.Equal(t, time.Duration(i)*apart, all[0].CreatedAt.Sub(b.CreatedAt))
		require.Equal(t, 14*time.Second, b.EndedAt.Sub(b.StartedAt))
		of = b
	}
	want, err := db.Totals(t.Context(), id)
	require.NoError(t, err)
	got, err := db.Totals(t.Context(), of.ID)
	require.NoError(t, err)
	require.Equal(t, want, got)
	inits, err := db.Inits(t.Context(), of.ID, video)
	require.NoError(t, err)
	require.Equal(t, of.ID+"/"+video+"/init0.mp4", inits[0].Key)
	for _, name := range []string{"init0.mp4", "seg7.m4s", "index0"} {
		was, err := os.ReadFile(filepath.Join(folder, "media", id, video, name))
		require.NoError(t, err)
		is, err := os.ReadFile(filepath.Join(folder, "media", of.ID, video, name))
		require.NoError(t, err)
		require.Equal(t, was, is, name)
	}
}

func TestLengthen(t *testing.T) {
	folder, id := seeded(t)
	a, err := Open(folder)
	require.NoError(t, err)
	require.NoError(t, a.Lengthen(t.Context(), id, round, 5*round))
	require.NoError(t, a.SetLive(t.Context(), id))
	require.NoError(t, a.Close())

	db := openStore(t, folder)
	const segments = first + 5*4
	for name, scale := range map[string]int64{video: 90000, audio: 48000} {
		rows, err := db.Segments(t.Context(), id, name, 0, 1000)
		require.NoError(t, err)
		require.Len(t, rows, segments)
		for i, row := range rows {
			require.EqualValues(t, i, row.Number)
			if i >= first {
				require.Equal(t, int64(10+2*(i-first))*scale, row.Start)
				require.Equal(t, rows[first].ProgramTime.Add(time.Duration(i-first)*2*time.Second), row.ProgramTime)
			}
			path := filepath.Join(folder, "media", id, name, fmt.Sprintf("seg%d.m4s", i))
			require.Equal(t, []int64{row.Start, row.Start + 100}, decodeTimesOf(t, path))
		}
		require.WithinDuration(t, time.Now(), rows[segments-1].ProgramTime.Add(2*time.Second), time.Minute)
		left, err := filepath.Glob(filepath.Join(folder, "media", id, name, "*"))
		require.NoError(t, err)
		require.Len(t, left, segments+1, "with its initialisation section, without an index")
	}
	b, err := db.Broadcast(t.Context(), id)
	require.NoError(t, err)
	require.Equal(t, store.StateLive, b.State)
	require.EqualValues(t, segments, b.Reserved)
}

func TestLengthenNeedsARound(t *testing.T) {
	folder, id := seeded(t)
	a, err := Open(folder)
	require.NoError(t, err)
	defer func() { require.NoError(t, a.Close()) }()
	require.ErrorContains(t, a.Lengthen(t.Context(), id, time.Minute, time.Hour), "no whole round")
	require.ErrorContains(t, a.Lengthen(t.Context(), "none", round, time.Hour), "has no segments")
}

func TestDecodeTimesOfWhatIsNone(t *testing.T) {
	whole := segment(t, 7)
	for name, data := range map[string][]byte{"empty": nil, "cut": whole[:len(whole)-1], "half a head": whole[:5], "other": []byte("\x00\x00\x00\x08free")} {
		_, err := decodeTimes(data)
		require.ErrorIs(t, err, errBoxes, name)
	}
}
