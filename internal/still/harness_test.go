package still

import (
	"bytes"
	"context"
	"fmt"
	"image"
	"image/jpeg"
	"io"
	"log/slog"
	"os"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"

	"github.com/rostrumlive/rostrum/internal/blob"
	"github.com/rostrumlive/rostrum/internal/cliptest"
	"github.com/rostrumlive/rostrum/internal/live"
	"github.com/rostrumlive/rostrum/internal/media"
	"github.com/rostrumlive/rostrum/internal/packager"
	"github.com/rostrumlive/rostrum/internal/store"
	"github.com/rostrumlive/rostrum/internal/storetest"
	"github.com/rostrumlive/rostrum/internal/testkit"
	"github.com/rostrumlive/rostrum/internal/transcode"
	"github.com/rostrumlive/rostrum/internal/vod"
)

// limit bounds every wait of a test.
const limit = 2 * time.Minute

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// house is a service with all that it stands on.
type house struct {
	t       testing.TB
	dir     string
	log     *slog.Logger
	db      *store.DB
	files   *blob.Files
	library *vod.Library
	ffmpeg  *transcode.Transcoder
	s       *Service
	channel store.Channel
}

func newHouse(t testing.TB, ffmpeg string) *house {
	t.Helper()
	h := &house{t: t, dir: t.TempDir(), log: slog.New(slog.DiscardHandler)}
	h.db = storetest.Open(t, filepath.Join(h.dir, "rostrum.db"), h.log)
	var err error
	h.files, err = blob.Open(filepath.Join(h.dir, "media"))
	require.NoError(t, err)
	h.library, err = vod.New(t.Context(), vod.Options{
		DB: h.db, Files: h.files, Spool: filepath.Join(h.dir, "spool"), Heads: filepath.Join(h.dir, "heads"),
		TargetDuration: packager.Options{}.TargetDuration(), Log: h.log,
	})
	require.NoError(t, err)
	t.Cleanup(h.library.Close)
	h.channel = store.Channel{ID: h.db.NewID(), Name: "mine", CreatedAt: time.Now()}
	h.write(func(tx *store.Tx) error { return tx.InsertChannel(t.Context(), h.channel) })
	h.ffmpeg = transcode.New(transcode.Options{FFmpeg: ffmpeg, Log: h.log})
	t.Cleanup(h.ffmpeg.Close)
	h.s = New(Options{DB: h.db, Files: h.files, Library: h.library, Transcoder: h.ffmpeg, Log: h.log})
	t.Cleanup(h.s.Close)
	return h
}

// gated is an ffmpeg that begins when a gate is opened. begun is a file that is
// there once it waits.
func gated(t *testing.T) (path, begun string, open func()) {
	t.Helper()
	dir := t.TempDir()
	path, begun = filepath.Join(dir, "ffmpeg"), filepath.Join(dir, "begun")
	gate := filepath.Join(dir, "gate")
	script := fmt.Sprintf("#!/bin/sh\n[ \"$1\" = -version ] || { touch '%s'; while [ ! -e '%s' ]; do sleep 0.01; done; }\nexec '%s' \"$@\"\n",
		begun, gate, testkit.Tool(t, "ffmpeg"))
	require.NoError(t, os.WriteFile(path, []byte(script), 0o755))
	return path, begun, func() { require.NoError(t, os.WriteFile(gate, nil, 0o600)) }
}

func (h *house) write(fn func(*store.Tx) error) {
	h.t.Helper()
	require.NoError(h.t, h.db.Write(h.t.Context(), fn))
}

// stream is a broadcast in memory.
func (h *house) stream() (*live.Stream, *live.Publisher) {
	h.t.Helper()
	s := live.NewStream("mine", h.db.NewID(), live.Limits{Age: time.Hour, Bytes: 1 << 30})
	h.t.Cleanup(s.Close)
	return s, live.NewPublisher(s, func(*live.Publisher, live.End, error) {})
}

// atOnce is how much is sent before the recorder is waited for: it is bounded in
// what it may be behind.
const atOnce = 30 * time.Second

func (h *house) awaitRecorded(id string, to time.Duration) {
	h.t.Helper()
	testkit.Eventually(h.t, limit, func(ctx context.Context) error {
		rows, err := h.db.NewestSegments(ctx, id, "video/source", 1)
		if err != nil || len(rows) == 0 {
			return fmt.Errorf("nothing is recorded (%w)", err)
		}
		if at := media.Duration(rows[0].Start+rows[0].Duration, rows[0].Timescale); at < to {
			return fmt.Errorf("recorded up to %v", at)
		}
		return nil
	})
}

// record makes a recording of a clip, which is complete.
func (h *house) record(clip cliptest.Clip) string {
	h.t.Helper()
	stream, pub := h.stream()
	id, now := stream.Broadcast, time.Now()
	h.write(func(tx *store.Tx) error {
		return tx.InsertBroadcast(h.t.Context(), store.Broadcast{
			ID: id, ChannelID: h.channel.ID, State: store.StateLive, CreatedAt: now, StartedAt: now, Recorded: true,
		})
	})
	p := packager.New(stream, packager.Options{})
	recorder := h.library.Recorder(p, 0)
	var work sync.WaitGroup
	var err error
	work.Go(func() { _ = p.Run(h.t.Context()) }) // the recorder notices
	work.Go(func() { err = recorder.Run(h.t.Context()) })
	last := clip[len(clip)-1].At
	for sent := time.Duration(0); sent <= last; sent += atOnce {
		clip.Between(sent, sent+atOnce).Send(pub)
		if sent+atOnce <= last {
			h.awaitRecorded(id, sent+atOnce-5*time.Second) // what is open is no row yet
		}
	}
	stream.Close()
	work.Wait()
	require.NoError(h.t, err)
	h.write(func(tx *store.Tx) error {
		if err := tx.EndBroadcast(h.t.Context(), id, time.Now(), "", last); err != nil {
			return err
		}
		return tx.ArchiveBroadcast(h.t.Context(), id, last, 1)
	})
	return id
}

// run runs the service, until the test ends.
func (h *house) run() {
	ctx, cancel := context.WithCancel(context.Background())
	var work sync.WaitGroup
	work.Go(func() { h.s.Run(ctx) })
	h.t.Cleanup(func() {
		cancel()
		work.Wait()
	})
}

// awaitRow waits until a recording was tried.
func (h *house) awaitRow(id string) (row store.Stills) {
	h.t.Helper()
	testkit.Eventually(h.t, limit, func(ctx context.Context) (err error) {
		row, err = h.db.Stills(ctx, id)
		return err
	})
	return row
}

// object reads a still of a recording.
func (h *house) object(id, name string) []byte {
	h.t.Helper()
	k, _, ok := Object(id, name)
	require.True(h.t, ok, name)
	f, _, err := h.files.Get(h.t.Context(), k)
	require.NoError(h.t, err)
	defer f.Close()
	b, err := io.ReadAll(f)
	require.NoError(h.t, err)
	return b
}

func picture(t *testing.T, b []byte) image.Image {
	t.Helper()
	m, err := jpeg.Decode(bytes.NewReader(b))
	require.NoError(t, err)
	return m
}

// keys are the key frames of the demo clip's pictures.
func keys(t *testing.T) (list []*media.AccessUnit) {
	t.Helper()
	for _, u := range cliptest.Load(t).Of(media.Video) {
		if u.Key {
			list = append(list, &u.AccessUnit)
		}
	}
	return list
}
