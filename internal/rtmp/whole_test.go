package rtmp

import (
	"bytes"
	"context"
	"io"
	"net"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/rostrumlive/rostrum/internal/live"
	"github.com/rostrumlive/rostrum/internal/testkit"
)

// openGate lets everybody in and remembers nobody.
type openGate struct{}

func (openGate) Publish(context.Context, live.Request) (*live.Publisher, error) {
	s := live.NewStream("demo", "b1", live.Limits{})
	return live.NewPublisher(s, func(*live.Publisher, live.End, error) { s.Close() }), nil
}

// run gives a server a connection that sends b and closes, and waits for its
// end.
func run(t testing.TB, s *Server, b []byte) {
	t.Helper()
	ours, theirs := net.Pipe()
	var peer sync.WaitGroup
	peer.Go(func() { _, _ = io.Copy(io.Discard, ours) })
	s.welcome(theirs, nil)
	_, _ = ours.Write(b) // the server may leave first
	require.NoError(t, ours.Close())
	peer.Wait()
	s.wg.Wait()
}

// FuzzSession sends what it likes behind a handshake and a publish command.
func FuzzSession(f *testing.F) {
	f.Add([]byte{}, join(ffmpegConnect(), prepare(3, 128, "key"), publish(4, 128, "key"), soundHeader(4, 0), sound(4, 0)))
	f.Add(publish(4, 128, "key"), join(soundHeader(4, 1<<24), sound(4, 1<<24), packed(4, 22, 1, 128, []byte{8, 0, 0, 2, 0, 0, 9, 0, 0, 0, 0, 0xaf, 1, 0, 0, 0, 15})))
	f.Add(publish(4, 128, "key"), join(type2(9, 1), packed(3, 17, 0, 128, join([]byte{0}, str("deleteStream"), num(0), null()))))
	f.Add(wirecastConnect(), command(8, 1, 128, str("play"), num(3), null(), str("demo")))
	f.Fuzz(func(t *testing.T, first, rest []byte) {
		s := New(Options{Gate: openGate{}})
		run(t, s, join([]byte{3}, make([]byte, 2*1536), first, rest))
		stats := s.Stats()
		require.Zero(t, stats.Panics)
		require.Zero(t, stats.Open)
		require.Zero(t, stats.Publishing)
		require.NoError(t, s.Shutdown(t.Context()))
	})
}

// recorded keeps what a connection received.
type recorded struct {
	net.Conn
	all *bytes.Buffer
}

func (r recorded) Read(p []byte) (int, error) {
	n, err := r.Conn.Read(p)
	r.all.Write(p[:n])
	return n, err
}

// session is what ffmpeg sends to publish a clip, from C0 to its last byte.
func session(t testing.TB, clip testkit.Clip) []byte {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	defer func() { require.NoError(t, l.Close()) }()
	s := New(Options{Gate: openGate{}})
	p := testkit.StartFFmpeg(t, fast(clip.Path(t), "rtmp://"+l.Addr().String()+"/live/demo")...)
	nc, err := l.Accept()
	require.NoError(t, err)
	var all bytes.Buffer
	s.welcome(recorded{nc, &all}, nil)
	s.wg.Wait()
	require.Zero(t, p.Wait(t, patience))
	return all.Bytes()
}

// BenchmarkSession is a whole broadcast of ten seconds from ffmpeg, taken in
// as fast as it goes.
func BenchmarkSession(b *testing.B) {
	sent := session(b, testkit.Clip{Seconds: 10})
	s := New(Options{Gate: openGate{}})
	b.SetBytes(int64(len(sent)))
	b.ReportAllocs()
	for b.Loop() {
		run(b, s, sent)
	}
}
