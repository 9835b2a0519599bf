package broadcast

import (
	"context"
	"fmt"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/rostrumlive/rostrum/internal/account"
	"github.com/rostrumlive/rostrum/internal/live"
	"github.com/rostrumlive/rostrum/internal/store"
)

// backEnd is Hooks that note what they are told. Each encoder is known by its
// number.
type backEnd struct {
	mu      sync.Mutex
	names   map[string]string // that encoders give, to those that they get; others are refused
	last    int64
	numbers map[*live.Publisher]int64
	stops   map[int64]func(*live.Refusal)
	told    []string
	segment chan string
}

func newBackEnd(names map[string]string) *backEnd {
	return &backEnd{names: names, numbers: map[*live.Publisher]int64{}, stops: map[int64]func(*live.Refusal){}}
}

func (e *backEnd) Ask(_ context.Context, req live.Request) (live.Leave, error) {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.last++
	e.told = append(e.told, fmt.Sprintf("ask %d", e.last))
	name, ok := e.names[req.Name]
	if !ok {
		return live.Leave{}, refusal("hook_refused", "No.")
	}
	return live.Leave{Client: e.last, Asked: true, Name: name, Renamed: name != req.Name}, nil
}

func (e *backEnd) Began(leave live.Leave, _ live.Request, pub *live.Publisher, stop func(*live.Refusal)) {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.numbers[pub], e.stops[leave.Client] = leave.Client, stop
	e.told = append(e.told, fmt.Sprintf("began %d", leave.Client))
}

func (e *backEnd) Gone(pub *live.Publisher) {
	e.mu.Lock()
	defer e.mu.Unlock()
	if n, ok := e.numbers[pub]; ok {
		delete(e.numbers, pub)
		e.told = append(e.told, fmt.Sprintf("gone %d", n))
	}
}

func (e *backEnd) Over(channel, broadcast, path string) {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.told = append(e.told, "over "+channel+" "+path)
}

func (e *backEnd) Recorded(channel, broadcast, path string) {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.told = append(e.told, "recorded "+channel+" "+path)
}

func (e *backEnd) WantsSegments() bool { return e.segment != nil }

func (e *backEnd) Segment(ctx context.Context, broadcast string, number int64, length time.Duration, path, playlist string) {
	select {
	case e.segment <- fmt.Sprintf("%d %v %s %s", number, length > 0, path, playlist):
	case <-ctx.Done():
	}
}

func (e *backEnd) heard() []string {
	e.mu.Lock()
	defer e.mu.Unlock()
	return append([]string(nil), e.told...)
}

func asked(t *testing.T, e *backEnd) *house {
	return openHouse(t, t.TempDir(), Options{Hooks: e, ReconnectWindow: limit})
}

// The back-end's word stands in place of a key: who may publish, and as what.
func TestABackEndLetsIn(t *testing.T) {
	e := newBackEnd(map[string]string{"s3cr3t": "Alice", "bob": "bob", "evil": "../etc", "long": string(make([]byte, 65)), "demo": "demo"})
	h := asked(t, e)
	h.m.Reserve("demo", "This channel shows the demo.")
	world := func(name string) live.Request { return from("203.0.113.9:4000", name) }
	pub, err := h.m.Publish(t.Context(), world("s3cr3t"))
	require.NoError(t, err)
	require.Equal(t, "alice", pub.Channel())
	pub.Close(live.Stopped, nil)
	pub, err = h.m.Publish(t.Context(), world("bob"))
	require.NoError(t, err)
	require.Equal(t, "bob", pub.Channel())
	pub.Close(live.Stopped, nil)

	for name, code := range map[string]string{"carol": "hook_refused", "evil": "bad_name", "long": "bad_name", "demo": "reserved"} {
		_, err := h.m.Publish(t.Context(), world(name))
		refused(t, code, err)
	}
	_, err = h.m.Publish(t.Context(), live.Request{Name: "nobody", Query: url.Values{"key": {h.key("alice")}}})
	refused(t, "hook_refused", err)

	// A key of ours that the back-end has no other name for opens its channel, and
	// never becomes a name.
	key := h.key("dora")
	e.names[key] = key
	pub, err = h.m.Publish(t.Context(), world(key))
	require.NoError(t, err)
	require.Equal(t, "dora", pub.Channel())
	pub.Close(live.Stopped, nil)
	unknown := "live_" + strings.Repeat("0", 26)
	e.names[unknown] = unknown
	_, err = h.m.Publish(t.Context(), world(unknown))
	refused(t, "bad_name", err)

	// So does a login, which proved a key.
	e.names[""], e.names["dora"] = "dora", "dora"
	_, keys, err := h.accounts.ChannelByKey(t.Context(), key, account.Encoder{})
	require.NoError(t, err)
	pub, err = h.m.Publish(t.Context(), live.Request{Name: "dora", Login: &live.Login{Channel: "dora", Key: keys.ID}})
	require.NoError(t, err)
	require.Equal(t, "dora", pub.Channel())
	pub.Close(live.Stopped, nil)
}

// Each connection that was let in has one beginning and one end, also those that
// take each other over, or come back within the window.
func TestABackEndHearsEachEndOnce(t *testing.T) {
	e := newBackEnd(map[string]string{"alice": "alice"})
	h := asked(t, e)
	pub, b := h.publish("alice") // 1
	part(t).Send(pub)
	h.awaitState(b.ID, store.StateLive)
	_, err := h.m.Publish(t.Context(), from("127.0.0.1:1", "mallory")) // 2
	refused(t, "hook_refused", err)
	require.Equal(t, []string{"ask 1", "began 1", "ask 2"}, e.heard())
	require.True(t, pub.Began(), "the first goes on")
	select {
	case <-pub.Kicked():
		t.Fatal("the first was sent away")
	default:
	}

	second, _ := h.publish("alice") // 3, which takes it over
	<-pub.Kicked()
	require.Equal(t, []string{"ask 1", "began 1", "ask 2", "ask 3", "gone 1", "began 3"}, e.heard())
	pub.Close(live.Lost, nil)
	part(t).Send(second)
	second.Close(live.Lost, nil)
	h.awaitState(b.ID, store.StateInterrupted)
	third, same := h.publish("alice") // 4, which comes back
	require.Same(t, b, same)
	part(t).Send(third)
	third.Close(live.Stopped, nil)
	third.Close(live.Stopped, nil)
	ended(t, b)
	want := []string{
		"ask 1", "began 1", "ask 2", "ask 3", "gone 1", "began 3", "gone 3", "ask 4", "began 4", "gone 4",
		"over alice /vod/" + b.ID + "/download.mp4",
	}
	h.await("word of the recording", func() bool { return len(e.heard()) == len(want) })
	require.Equal(t, want, e.heard())
}

// One whom a channel's own rule refuses hears no end, and its rival goes on.
func TestARivalThatIsRefusedHearsNoEnd(t *testing.T) {
	e := newBackEnd(map[string]string{"alice": "alice"})
	h := asked(t, e)
	_, err := h.accounts.EnsureChannel(t.Context(), "alice")
	require.NoError(t, err)
	rule := account.TakeoverRefuse
	require.NoError(t, h.setDetails("alice", account.Details{Takeover: &rule}))
	pub, b := h.publish("alice")
	part(t).Send(pub)
	_, err = h.m.Publish(t.Context(), from("127.0.0.1:2", "alice"))
	refused(t, "channel_busy", err)
	require.Equal(t, []string{"ask 1", "began 1", "ask 2"}, e.heard())
	pub.Close(live.Stopped, nil)
	ended(t, b)
}

// Whom the back-end sends away is not waited for, and another encoder that has
// taken over since is left alone.
func TestABackEndSendsAway(t *testing.T) {
	e := newBackEnd(map[string]string{"alice": "alice"})
	h := asked(t, e)
	pub, b := h.publish("alice")
	part(t).Send(pub)
	h.awaitState(b.ID, store.StateLive)
	second, _ := h.publish("alice")
	part(t).Send(second)
	e.stops[1](refusal("hook_ended", "Away."))
	select {
	case <-second.Kicked():
		t.Fatal("another encoder was sent away")
	default:
	}
	e.stops[2](refusal("hook_ended", "Away."))
	<-second.Kicked()
	require.Equal(t, "hook_ended", second.Reason().Code)
	second.Close(live.Lost, nil)
	ended(t, b)
	require.Equal(t, "Away.", h.row(b.ID).EndReason)
}

// Segments are told with addresses of MPEG-TS; nothing is told of a recording
// that is not kept.
func TestABackEndHearsOfSegments(t *testing.T) {
	e := newBackEnd(map[string]string{"alice": "alice"})
	e.segment = make(chan string, 16)
	h := asked(t, e)
	_, err := h.accounts.EnsureChannel(t.Context(), "alice")
	require.NoError(t, err)
	no := false
	require.NoError(t, h.setDetails("alice", account.Details{Recorded: &no}))
	pub, b := h.publish("alice")
	part(t).Send(pub)
	h.awaitState(b.ID, store.StateLive)
	pub.Close(live.Stopped, nil)
	ended(t, b)
	h.await("a segment", func() bool { return len(e.segment) > 0 })
	require.Equal(t, "0 true /media/"+b.ID+"/video/source/seg0-source.ts /live/alice/ts/index.m3u8", <-e.segment)
	h.await("the end", func() bool { return len(e.heard()) == 4 })
	require.Equal(t, "over alice ", e.heard()[3])
}

// Record has a broadcast kept that was not to be.
func TestRecord(t *testing.T) {
	h := newHouse(t, Any)
	_, err := h.accounts.EnsureChannel(t.Context(), "alice")
	require.NoError(t, err)
	no := false
	require.NoError(t, h.setDetails("alice", account.Details{Recorded: &no}))
	pub, b := h.publish("alice")
	part(t).Send(pub)
	h.awaitState(b.ID, store.StateLive)
	require.False(t, b.Recorded())
	path, err := b.Record(t.Context())
	require.NoError(t, err)
	require.Equal(t, "/vod/"+b.ID+"/download.mp4", path)
	path, err = b.Record(t.Context())
	require.NoError(t, err)
	require.Empty(t, path)
	pub.Close(live.Stopped, nil)
	ended(t, b)
	row := h.row(b.ID)
	require.Equal(t, store.StateArchived, row.State)
	require.True(t, row.Recorded)
	require.Zero(t, row.Keep)
}
