package e2e

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"golang.org/x/sync/errgroup"

	"github.com/rostrumlive/rostrum/internal/testkit"
	"github.com/rostrumlive/rostrum/internal/testkit/faults"
)

// ordeal is a broadcast with something wrong in it, and what must come of it.
type ordeal struct {
	clip  testkit.Clip
	fault faults.Fault

	inits      int           // initialisation sections of the picture; 0 is 1
	audioInits int           // of the sound; 0 is 1
	span       time.Duration // how far the recording may come to miss the time that an encoder without faults would tell
	skew       time.Duration // how far sound may be from the picture at the end; 0 is not looked at
	holes      bool          // nothing was sent for a while, or unevenly: media does not join
	flawed     bool          // what the encoder sends cannot all be decoded
}

// run publishes, follows the live playlists as a strict player to their end,
// and then plays the recording.
func (o ordeal) run(t *testing.T, s *testkit.Server, name string) {
	t.Helper()
	cues := o.fault(faults.Cues(testkit.ReadTags(t, o.clip.Path(t))))
	e, err := testkit.DialEncoder(t.Context(), s.RTMP, "live", name)
	require.NoError(t, err)
	var sending, watching errgroup.Group
	sending.Go(func() error { return faults.Play(t.Context(), e, time.Now(), cues) })
	now := onAir(t, s, name)
	watching.Go(func() error { return o.watch(t.Context(), s.URL("/live/"+name+"/index.m3u8")) })
	require.NoError(t, sending.Wait())
	require.NoError(t, e.Stop())
	require.NoError(t, watching.Wait())

	b := archived(t, s, name, now.Broadcast)
	require.NoError(t, o.watch(t.Context(), s.URL(b.HLS)))
	takes := recorded(t, s.URL(b.HLS))
	o.check(t, cues, takes)
}

// watch follows the live or recorded playlists to their end.
func (o ordeal) watch(ctx context.Context, multivariant string) error {
	if o.holes {
		return watchHoles(ctx, multivariant)
	}
	_, err := watchAll(ctx, multivariant)
	return err
}

// recorded reads and decodes a recording: "v" and "a", each in takes.
func recorded(t *testing.T, multivariant string) map[string][]faults.Decoding {
	t.Helper()
	m, err := testkit.FetchMultivariant(t.Context(), multivariant)
	require.NoError(t, err)
	lists := map[string]string{}
	for _, v := range m.Variants {
		lists["v"] = v.URI
		if v.Width == 0 {
			lists = map[string]string{"a": v.URI}
		}
	}
	for _, a := range m.Audio {
		lists["a"] = a.URI
	}
	takes := map[string][]faults.Decoding{}
	for kind, uri := range lists {
		address, err := testkit.Resolve(multivariant, uri)
		require.NoError(t, err)
		for _, file := range filesOf(t, address) {
			d := faults.Decode(t, file, kind)
			require.NoError(t, faults.Monotonic(d.Packets), "%s of %s", kind, file)
			takes[kind] = append(takes[kind], d)
		}
	}
	return takes
}

// filesOf fetches the media of a playlist, a file for each initialisation section.
func filesOf(t *testing.T, address string) []string {
	t.Helper()
	body, err := testkit.Fetch(t.Context(), address)
	require.NoError(t, err)
	list, err := testkit.ParseMedia(string(body)) // it was checked by who watched it
	require.NoError(t, err)
	fetch := func(uri string) []byte {
		media, err := testkit.Resolve(address, uri)
		require.NoError(t, err)
		b, err := testkit.Fetch(t.Context(), media)
		require.NoError(t, err)
		return b
	}
	dir := t.TempDir()
	var files []string
	var of string
	var f *os.File
	for _, seg := range list.Segments {
		if seg.Gap {
			continue
		}
		if seg.Map != of {
			require.Equal(t, of != "", seg.Discontinuity, "%s: a change is a discontinuity", seg.URI)
			of = seg.Map
			files = append(files, filepath.Join(dir, fmt.Sprintf("%d.mp4", len(files))))
			f, err = os.Create(files[len(files)-1])
			require.NoError(t, err)
			defer f.Close()
			_, err = f.Write(fetch(of))
			require.NoError(t, err)
		}
		_, err = f.Write(fetch(seg.URI))
		require.NoError(t, err)
	}
	return files
}

// check compares what was kept with what was sent.
func (o ordeal) check(t *testing.T, cues []faults.Cue, takes map[string][]faults.Decoding) {
	t.Helper()
	off := map[string]time.Duration{} // of the last frame, recording minus encoder's true time
	for kind, want := range map[string]struct {
		match func(testkit.Tag) bool
		inits int
	}{
		"v": {faults.CodedVideo, o.inits},
		"a": {faults.CodedAudio, o.audioInits},
	} {
		require.Len(t, takes[kind], max(1, want.inits), "initialisation sections of %s", kind)
		sent, due := 0, map[string][]time.Duration{} // by hash: when each frame was to be decoded
		for _, c := range cues {
			if want.match(c.Tag) {
				hash := faults.Hash(faults.Frame(c.Tag))
				sent, due[hash] = sent+1, append(due[hash], c.True)
			}
		}
		kept, decoded := 0, 0
		var first, last time.Duration
		for _, k := range takes[kind] {
			if !o.flawed {
				require.Empty(t, k.Complaints, kind)
			}
			decoded += k.Frames
			for _, p := range k.Packets {
				if len(due[p.Hash]) == 0 {
					continue
				}
				last, due[p.Hash] = p.DTS-due[p.Hash][0], due[p.Hash][1:]
				if kept == 0 {
					first = last
				}
				kept++
			}
		}
		t.Logf("%s: sent %d, kept %d, decoded %d, off by %v to %v", kind, sent, kept, decoded, first, last)
		require.Equal(t, sent, kept, "frames of %s that were kept", kind)
		if !o.flawed {
			require.Equal(t, sent, decoded, "frames of %s that can be decoded", kind)
		}
		require.LessOrEqual(t, (last - first).Abs(), o.span, "the %s of the recording against the encoder's true time", kind)
		off[kind] = last
	}
	if o.skew > 0 {
		require.LessOrEqual(t, (off["v"] - off["a"]).Abs(), o.skew, "sound moved against the picture")
	}
}
