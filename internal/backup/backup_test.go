package backup

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/rostrumlive/rostrum/internal/store"
)

// media is what newSite has that --media is for.
var media = func() (keys []string) {
	for _, id := range []string{"b1", "b2"} {
		if id == "b1" {
			keys = append(keys, "b1/stills/cover.jpg", "b1/stills/storyboard-0.jpg", "b1/stills/storyboard-1.jpg", "b1/stills/storyboard.vtt")
		}
		keys = append(keys, id+"/video/source/init0.mp4")
		for n := range segments {
			keys = append(keys, fmt.Sprintf("%s/video/source/seg%d.m4s", id, n))
		}
	}
	return append(keys, "pictures/c1-face.png")
}()

func TestRestoreIsWhatWasBackedUp(t *testing.T) {
	s := newSite(t)
	full, counts := s.backup(t, true)
	require.EqualValues(t, len(media), counts.Objects)
	require.EqualValues(t, 1, counts.Files)
	require.EqualValues(t, 2*segments, counts.Tables["segments"])
	for kind, place := range engines {
		t.Run(kind, func(t *testing.T) {
			to := target(t, place(t))
			h, restored, err := Restore(t.Context(), to, bytes.NewReader(full))
			require.NoError(t, err)
			require.Equal(t, counts, restored)
			require.True(t, h.Media)
			require.Equal(t, "v1", h.Product)
			require.Equal(t, media, objects(t, to.Data))
			for _, key := range media {
				b, err := os.ReadFile(filepath.Join(to.Data, "media", key))
				require.NoError(t, err)
				require.Equal(t, bytes.Repeat([]byte(key+"\n"), 100), b)
			}
			require.NoDirExists(t, filepath.Join(to.Data, ".restore"))
			secret, err := os.ReadFile(filepath.Join(to.Data, "demo-key"))
			require.NoError(t, err)
			require.Equal(t, "rk_demo\n", string(secret))
			require.NoError(t, filepath.WalkDir(to.Data, func(path string, d fs.DirEntry, err error) error {
				if err != nil {
					return err
				}
				info, err := d.Info()
				if path != to.Data {
					require.Zero(t, info.Mode().Perm()&0o077, "%s is for its owner alone", path)
				}
				return err
			}))
			db := to.open(t)
			value, err := db.Setting(t.Context(), "key")
			require.NoError(t, err)
			require.Equal(t, `"secret"`, value)
			u, err := db.User(t.Context(), "u1")
			require.NoError(t, err)
			require.Equal(t, day.UnixMilli(), u.EmailConfirmedAt.UnixMilli())
			b, err := db.Broadcast(t.Context(), "b2")
			require.NoError(t, err)
			require.EqualValues(t, 0, b.InterruptedAt.UnixMilli(), "what was on air is closed by the next start")
			c, err := db.ChannelByName(t.Context(), "mine")
			require.NoError(t, err)
			if kind == "SQLite" {
				require.Equal(t, "\u00e4\x00\xff", c.Title)
			} else {
				require.Equal(t, "\u00e4\ufffd\ufffd", c.Title)
			}
			_, _, err = Restore(t.Context(), to, bytes.NewReader(full))
			require.ErrorContains(t, err, "is not empty, there are demo-key, media")
		})
	}
}

func TestWithoutMediaThereArePicturesAlone(t *testing.T) {
	s := newSite(t)
	b, counts := s.backup(t, false)
	require.EqualValues(t, 2*segments, counts.Tables["segments"])
	to := target(t, "")
	h, _, err := Restore(t.Context(), to, bytes.NewReader(b))
	require.NoError(t, err)
	require.False(t, h.Media)
	require.Equal(t, []string{"b1/stills/cover.jpg", "pictures/c1-face.png"}, objects(t, to.Data))
}

// during is called when a backup begins with the objects: its rows are read.
type during struct {
	bytes.Buffer
	call func()
}

func (d *during) tell(c Counts) {
	if c.Objects == 1 && d.call != nil {
		d.call()
		d.call = nil
	}
}

// TestRemovedMeanwhile: recordings go while a backup is made, and what is
// restored does not speak of them.
func TestRemovedMeanwhile(t *testing.T) {
	s := newSite(t)
	ctx := t.Context()
	d := &during{call: func() {
		s.discard(t, "b1")
		require.NoError(t, s.files.DeletePrefix(ctx, "b1"))
		// And a segment of what is on air is lost: its row is there.
		require.NoError(t, s.files.Delete(ctx, "b2/video/source/seg1.m4s"))
	}}
	source := s.source(true)
	source.Progress = d.tell
	counts, err := Make(ctx, source, d)
	require.NoError(t, err)
	require.EqualValues(t, 1, counts.Lost)
	require.EqualValues(t, segments+3, counts.Missing, "segments, initialisation section, cover, storyboard")
	for kind, place := range engines {
		t.Run(kind, func(t *testing.T) {
			to := target(t, place(t))
			_, restored, err := Restore(ctx, to, bytes.NewReader(d.Bytes()))
			require.NoError(t, err)
			require.Equal(t, counts, restored)
			db := to.open(t)
			rows, err := db.Segments(ctx, "b1", "video/source", 0, 9)
			require.NoError(t, err)
			require.Empty(t, rows)
			_, err = db.Stills(ctx, "b1")
			require.ErrorIs(t, err, store.ErrNotFound)
			rows, err = db.Segments(ctx, "b2", "video/source", 0, 9)
			require.NoError(t, err)
			require.Len(t, rows, segments)
			for _, row := range rows {
				require.Equal(t, row.Number == 1, row.Gap)
			}
		})
	}
}

// TestFailedRestoreLeavesNothing: whatever byte is wrong, and wherever the file
// ends, nothing is there but what was before.
func TestFailedRestoreLeavesNothing(t *testing.T) {
	s := newSite(t)
	full, _ := s.backup(t, true)
	for kind, place := range engines {
		t.Run(kind, func(t *testing.T) {
			to := target(t, place(t))
			for name, hurt := range map[string]func([]byte) io.Reader{
				"nothing":   func([]byte) io.Reader { return bytes.NewReader(nil) },
				"cut":       func(b []byte) io.Reader { return bytes.NewReader(b[:len(b)-100]) },
				"half":      func(b []byte) io.Reader { return bytes.NewReader(b[:len(b)/2]) },
				"a bit":     func(b []byte) io.Reader { b[len(b)*3/4] ^= 1; return bytes.NewReader(b) },
				"disk":      func(b []byte) io.Reader { return io.MultiReader(bytes.NewReader(b[:len(b)/2]), broke{}) },
				"more":      func(b []byte) io.Reader { return bytes.NewReader(append(b, "more"...)) },
				"no backup": func([]byte) io.Reader { return bytes.NewReader([]byte("-----BEGIN")) },
			} {
				if kind == "PostgreSQL" && name != "cut" {
					continue // the reader is the same, and this takes long
				}
				_, _, err := Restore(t.Context(), to, hurt(bytes.Clone(full)))
				require.ErrorIs(t, err, errDamaged, name)
				requireEmpty(t, to)
			}
			ctx, cancel := context.WithCancel(t.Context())
			to.Progress = func(c Counts) {
				if c.Objects == 3 {
					cancel()
				}
			}
			_, _, err := Restore(ctx, to, bytes.NewReader(full))
			require.ErrorIs(t, err, context.Canceled)
			requireEmpty(t, to)

			to.Progress = nil
			require.NoError(t, os.MkdirAll(filepath.Join(to.Data, ".restore", "media", "old"), 0o700), "what a restore left that was killed")
			_, _, err = Restore(t.Context(), to, bytes.NewReader(full))
			require.NoError(t, err)
		})
	}
}

type broke struct{}

func (broke) Read([]byte) (int, error) { return 0, errors.New("input/output error") }

// full is a disk with no room after some bytes.
type fullDisk struct{ left int }

func (f *fullDisk) Write(b []byte) (int, error) {
	if f.left -= len(b); f.left < 0 {
		return 0, errors.New("no space left on device")
	}
	return len(b), nil
}

func TestMakeTellsOfAFullDisk(t *testing.T) {
	s := newSite(t)
	for _, room := range []int{0, 1000, 5000, 20000} {
		_, err := Make(t.Context(), s.source(true), &fullDisk{room})
		require.ErrorContains(t, err, "no space left on device", room)
	}
	nowhere := s.source(false)
	nowhere.Database = filepath.Join(t.TempDir(), "none.db")
	_, err := Make(t.Context(), nowhere, io.Discard)
	require.ErrorContains(t, err, "there is none at")
	require.NoFileExists(t, nowhere.Database)
}

// TestMakeWhileAServerWrites: a backup is of one moment, and restores, however
// much is recorded and removed meanwhile.
func TestMakeWhileAServerWrites(t *testing.T) {
	s := newSite(t)
	stop, done := make(chan struct{}), make(chan struct{})
	go func() {
		defer close(done)
		for n := 3; ; n++ {
			select {
			case <-stop:
				return
			default:
			}
			id := fmt.Sprintf("b%d", n)
			s.record(t, id, store.StateArchived)
			if n%2 == 0 {
				s.discard(t, id)
				if err := s.files.DeletePrefix(context.Background(), id); err != nil {
					panic(err)
				}
			}
		}
	}()
	for range 2 {
		b, counts := s.backup(t, true)
		require.Zero(t, counts.Lost)
		to := target(t, "")
		_, _, err := Restore(t.Context(), to, bytes.NewReader(b))
		require.NoError(t, err)
		db, n := to.open(t), int64(0)
		for _, key := range objects(t, to.Data) {
			if filepath.Ext(key) == ".m4s" {
				n++
			}
		}
		require.Equal(t, counts.Tables["broadcasts"]*segments, counts.Tables["segments"], "a broadcast is written with its segments")
		all, err := db.BroadcastsByChannel(t.Context(), "c1", "", 10_000)
		require.NoError(t, err)
		require.Len(t, all, int(counts.Tables["broadcasts"]))
		for _, b := range all { // all that rows speak of is there
			rows, err := db.Segments(t.Context(), b.ID, "video/source", 0, 9)
			require.NoError(t, err)
			if b.State != store.StateDiscarded {
				n -= int64(len(rows))
			}
		}
		require.Zero(t, n)
	}
	close(stop)
	<-done
}
