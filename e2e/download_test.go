package e2e

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/rostrumlive/rostrum/internal/testkit"
	"github.com/rostrumlive/rostrum/internal/testkit/faults"
)

// download is an MP4 file as the API tells of it.
type download struct {
	Part       int
	URL        string
	DurationMS int64 `json:"duration_ms"`
	Bytes      int64
}

func downloadsOf(t *testing.T, s *testkit.Server, id string) []download {
	t.Helper()
	var list struct{ Items []download }
	require.NoError(t, getJSON(t.Context(), s, "/api/v1/broadcasts/"+id+"/downloads", &list))
	return list.Items
}

// TestDownloadOfChanges: what an encoder changes on the way is in the MP4 file,
// or in a further part of it, frame by frame as in the playlists; and Chromium
// and VLC find their way in it.
func TestDownloadOfChanges(t *testing.T) {
	t.Parallel()
	s := startOpen(t)
	const change = 4 * time.Second
	short := testkit.Clip{Seconds: 4, BFrames: 2}
	large := testkit.ReadTags(t, testkit.Clip{Seconds: 4, Size: "640x360"}.Path(t))
	hevc, _ := repeated(t, "h265_opus")
	b := testkit.StartBrowser(t)
	for name, c := range map[string]struct {
		fault faults.Fault
		parts int
		sight time.Duration // how far Chromium sees in the first part
	}{
		// Chromium reads the first sample description of a file alone.
		"size":  {faults.FollowedBy(change, large), 1, change - 500*time.Millisecond},
		"codec": {faults.FollowedBy(change, hevc), 2, change - 500*time.Millisecond},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			e, err := testkit.DialEncoder(t.Context(), s.RTMP, "live", name)
			require.NoError(t, err)
			require.NoError(t, faults.Play(t.Context(), e, time.Now(), c.fault(faults.Cues(testkit.ReadTags(t, short.Path(t))))))
			now := onAir(t, s, name)
			require.NoError(t, e.Stop())
			row := archived(t, s, name, now.Broadcast)
			takes := recorded(t, s.URL(row.HLS))

			list := downloadsOf(t, s, row.ID)
			require.Len(t, list, c.parts)
			for _, kind := range []string{"v", "a"} {
				var want, got []string
				for _, take := range takes[kind] {
					want = append(want, hashes(take.Packets)...)
				}
				pictures := 0
				for _, part := range list {
					packets := testkit.Packets(t, s.URL(part.URL), kind)
					require.NoError(t, faults.Monotonic(packets))
					got = append(got, hashes(packets)...)
					pictures += testkit.DecodedFrames(t, s.URL(part.URL), kind)
				}
				require.Equal(t, want, got, kind)
				require.Equal(t, len(want), pictures, "%s: each can be decoded", kind)
			}
			requireSought(t, b, s, list[0], c.sight)
			if c.parts > 1 { // where the size changes, VLC begins its own file anew, even when it is to append
				requireVLCSeeks(t, s.URL(list[0].URL))
			}
		})
	}
}

// requireSought checks that Chromium plays a download, and shows a picture
// wherever it is sent before a time.
func requireSought(t *testing.T, b *testkit.Browser, s *testkit.Server, d download, sight time.Duration) {
	t.Helper()
	tab := b.OpenBeside(t, t.Name(), s.URL("/"))
	var v struct {
		Duration float64
		Places   []struct{ At, Is, Ready, Width float64 }
	}
	length := float64(d.DurationMS) / 1000
	tab.Eval(t, fmt.Sprintf(`(async () => {
		const v = document.createElement('video')
		v.muted = true
		v.src = %q
		document.body.append(v)
		const once = (name) => new Promise((come, fail) => {
			v.addEventListener(name, come, { once: true })
			v.addEventListener('error', () => fail(new Error(v.error.message)), { once: true })
		})
		await once('loadedmetadata')
		const places = []
		for (const at of [%f, 0.5, %f]) {
			v.currentTime = at
			await once('seeked')
			places.push({ at, is: v.currentTime, ready: v.readyState, width: v.videoWidth })
		}
		return { duration: v.duration, places }
	})()`, d.URL, sight.Seconds(), sight.Seconds()/2), &v)
	require.InDelta(t, length, v.Duration, 0.3)
	require.Len(t, v.Places, 3)
	for _, p := range v.Places {
		require.InDelta(t, p.At, p.Is, 0.01)
		require.GreaterOrEqual(t, p.Ready, 2.0, "a picture is there at %v", p.At)
		require.Positive(t, p.Width)
	}
}

// requireVLCSeeks checks that VLC begins where it is told to: at the key frame
// before that time, which is not the first.
func requireVLCSeeks(t *testing.T, address string) {
	t.Helper()
	vlc, file := startVLC(t, address, "--no-audio", "--start-time", "2.5")
	require.Zero(t, vlc.Wait(t, 2*limit), vlc.Log())
	// VLC puts its own headers before a picture, and keeps its slices.
	slicesOf := func(input string) []testkit.Packet {
		return testkit.Packets(t, input, "v", "-bsf:v", "h264_mp4toannexb,filter_units=pass_types=1-5")
	}
	all, rest := slicesOf(address), slicesOf(file)
	require.NotEmpty(t, rest)
	began := slices.IndexFunc(all, func(p testkit.Packet) bool { return p.Hash == rest[0].Hash })
	require.Positive(t, began, "it did not begin behind the first key frame")
	require.LessOrEqual(t, all[began].PTS-all[0].PTS, 2500*time.Millisecond, "it left out what was asked for")
}
