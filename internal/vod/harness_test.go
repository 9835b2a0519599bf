package vod

import (
	"context"
	"crypto/tls"
	"database/sql"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"

	"github.com/rostrumlive/rostrum/internal/blob"
	"github.com/rostrumlive/rostrum/internal/cliptest"
	"github.com/rostrumlive/rostrum/internal/fmp4"
	"github.com/rostrumlive/rostrum/internal/live"
	"github.com/rostrumlive/rostrum/internal/media"
	"github.com/rostrumlive/rostrum/internal/packager"
	"github.com/rostrumlive/rostrum/internal/store"
	"github.com/rostrumlive/rostrum/internal/storetest"
)

// limit bounds every wait of a test.
const limit = time.Minute

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// house is a library on real files and a real database.
type house struct {
	t       *testing.T
	dir     string
	db      *store.DB
	files   *blob.Files
	lib     *Library
	options Options
	channel store.Channel
}

func newHouse(t *testing.T, change func(*Options)) *house {
	h := &house{t: t, dir: t.TempDir()}
	log := slog.New(slog.NewTextHandler(testWriter{t}, nil))
	h.db = storetest.Open(t, filepath.Join(h.dir, "rostrum.db"), log)
	var err error
	h.files, err = blob.Open(filepath.Join(h.dir, "media"))
	require.NoError(t, err)
	h.options = Options{
		DB: h.db, Files: h.files, Spool: filepath.Join(h.dir, "spool"), Heads: filepath.Join(h.dir, "heads"),
		TargetDuration: packager.Options{Segment: 2 * time.Second}.TargetDuration(), Log: log,
	}
	if change != nil {
		change(&h.options)
	}
	h.channel = store.Channel{ID: h.db.NewID(), Name: "mine", Title: "Mine", CreatedAt: time.Now()}
	h.write(func(tx *store.Tx) error { return tx.InsertChannel(t.Context(), h.channel) })
	h.open()
	return h
}

// open starts the library, also again after its Close.
func (h *house) open() {
	var err error
	h.lib, err = New(h.t.Context(), h.options)
	require.NoError(h.t, err)
	h.t.Cleanup(h.lib.Close)
}

func (h *house) write(fn func(*store.Tx) error) {
	h.t.Helper()
	require.NoError(h.t, h.db.Write(h.t.Context(), fn))
}

// exec runs a statement past the store, as nothing but a test does.
func (h *house) exec(query string, args ...any) {
	h.t.Helper()
	db, err := sql.Open("sqlite", "file:"+filepath.Join(h.dir, "rostrum.db")+"?_pragma=busy_timeout(10000)&_pragma=foreign_keys(1)")
	require.NoError(h.t, err)
	_, err = db.ExecContext(h.t.Context(), query, args...)
	require.NoError(h.t, err)
	require.NoError(h.t, db.Close())
}

// broadcast inserts a row in some state.
func (h *house) broadcast(state store.State) string {
	h.t.Helper()
	id := h.db.NewID()
	now := time.Now()
	h.write(func(tx *store.Tx) error {
		return tx.InsertBroadcast(h.t.Context(), store.Broadcast{
			ID: id, ChannelID: h.channel.ID, State: state, CreatedAt: now, StartedAt: now, Recorded: true,
		})
	})
	return id
}

func (h *house) archive(id string) {
	h.t.Helper()
	h.write(func(tx *store.Tx) error {
		if err := tx.EndBroadcast(h.t.Context(), id, time.Now(), "", 0); err != nil {
			return err
		}
		return tx.ArchiveBroadcast(h.t.Context(), id, 0, 1)
	})
}

// onAir is a broadcast that is recorded.
type onAir struct {
	h        *house
	id       string
	pub      *live.Publisher
	stream   *live.Stream
	packager *packager.Packager
	recorder *Recorder
	abort    context.CancelFunc
	work     sync.WaitGroup
	sent     time.Duration // of the clip, by record
	err      error         // of the recorder, after its end
}

func (h *house) begin(o packager.Options, keep time.Duration) *onAir {
	a := &onAir{h: h, id: h.broadcast(store.StateLive)}
	// Long rings: the clip is sent faster than real time.
	a.stream = live.NewStream("mine", a.id, live.Limits{Age: time.Hour, Bytes: 1 << 30})
	a.pub = live.NewPublisher(a.stream, func(*live.Publisher, live.End, error) {})
	a.pub.Expect(media.Video, media.Audio)
	a.packager = packager.New(a.stream, o)
	a.recorder = h.lib.Recorder(a.packager, keep)
	ctx, cancel := context.WithCancel(context.WithoutCancel(h.t.Context()))
	a.abort = cancel
	a.work.Go(func() { _ = a.packager.Run(ctx) })
	a.work.Go(func() { a.err = a.recorder.Run(ctx) })
	h.t.Cleanup(func() {
		cancel()
		a.work.Wait()
	})
	return a
}

// record sends what was not sent yet of the clip before a time, which lies off
// the key frames, and waits until the rows of complete segments are there and
// the next segment is in the spool. The first segment is the first part, from
// then on they end with each 2 s of the clip.
func (a *onAir) record(c cliptest.Clip, to time.Duration) {
	a.h.t.Helper()
	c.Between(a.sent, to).Send(a.pub)
	a.sent = to
	open := int64(to/(2*time.Second)) + 1
	for _, rendition := range []string{video, audio} {
		a.h.await("the rows of what is complete", func() bool {
			rows := a.h.rows(a.id, rendition)
			return len(rows) > 0 && rows[len(rows)-1].Number == open-1
		})
		a.h.await("the next segment in the spool", func() bool {
			files, err := filepath.Glob(filepath.Join(a.h.options.Spool, a.id, rendition, fmt.Sprintf("%d-*", open)))
			return err == nil && len(files) == 1
		})
	}
}

// end closes the media and waits for the recorder.
func (a *onAir) end() {
	a.h.t.Helper()
	a.stream.Close()
	a.work.Wait()
	require.NoError(a.h.t, a.err)
}

// rows returns a rendition's segments.
func (h *house) rows(id, rendition string) []store.Segment {
	h.t.Helper()
	rows, err := h.db.Segments(h.t.Context(), id, rendition, 0, 1000)
	require.NoError(h.t, err)
	return rows
}

// await waits until cond holds; why says what is waited for.
func (h *house) await(why string, cond func() bool) {
	h.t.Helper()
	require.Eventually(h.t, cond, limit, 5*time.Millisecond, why)
}

// awaitRows waits until a rendition has so many segments.
func (h *house) awaitRows(id, rendition string, n int) []store.Segment {
	h.t.Helper()
	h.await("rows of segments", func() bool { return len(h.rows(id, rendition)) >= n })
	return h.rows(id, rendition)
}

// stored returns the bytes of the segment's object.
func (h *house) stored(s store.Segment) []byte {
	h.t.Helper()
	f, size, err := h.files.Get(h.t.Context(), segmentKey(s.BroadcastID, s.Rendition, s.Number))
	require.NoError(h.t, err)
	defer f.Close()
	b, err := io.ReadAll(f)
	require.NoError(h.t, err)
	require.Len(h.t, b, int(size))
	require.EqualValues(h.t, s.Bytes, size)
	return b
}

// frame is a sample with its place on the timeline.
type frame struct {
	at     int64
	sample fmp4.Sample
}

// frames returns what the segments hold, in order.
func (h *house) frames(rows []store.Segment) []frame {
	h.t.Helper()
	var all []frame
	for _, row := range rows {
		if row.Gap {
			continue
		}
		parts, err := fmp4.ParseFragments(h.stored(row))
		require.NoError(h.t, err)
		require.Equal(h.t, row.Start, parts[0].DecodeTime)
		for _, p := range parts {
			at := p.DecodeTime
			for _, s := range p.Samples {
				all = append(all, frame{at, s})
				at += int64(s.Duration)
			}
		}
	}
	return all
}

// requireFrames checks that frames are those units, all and no other.
func requireFrames(t *testing.T, sent cliptest.Clip, kept []frame) {
	t.Helper()
	require.Len(t, kept, len(sent))
	slack := int64(sent[0].Track.Timescale) / 500 // RTMP counts in milliseconds
	for i := range sent {
		require.Equal(t, sent[i].Data, kept[i].sample.Data, "bytes of frame %d", i)
		require.Equal(t, sent[i].Key, kept[i].sample.Key)
		require.Equal(t, sent[i].PTS-sent[i].DTS, int64(kept[i].sample.CompositionOffset))
		require.InDelta(t, sent[i].DTS-sent[0].DTS, kept[i].at-kept[0].at, float64(slack), "time of frame %d", i)
	}
}

// get answers a request by a handler.
func get(handler func(http.ResponseWriter, *http.Request)) *httptest.ResponseRecorder {
	w := httptest.NewRecorder()
	handler(w, httptest.NewRequest(http.MethodGet, "/", http.NoBody))
	return w
}

func (h *house) multivariant(id string) *httptest.ResponseRecorder {
	return get(func(w http.ResponseWriter, r *http.Request) { h.lib.ServeMultivariant(w, r, id) })
}

func (h *house) playlist(id, rendition string) *httptest.ResponseRecorder {
	return get(func(w http.ResponseWriter, r *http.Request) { h.lib.ServePlaylist(w, r, id, rendition) })
}

func (h *house) media(id, rendition, name string) *httptest.ResponseRecorder {
	return get(func(w http.ResponseWriter, r *http.Request) { h.lib.ServeMedia(w, r, id, rendition, name) })
}

// mediaByTLS asks as a client does whom no file can be sent as it is.
func (h *house) mediaByTLS(id, rendition, name string) *httptest.ResponseRecorder {
	return get(func(w http.ResponseWriter, r *http.Request) {
		r.TLS = &tls.ConnectionState{}
		h.lib.ServeMedia(w, r, id, rendition, name)
	})
}

// testWriter is the log.
type testWriter struct{ t *testing.T }

func (w testWriter) Write(b []byte) (int, error) {
	w.t.Log(strings.TrimSpace(string(b)))
	return len(b), nil
}

// newSink is where an answer goes that nobody looks at.
func newSink() http.ResponseWriter { return httptest.NewRecorder() }

func getRequest() *http.Request { return httptest.NewRequest(http.MethodGet, "/", http.NoBody) }
