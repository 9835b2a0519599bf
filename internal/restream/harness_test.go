package restream

import (
	"context"
	"log/slog"
	"net"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"

	"github.com/rostrumlive/rostrum/internal/live"
	"github.com/rostrumlive/rostrum/internal/media"
	"github.com/rostrumlive/rostrum/internal/rtmp"
)

// limit bounds every wait of a test.
const limit = time.Minute

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// plenty keeps all of a test in memory.
var plenty = live.Limits{Age: time.Hour, Bytes: 1 << 30}

// other is another server, which takes in whoever comes.
type other struct {
	t      *testing.T
	server *rtmp.Server
	addr   string

	mu      sync.Mutex
	refuse  *live.Refusal
	asked   []live.Request
	streams []*live.Stream
	pubs    []*live.Publisher
	ended   int
}

// Publish implements live.Gate.
func (o *other) Publish(_ context.Context, req live.Request) (*live.Publisher, error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.asked = append(o.asked, req)
	if o.refuse != nil {
		return nil, o.refuse
	}
	s := live.NewStream("there", "t1", plenty)
	pub := live.NewPublisher(s, func(*live.Publisher, live.End, error) {
		s.Close()
		o.mu.Lock()
		defer o.mu.Unlock()
		o.ended++
	})
	o.streams, o.pubs = append(o.streams, s), append(o.pubs, pub)
	return pub, nil
}

// newOther starts one, at an address of its own or at one that is free again.
func newOther(t *testing.T, addr string) *other {
	t.Helper()
	if addr == "" {
		addr = "127.0.0.1:0"
	}
	l, err := net.Listen("tcp", addr)
	require.NoError(t, err)
	o := &other{t: t, addr: l.Addr().String()}
	o.server = rtmp.New(rtmp.Options{Gate: o, Log: slog.New(slog.DiscardHandler)})
	served := make(chan error, 1)
	go func() { served <- o.server.Serve(l) }()
	t.Cleanup(func() {
		o.stop()
		require.NoError(t, <-served)
	})
	return o
}

func (o *other) stop() {
	ctx, cancel := context.WithTimeout(context.Background(), limit)
	defer cancel()
	require.NoError(o.t, o.server.Shutdown(ctx))
}

func (o *other) counts() (streams, ended, asked int) {
	o.mu.Lock()
	defer o.mu.Unlock()
	return len(o.streams), o.ended, len(o.asked)
}

// units are what the i-th stream has of a kind.
func (o *other) units(i int, k media.Kind) []*media.AccessUnit {
	o.mu.Lock()
	s := o.streams[i]
	o.mu.Unlock()
	var all []*media.AccessUnit
	for r := s.Reader(); ; {
		u, ok, err := r.Take()
		if err != nil || !ok {
			return all
		}
		if u.Track.Kind() == k {
			all = append(all, u.AccessUnit)
		}
	}
}

func await(t *testing.T, why string, cond func() bool) {
	t.Helper()
	require.Eventually(t, cond, limit, 5*time.Millisecond, why)
}

// journal is a log.
type journal struct {
	mu sync.Mutex
	b  strings.Builder
}

func (j *journal) Write(p []byte) (int, error) {
	j.mu.Lock()
	defer j.mu.Unlock()
	return j.b.Write(p)
}

func (j *journal) String() string {
	j.mu.Lock()
	defer j.mu.Unlock()
	return j.b.String()
}

// here is a server that relays, and a stream on it.
type here struct {
	*Service
	stream *live.Stream
	pub    *live.Publisher
	log    *journal
}

func newHere(t *testing.T, o Options) *here {
	t.Helper()
	h := &here{stream: live.NewStream("show", "b1", plenty), log: &journal{}}
	o.Log = slog.New(slog.NewTextHandler(h.log, &slog.HandlerOptions{Level: slog.LevelDebug}))
	if o.FirstPause == 0 {
		o.FirstPause, o.LastPause = 5*time.Millisecond, 20*time.Millisecond
	}
	h.Service = New(o)
	h.publish()
	t.Cleanup(func() {
		h.stream.Close()
		h.Close()
	})
	return h
}

// publish lets another encoder feed the stream.
func (h *here) publish() {
	h.pub = live.NewPublisher(h.stream, func(*live.Publisher, live.End, error) {})
	h.pub.Expect(media.Video, media.Audio)
}
