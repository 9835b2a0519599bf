package e2e

import (
	"io"
	"math/rand/v2"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/rostrumlive/rostrum/internal/testkit"
)

const (
	// kills is how often the server is killed within one broadcast.
	kills = 8
	// hurried is how many of those kills are followed by one in the start that
	// comes after them.
	hurried = 3
	// killLoss is how much of what viewers were offered may be missing after a
	// kill.
	killLoss = time.Second
)

// hardyClip is longer than what is sent of it in any test of trouble.
var hardyClip = testkit.Clip{Seconds: 64, GOP: 30}

// TestKills: a server that is killed -9 again and again, also while it starts,
// goes on with its broadcast as soon as the encoder is back: under the same id,
// with numbers that never go back and addresses that keep their contents. At
// the end there is one recording that plays, and little is missing in it.
func TestKills(t *testing.T) {
	t.Parallel()
	seed := uint64(time.Now().UnixNano())
	t.Logf("seed %d", seed)
	k := killing{
		t: t, s: startOpen(t, "--hls-live-window", "5m"), channel: "hardy", random: rand.New(rand.NewPCG(seed, 0)),
		clip: hardyClip.Path(t),
	}
	k.run()
}

type killing struct {
	t       *testing.T
	s       *testkit.Server
	channel string
	clip    string
	random  *rand.Rand
	times   []time.Time // of the kills
}

func (k *killing) run() {
	t, index := k.t, k.s.URL("/live/"+k.channel+"/index.m3u8")
	r := startRelentless(t, k.s.RTMP, k.channel, testkit.ReadTags(t, k.clip))
	now := onAir(t, k.s, k.channel)
	polls := startPolls(t, index, k.s.URL("/live/"+k.channel+"/plain.m3u8"))
	for i := range kills {
		require.NoError(t, testkit.At(t.Context(), time.Now().Add(k.upTo(4*time.Second))))
		k.kill(k.s.Process())
		polls.nextRun()
		if i < hurried {
			k.startHurriedly()
			polls.nextRun()
		}
		began := time.Now()
		k.s.Start(t)
		ready := time.Since(began)
		require.Equal(t, now.Broadcast, onAir(t, k.s, k.channel).Broadcast, "kill %d", i)
		_, err := testkit.FetchMultivariant(t.Context(), index)
		require.NoError(t, err)
		t.Logf("kill %d: ready %v and on air %v after the start", i, ready.Round(time.Millisecond), time.Since(began).Round(time.Millisecond))
		polls.await(t)
	}
	require.NoError(t, testkit.At(t.Context(), time.Now().Add(time.Second)))
	stints := r.stop(t)
	archived(t, k.s, k.channel, now.Broadcast)
	polls.end(t)
	k.check(now.Broadcast, stints)
}

func (k *killing) kill(p *testkit.Process) {
	k.times = append(k.times, time.Now())
	p.Kill()
}

// startHurriedly starts the server and kills it, most times before it is ready.
func (k *killing) startHurriedly() {
	p := testkit.Start(k.t, testkit.Command{Path: k.s.Binary(), Dir: k.s.Data, Args: []string{
		"serve", "--open", "--hls-live-window", "5m", "--data", k.s.Data,
		"--http-addr", k.s.HTTP, "--rtmp-addr", k.s.RTMP, "--metrics-addr", k.s.Metrics,
	}})
	require.NoError(k.t, testkit.At(k.t.Context(), time.Now().Add(k.upTo(400*time.Millisecond))))
	k.kill(p)
}

func (k *killing) upTo(d time.Duration) time.Duration {
	return time.Duration(k.random.Int64N(int64(d)))
}

// check compares the recording with what was sent: of each stint of the encoder
// the beginning is there, without a hole, and of the last one all.
func (k *killing) check(id string, stints []stint) {
	t, index := k.t, k.s.URL("/vod/"+id+"/index.m3u8")
	decode := testkit.Start(t, testkit.Command{
		Path: testkit.Tool(t, "ffprobe"), Args: []string{"-loglevel", "error", "-count_frames", "-show_streams", index}, Stdout: io.Discard,
	})
	require.Zero(t, decode.Wait(t, limit))
	require.Empty(t, decode.Log(), "the recording is decoded without an error")
	for _, kind := range []string{"v", "a"} {
		sent, kept := testkit.Packets(t, k.clip, kind), testkit.Packets(t, index, kind)
		require.Equal(t, len(kept), testkit.DecodedFrames(t, index, kind), "all frames of %s can be decoded", kind)
		frame := time.Duration(hardyClip.Seconds*float64(time.Second)) / time.Duration(len(sent))
		for i := 1; i < len(kept); i++ {
			require.Greater(t, kept[i].DTS-kept[i-1].DTS, frame/2, "the time of frame %d of %s", i, kind)
		}
		for i, stint := range stints {
			from, to := stint.frames(kind, time.Time{})
			n := 0
			for n < len(kept) && from+n < to && kept[n].Hash == sent[from+n].Hash {
				n++
			}
			kept = kept[n:]
			if i == len(stints)-1 {
				require.Equal(t, to-from, n, "frames of %s that were sent before a clean stop", kind)
				break
			}
			_, before := stint.frames(kind, k.after(stint.times[0]))
			t.Logf("stint %d: of %d frames of %s that were sent before the kill, %v is missing", i, before-from, kind, time.Duration(max(0, before-from-n))*frame)
		}
		require.Empty(t, kept, "frames of %s that were not sent, or not in this order", kind)
	}
}

// after returns the first kill after a time.
func (k *killing) after(at time.Time) time.Time {
	for _, killed := range k.times {
		if killed.After(at) {
			return killed
		}
	}
	k.t.Fatal("an encoder's stint ended without a kill")
	return at
}
