package vod

import (
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"runtime"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/rostrumlive/rostrum/internal/blob"
	"github.com/rostrumlive/rostrum/internal/cliptest"
	"github.com/rostrumlive/rostrum/internal/fmp4"
	"github.com/rostrumlive/rostrum/internal/media"
	"github.com/rostrumlive/rostrum/internal/store"
)

// firstByte is a response that ends when its first byte comes.
type firstByte struct{ *httptest.ResponseRecorder }

func (w firstByte) Write([]byte) (int, error) { return 0, io.ErrClosedPipe }

// BenchmarkDownloadCold opens recordings of several lengths whose head is not
// there, to the first byte: their rows and indexes are made directly, as a
// recorder writes them, and no media.
func BenchmarkDownloadCold(b *testing.B) {
	for _, length := range []time.Duration{10 * time.Minute, 10 * time.Hour} {
		b.Run(length.String(), func(b *testing.B) {
			lib, id := longRecording(b, length)
			b.ReportAllocs()
			for b.Loop() {
				lib.heads.drop(id)
				w := firstByte{httptest.NewRecorder()}
				lib.ServeDownload(w, httptest.NewRequest(http.MethodGet, "/", http.NoBody), id)
				require.Equal(b, http.StatusOK, w.Code)
			}
		})
		b.Run(length.String()+"/warm", func(b *testing.B) {
			lib, id := longRecording(b, length)
			lib.ServeDownload(firstByte{httptest.NewRecorder()}, httptest.NewRequest(http.MethodGet, "/", http.NoBody), id)
			b.ReportAllocs()
			for b.Loop() {
				w := firstByte{httptest.NewRecorder()}
				lib.ServeDownload(w, httptest.NewRequest(http.MethodGet, "/", http.NoBody), id)
				require.Equal(b, http.StatusOK, w.Code)
			}
		})
	}
}

// longRecording makes a library with one archived recording: 30 pictures a
// second with B-frames, AAC at 48 kHz, segments of 2 s in parts of 200 ms.
func longRecording(tb testing.TB, length time.Duration) (*Library, string) {
	tb.Helper()
	dir, ctx := tb.TempDir(), tb.Context()
	log := slog.New(slog.DiscardHandler)
	db, err := store.Open(ctx, filepath.Join(dir, "rostrum.db"), log)
	require.NoError(tb, err)
	tb.Cleanup(func() { _ = db.Close() })
	files, err := blob.Open(filepath.Join(dir, "media"))
	require.NoError(tb, err)
	lib, err := New(ctx, Options{
		DB: db, Files: files, Spool: filepath.Join(dir, "spool"), Heads: filepath.Join(dir, "heads"), TargetDuration: 4 * time.Second, Log: log,
	})
	require.NoError(tb, err)
	tb.Cleanup(lib.Close)

	c := store.Channel{ID: db.NewID(), Name: "long", CreatedAt: time.Now()}
	id := db.NewID()
	require.NoError(tb, db.Write(ctx, func(tx *store.Tx) error {
		if err := tx.InsertChannel(ctx, c); err != nil {
			return err
		}
		return tx.InsertBroadcast(ctx, store.Broadcast{ID: id, ChannelID: c.ID, State: store.StateArchived, CreatedAt: time.Now(), Recorded: true})
	}))
	for _, kind := range []media.Kind{media.Video, media.Audio} {
		track := cliptest.Load(tb).Of(kind)[0].Track
		name := kind.String() + "/source"
		init, err := fmp4.AppendInit(nil, track)
		require.NoError(tb, err)
		require.NoError(tb, files.PutBytes(ctx, initKey(id, name, 0), init))
		b := batch{
			inits:      []store.Init{initRow(id, name, 0, track, len(init))},
			renditions: []store.Rendition{renditionRow(id, name, track)},
		}
		var block []indexed
		for n := range int64(length / (2 * time.Second)) {
			runs := syntheticRuns(kind, n)
			_, size := runEnd(&runs[len(runs)-1])
			block = append(block, indexed{number: n, bytes: size, runs: packRuns(runs)})
			if blockOf(n+1) != blockOf(n) || n+1 == int64(length/(2*time.Second)) {
				require.NoError(tb, files.PutBytes(ctx, indexKey(id, name, blockOf(n)), packIndex(block)))
				block = nil
			}
			b.segments = append(b.segments, store.Segment{
				BroadcastID: id, Rendition: name, Number: n, Start: runs[0].DecodeTime, Duration: 2 * int64(track.Timescale),
				Timescale: track.Timescale, Bytes: size, ProgramTime: time.Now(), Independent: true,
			})
		}
		require.NoError(tb, lib.rows.insert(ctx, &b))
	}
	return lib, id
}

// syntheticRuns are those of the segment of a number, 2.7 Mbit/s together.
func syntheticRuns(kind media.Kind, segment int64) []fmp4.Run {
	var runs []fmp4.Run
	offset := int64(0)
	for part := range int64(10) {
		run := fmp4.Run{Offset: offset + 200}
		if kind == media.Video {
			run.DecodeTime = segment*180000 + part*18000
			for i := range 6 {
				run.Samples = append(run.Samples, fmp4.SampleInfo{
					Size: uint32(8000 + 977*((segment+part+int64(i))%7)), Duration: 3000,
					CompositionOffset: []int32{6000, 15000, 6000, 0, 3000, 6000}[i], Key: part == 0 && i == 0,
				})
			}
		} else {
			from, to := frameAt(segment*10+part), frameAt(segment*10+part+1)
			run.DecodeTime = from * 1024
			for i := from; i < to; i++ {
				run.Samples = append(run.Samples, fmp4.SampleInfo{Size: uint32(300 + i%90), Duration: 1024, Key: true})
			}
		}
		_, offset = runEnd(&run)
		runs = append(runs, run)
	}
	return runs
}

// frameAt is the first frame of AAC in a part of 200 ms.
func frameAt(part int64) int64 { return (part*9600 + 1023) / 1024 }

// TestLongDownloadTakesNoMoreMemory: what opening a recording allocates grows by
// the sums of its blocks alone, by far less than the tables and the places that
// it writes.
func TestLongDownloadTakesNoMoreMemory(t *testing.T) {
	cost := func(length time.Duration) (allocated uint64, written int64) {
		lib, id := longRecording(t, length)
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		lib.ServeDownload(firstByte{httptest.NewRecorder()}, httptest.NewRequest(http.MethodGet, "/", http.NoBody), id)
		runtime.ReadMemStats(&after)
		names, err := filepath.Glob(filepath.Join(lib.opts.Heads, id+"-*"))
		require.NoError(t, err)
		require.Len(t, names, 1)
		info, err := os.Stat(names[0])
		require.NoError(t, err)
		return after.TotalAlloc - before.TotalAlloc, info.Size()
	}
	short, least := cost(10 * time.Minute)
	long, most := cost(3 * time.Hour)
	require.Greater(t, most-least, int64(3<<20))
	require.Less(t, long, short+1<<20)
}

// TestPlacesAreFound: every offset of the payload is in one segment.
func TestPlacesAreFound(t *testing.T) {
	lib, id := longRecording(t, 10*time.Minute)
	lib.ServeDownload(firstByte{httptest.NewRecorder()}, httptest.NewRequest(http.MethodGet, "/", http.NoBody), id)
	h, err := lib.heads.get(t.Context(), id+"-1-0-299", nil)
	require.NoError(t, err)
	defer h.close()
	require.EqualValues(t, 600, h.places)
	for i := range h.places {
		want, err := h.place(i)
		require.NoError(t, err)
		next := h.payload
		if i+1 < h.places {
			p, err := h.place(i + 1)
			require.NoError(t, err)
			next = p.offset
		}
		require.Less(t, want.offset, next)
		for _, at := range []int64{want.offset, next - 1} {
			p, end, err := h.find(at)
			require.NoError(t, err)
			require.Equal(t, want, p)
			require.Equal(t, next, end)
		}
	}
}
