package app

import (
	"context"
	"errors"
	"io"
	"log/slog"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/rostrumlive/rostrum/internal/account"
	"github.com/rostrumlive/rostrum/internal/live"
	"github.com/rostrumlive/rostrum/internal/media"
	"github.com/rostrumlive/rostrum/internal/store"
)

func loadDemo(t *testing.T) *demo {
	t.Helper()
	d := &demo{}
	require.NoError(t, d.load(demoClip))
	return d
}

// The loop is one timeline: at the seam the next picture comes a frame after
// the last, and the sound goes on to the sample.
func TestDemoLoops(t *testing.T) {
	d := loadDemo(t)
	require.Equal(t, 24*time.Second, media.Duration(d.samples, d.rate))
	s := live.NewStream("demo", "b", live.Limits{Age: time.Hour, Bytes: 1 << 30})
	pub := live.NewPublisher(s, func(*live.Publisher, live.End, error) {})
	began := time.Now()
	var before time.Duration
	const laps = 4
	for lap := range int64(laps) {
		for i := range d.units {
			u, at := d.unit(lap, i)
			require.GreaterOrEqual(t, at, before-50*time.Millisecond, "units are due about in their order")
			before = max(before, at)
			u.Arrived = began.Add(at)
			pub.Rendition(d.units[i].name).Write(u)
		}
	}
	s.Close()

	newest, count := map[media.Kind]int64{}, map[media.Kind]int{}
	for r := s.Reader(); ; {
		u, err := r.Next(t.Context())
		if errors.Is(err, io.EOF) {
			break
		}
		require.NoError(t, err)
		kind := u.Track.Kind()
		if last, ok := newest[kind]; ok {
			step := u.DTS - last
			if kind == media.Audio {
				require.EqualValues(t, u.Track.SamplesPerFrame, step, "sound %d", count[kind])
			} else {
				require.InDelta(t, 3000, step, 90, "picture %d", count[kind]) // 30 a second, in milliseconds
			}
		}
		newest[kind] = u.DTS
		count[kind]++
	}
	require.Equal(t, map[media.Kind]int{media.Video: laps * 720, media.Audio: laps * 1125}, count)
	for _, r := range s.Renditions() {
		require.Zero(t, r.Stats().Repaired, r.Name)
		require.Zero(t, r.Stats().Dropped, r.Name)
	}
}

// After a year the seam is where it was: nothing adds up.
func TestDemoDoesNotDrift(t *testing.T) {
	d := loadDemo(t)
	const year = 365 * 24 * time.Hour
	lap := int64(year / (24 * time.Second))
	last := map[string]*media.AccessUnit{}
	for i := range d.units {
		last[d.units[i].name], _ = d.unit(lap-1, i)
	}
	first := map[string]*media.AccessUnit{}
	for i := range d.units {
		if name := d.units[i].name; first[name] == nil {
			u, at := d.unit(lap, i)
			first[name] = u
			require.Equal(t, year, at.Truncate(time.Second))
		}
	}
	for name, u := range first {
		step := media.Duration(u.DTS-last[name].DTS, u.Track.Timescale)
		require.InDelta(t, 27, step.Milliseconds(), 7, name) // a picture lasts 33 ms, a frame of sound 21 ms
	}
}

func TestDemoClipThatIsNone(t *testing.T) {
	require.ErrorContains(t, new(demo).load([]byte("no clip")), "FLV")
	require.ErrorContains(t, new(demo).load([]byte("FLV\x01\x05\x00\x00\x00\x09\x00\x00\x00\x00")), "no sound")
}

func TestDemoKey(t *testing.T) {
	dir := t.TempDir()
	db, err := store.Open(t.Context(), filepath.Join(dir, "rostrum.db"), slog.New(slog.DiscardHandler))
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, db.Close()) })
	accounts := account.New(db)
	path := filepath.Join(dir, demoKeyFile)
	check := func() string {
		t.Helper()
		key, err := demoKey(t.Context(), accounts, dir)
		require.NoError(t, err)
		c, _, err := accounts.ChannelByKey(t.Context(), key, account.Encoder{})
		require.NoError(t, err)
		require.Equal(t, demoStreamer, c.Name)
		kept, err := os.ReadFile(path)
		require.NoError(t, err)
		require.Equal(t, key+"\n", string(kept))
		info, err := os.Stat(path)
		require.NoError(t, err)
		require.Equal(t, os.FileMode(0o600), info.Mode())
		return key
	}
	first := check()
	require.Equal(t, first, check(), "it is made once")
	require.NoError(t, os.Chmod(path, 0o644))
	require.Equal(t, first, check())

	_, _, err = accounts.RotateKey(t.Context(), account.CommandLine(), demoStreamer, "")
	require.NoError(t, err)
	second := check()
	require.NotEqual(t, first, second, "a key that was revoked is replaced")
	require.NoError(t, os.WriteFile(path, []byte("something else"), 0o600))
	require.NoError(t, os.Chmod(path, 0o644))
	require.NotEqual(t, second, check())

	ended, cancel := context.WithCancel(t.Context())
	cancel()
	_, err = demoKey(ended, accounts, dir)
	require.ErrorIs(t, err, context.Canceled, "trouble makes no new key")
	require.NoError(t, os.Remove(path))
	require.NoError(t, os.Mkdir(path, 0o700))
	_, err = demoKey(t.Context(), accounts, dir)
	require.Error(t, err)
}
