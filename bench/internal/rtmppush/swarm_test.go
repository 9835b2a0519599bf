package rtmppush_test

import (
	"context"
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"

	"github.com/rostrumlive/rostrum/bench/internal/flvclip"
	"github.com/rostrumlive/rostrum/bench/internal/proc"
	"github.com/rostrumlive/rostrum/bench/internal/rtmppush"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// small is a clip that ffmpeg makes in a moment.
var small = flvclip.Spec{Width: 160, Height: 96, FPS: 30, GOP: 15, VideoKbps: 200, AudioKbps: 64, Seconds: 8, BFrames: 2}

func loadSmall(t *testing.T) *flvclip.Clip {
	t.Helper()
	_, err := exec.LookPath("ffmpeg")
	require.NoError(t, err, "these tests need ffmpeg: install the package ffmpeg")
	clip, err := flvclip.Load(t.Context(), filepath.Join(os.TempDir(), "rostrum-bench-test"), small)
	require.NoError(t, err)
	return clip
}

// ffmpeg listens as an RTMP server for one encoder and copies what it gets.
func listen(t *testing.T, out string) (*proc.Process, string) {
	t.Helper()
	addrs, err := proc.FreePorts(1)
	require.NoError(t, err)
	p, err := proc.Start("ffmpeg", "-hide_banner", "-nostdin", "-y", "-loglevel", "info",
		"-listen", "1", "-i", "rtmp://"+addrs[0]+"/live/x", "-c", "copy", out)
	require.NoError(t, err)
	t.Cleanup(func() { _ = p.Stop(10 * time.Second) })
	return p, addrs[0]
}

// dialWhenUp tries until the server listens; ffmpeg accepts one connection
// alone, so it cannot be probed.
func dialWhenUp(t *testing.T, p *proc.Process, addr string) *rtmppush.Session {
	t.Helper()
	var s *rtmppush.Session
	require.NoError(t, p.WaitFor(t.Context(), 30*time.Second, func(ctx context.Context) (err error) {
		s, err = rtmppush.Dial(ctx, addr, "live", "x")
		return err
	}))
	return s
}

func pictures(t *testing.T, path string) int {
	t.Helper()
	out, err := exec.Command("ffprobe", "-v", "error", "-select_streams", "v", "-count_packets",
		"-show_entries", "stream=nb_read_packets", "-of", "csv=p=0", path).Output()
	require.NoError(t, err)
	var n int
	_, err = fmt.Sscan(string(out), &n)
	require.NoError(t, err)
	return n
}

func TestServerReceivesEveryFrameThatWasSent(t *testing.T) {
	loop := rtmppush.NewLoop(loadSmall(t))
	out := filepath.Join(t.TempDir(), "out.flv")
	p, addr := listen(t, out)
	s := dialWhenUp(t, p, addr)
	ctx, cancel := context.WithTimeout(t.Context(), 1500*time.Millisecond)
	defer cancel()
	sent, err := loop.Play(ctx, s)
	require.NoError(t, err)
	require.NoError(t, s.Close())
	<-p.Done()
	require.Positive(t, sent.Frames, p.Log())
	require.Equal(t, sent.Frames, pictures(t, out), p.Log())
}

func TestWhatIsPastTakesLessTime(t *testing.T) {
	loop := rtmppush.NewLoop(loadSmall(t))
	out := filepath.Join(t.TempDir(), "out.flv")
	p, addr := listen(t, out)
	s := dialWhenUp(t, p, addr)
	ctx, cancel := context.WithTimeout(t.Context(), 2*time.Second)
	defer cancel()
	sent, err := loop.PlayPast(ctx, s, time.Minute, time.Second)
	require.NoError(t, err)
	require.NoError(t, s.Close())
	<-p.Done()
	require.Greater(t, sent.Frames, 5*small.FPS, "more than the time has")
	require.LessOrEqual(t, sent.Frames, 62*small.FPS, "the past, and then in real time")
	require.Equal(t, sent.Frames, pictures(t, out), p.Log())
}

func TestLoopIsOneTimeline(t *testing.T) {
	clip := loadSmall(t)
	// Two rounds of a clip of one second: the first 30 pictures and their sound.
	clip.Millis = 1000
	var media []flvclip.Tag
	for _, m := range clip.Media {
		if m.Time < clip.Millis {
			media = append(media, m)
		}
	}
	clip.Media = media
	out := filepath.Join(t.TempDir(), "out.flv")
	p, addr := listen(t, out)
	s := dialWhenUp(t, p, addr)
	ctx, cancel := context.WithTimeout(t.Context(), 2500*time.Millisecond)
	defer cancel()
	_, err := rtmppush.NewLoop(clip).Play(ctx, s)
	require.NoError(t, err)
	require.NoError(t, s.Close())
	<-p.Done()

	f, err := os.Open(out)
	require.NoError(t, err)
	defer func() { _ = f.Close() }()
	tags := flvclip.NewReader(f)
	last, seen := int64(-1), 0
	for {
		tag, err := tags.Next()
		if err != nil {
			break
		}
		if tag.Type != flvclip.Video || tag.Header() || len(tag.Body) < 2 || tag.Body[1] != 1 {
			continue
		}
		if last >= 0 {
			require.InDelta(t, 33.3, float64(int64(tag.Time)-last), 1, "picture %d", seen)
		}
		last, seen = int64(tag.Time), seen+1
	}
	require.Greater(t, seen, 30, "the clip came round")
}

func TestDialTellsWhyNot(t *testing.T) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	done := make(chan struct{})
	go func() {
		defer close(done)
		c, err := l.Accept()
		if err == nil {
			_ = c.Close()
		}
	}()
	_, err = rtmppush.Dial(t.Context(), l.Addr().String(), "live", "x")
	require.ErrorContains(t, err, "handshake")
	<-done
	require.NoError(t, l.Close())
	_, err = rtmppush.StartSwarm(t.Context(), l.Addr().String(), "live", []string{"a", "b"}, rtmppush.NewLoop(&flvclip.Clip{}), 0)
	require.ErrorContains(t, err, "publish a: connect")
}
