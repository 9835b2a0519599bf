package broadcast

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/rostrumlive/rostrum/internal/cliptest"
	"github.com/rostrumlive/rostrum/internal/live"
	"github.com/rostrumlive/rostrum/internal/media"
	"github.com/rostrumlive/rostrum/internal/store"
)

// part is as much of the clip as a stream takes at once.
func part(t testing.TB) cliptest.Clip { return cliptest.Load(t).Between(0, 3*time.Second) }

func TestLifeAsARow(t *testing.T) {
	h := newHouse(t, Any)
	before := time.Now().Add(-time.Millisecond)
	pub, b := h.publish("Alice")
	row := h.row(b.ID)
	require.Equal(t, store.StateOpening, row.State)
	require.Equal(t, store.StateOpening, b.State())
	require.Equal(t, "alice", row.ChannelName)
	require.Zero(t, row.StartedAt)
	require.True(t, row.Recorded)
	require.Empty(t, h.m.OnAir(), "what opens cannot be watched yet")
	require.Same(t, b, h.m.Live("ALICE"))
	require.Same(t, b, h.m.Get(b.ID))

	pub.Notice(media.Notice{Code: media.CodecNotCarried, Kind: media.Audio, Name: "MP3"})
	require.Equal(t, []media.Notice{{Code: media.CodecNotCarried, Kind: media.Audio, Name: "MP3"}}, b.Notices())
	part(t).Send(pub)
	row = h.awaitState(b.ID, store.StateLive)
	require.Equal(t, store.StateLive, b.State())
	require.True(t, row.StartedAt.After(before))
	require.WithinDuration(t, b.StartedAt(), row.StartedAt, time.Millisecond)
	require.Equal(t, []*Broadcast{b}, h.m.OnAir())

	pub.Close(live.Stopped, nil)
	ended(t, b)
	row = h.row(b.ID) // the row is closed before the channel is free
	require.Equal(t, store.StateArchived, row.State)
	require.Equal(t, "The encoder stopped.", row.EndReason)
	require.InDelta(t, 3, row.Duration.Seconds(), 0.1)
	require.Positive(t, row.Bytes)
	require.False(t, row.EndedAt.Before(row.StartedAt))
	require.Nil(t, h.m.Live("alice"))
	require.Empty(t, h.m.OnAir())

	// It goes on answering from memory, so that each player meets the end.
	require.Same(t, b, h.m.Get(b.ID))
	require.Contains(t, playlist(t, b, "video/source"), "#EXT-X-ENDLIST\n")
}

// Who waits for ends is told of each, once, when the row says all; not of one
// that the next process goes on with.
func TestEndsAreTold(t *testing.T) {
	var h *house
	told := make(chan store.Broadcast, 9)
	h = openHouse(t, t.TempDir(), Options{Open: Any, ReconnectWindow: time.Minute, Ended: func(id string) { told <- h.row(id) }})
	pub, b := h.publish("alice")
	part(t).Send(pub)
	h.awaitState(b.ID, store.StateLive)
	_, empty := h.publish("bob")
	_, stays := h.publish("carol")
	part(t).Send(stays.first)
	h.awaitState(stays.ID, store.StateLive)
	pub.Close(live.Stopped, nil)
	empty.first.Close(live.Stopped, nil)
	got := map[string]store.State{}
	for range 2 {
		row := <-told
		got[row.ID] = row.State
	}
	require.Equal(t, map[string]store.State{b.ID: store.StateArchived, empty.ID: store.StateFailed}, got)
	require.NoError(t, h.m.Shutdown(t.Context()))
	require.Empty(t, told)
}

func TestLoss(t *testing.T) {
	h := newHouse(t, Any)
	pub, b := h.publish("alice")
	part(t).Send(pub)
	h.awaitState(b.ID, store.StateLive)
	pub.Close(live.Lost, errors.New("connection reset"))
	ended(t, b)
	require.Equal(t, "The connection to the encoder was lost.", h.row(b.ID).EndReason)
}

func TestNothingCame(t *testing.T) {
	h := newHouse(t, Any)
	pub, b := h.publish("alice")
	pub.Close(live.Stopped, nil)
	ended(t, b)
	row := h.row(b.ID)
	require.Equal(t, store.StateFailed, row.State)
	require.Equal(t, store.StateFailed, b.State())
	require.Zero(t, row.StartedAt)
	require.False(t, row.EndedAt.IsZero())
}

// A broadcast of which storage kept nothing is not offered as a recording.
func TestDiscarded(t *testing.T) {
	h := newHouse(t, Any)
	h.exec("CREATE TRIGGER gaps AFTER INSERT ON segments BEGIN UPDATE segments SET bytes = 0, gap = 1 WHERE rowid = NEW.rowid; END")
	pub, b := h.publish("alice")
	part(t).Send(pub)
	h.awaitState(b.ID, store.StateLive)
	pub.Close(live.Stopped, nil)
	ended(t, b)
	require.Equal(t, store.StateDiscarded, h.row(b.ID).State)
}

// A row that could not be told that its broadcast is live is set right at the
// end.
func TestLiveRowThatWasMissed(t *testing.T) {
	h := newHouse(t, Any)
	h.exec("CREATE TRIGGER trouble BEFORE UPDATE ON broadcasts WHEN NEW.state = 'live' BEGIN SELECT RAISE(ABORT, 'trouble'); END")
	pub, b := h.publish("alice")
	part(t).Send(pub)
	h.await("it is live in memory", func() bool { return b.State() == store.StateLive })
	h.await("the first rows", func() bool {
		totals, err := h.db.Totals(t.Context(), b.ID)
		return err == nil && len(totals) > 0
	})
	require.Equal(t, store.StateOpening, h.row(b.ID).State)
	h.exec("DROP TRIGGER trouble")
	pub.Close(live.Stopped, nil)
	ended(t, b)
	row := h.row(b.ID)
	require.Equal(t, store.StateArchived, row.State)
	require.WithinDuration(t, b.StartedAt(), row.StartedAt, time.Millisecond)
}

func TestTakeover(t *testing.T) {
	h := newHouse(t, Any)
	pub, b := h.publish("alice")
	part(t).Send(pub)
	h.awaitState(b.ID, store.StateLive)
	newer, err := h.m.Publish(t.Context(), from("127.0.0.1:2", "alice"))
	require.NoError(t, err)
	<-pub.Kicked()
	require.Equal(t, "taken_over", pub.Reason().Code)
	require.Same(t, b, h.m.Live("alice"), "the broadcast goes on")
	dropped := h.m.Totals().Dropped
	pub.Rendition("video/source").Write(&media.AccessUnit{Track: &media.Track{}, Key: true})
	require.Equal(t, dropped+1, h.m.Totals().Dropped, "what the old one writes reaches nobody")
	pub.Close(live.Stopped, nil) // what its door does then
	require.Equal(t, store.StateLive, h.row(b.ID).State)
	newer.Close(live.Stopped, nil)
	ended(t, b)
	require.Equal(t, "The encoder stopped.", h.row(b.ID).EndReason)
	h.awaitEvents(b.ID, "taken_over")
}

// Whoever comes to a channel at once, one holds it in the end and each other
// was sent away.
func TestTakeoverByMany(t *testing.T) {
	h := newHouse(t, Any)
	var mu sync.Mutex
	var pubs []*live.Publisher
	var work sync.WaitGroup
	for i := range 8 {
		work.Go(func() {
			pub, err := h.m.Publish(t.Context(), from(fmt.Sprintf("127.0.0.1:%d", i+1), "alice"))
			if err != nil {
				var no *live.Refusal
				if !errors.As(err, &no) || no.Code != "busy" {
					t.Errorf("refused with %v", err)
				}
				return
			}
			mu.Lock()
			defer mu.Unlock()
			pubs = append(pubs, pub)
		})
	}
	work.Wait()
	holds := 0
	for _, pub := range pubs {
		select {
		case <-pub.Kicked():
		default:
			holds++
		}
		pub.Close(live.Stopped, nil)
	}
	require.Equal(t, 1, holds)
}

// An encoder that waits for the end of another may give up.
func TestTakeoverIsBounded(t *testing.T) {
	h := newHouse(t, Any)
	pub, b := h.publish("alice")
	unlock := h.lock()
	pub.Close(live.Stopped, nil) // the row cannot be closed for now
	ctx, cancel := context.WithCancel(t.Context())
	answer := make(chan error, 1)
	go func() {
		_, err := h.m.Publish(ctx, from("127.0.0.1:2", "alice"))
		answer <- err
	}()
	h.await("the broadcast ends", func() bool {
		b.mu.Lock()
		defer b.mu.Unlock()
		return b.ending()
	})
	cancel()
	require.ErrorIs(t, <-answer, context.Canceled)
	_, err := h.m.Publish(t.Context(), from("127.0.0.1:2", "alice"))
	refused(t, "busy", err)
	unlock()
	ended(t, b)
}

// lock holds the database's only place to write until the returned function is
// called.
func (h *house) lock() (unlock func()) {
	held, release, free := make(chan struct{}), make(chan struct{}), make(chan struct{})
	go func() {
		defer close(free)
		_ = h.db.Write(context.Background(), func(*store.Tx) error {
			close(held)
			<-release
			return nil
		})
	}()
	<-held
	return func() {
		close(release)
		<-free
	}
}

// A track that cannot be packaged ends its own broadcast.
func TestUnplayable(t *testing.T) {
	h := newHouse(t, Any)
	good, fine := h.publish("fine")
	part(t).Send(good)
	h.awaitState(fine.ID, store.StateLive)

	pub, b := h.publish("odd")
	odd := &media.Track{Codec: media.H264, Timescale: media.VideoTimescale}
	pub.Rendition("video/source").Write(&media.AccessUnit{Track: odd, Key: true, Data: []byte{0, 0, 0, 1, 0x65}})
	<-pub.Kicked()
	require.Equal(t, "unplayable", pub.Reason().Code)
	pub.Close(live.Stopped, nil)
	ended(t, b)
	require.Equal(t, store.StateFailed, h.row(b.ID).State)
	require.Contains(t, h.row(b.ID).EndReason, "The media cannot be packaged: ")
	require.Equal(t, []*Broadcast{fine}, h.m.OnAir())
	good.Close(live.Stopped, nil)
	ended(t, fine)
	require.Equal(t, store.StateArchived, h.row(fine.ID).State)
}

func TestMany(t *testing.T) {
	h := newHouse(t, Any)
	clip := part(t)
	const many = 16
	var work sync.WaitGroup
	ids := make([]string, many)
	for i := range many {
		work.Go(func() {
			name := fmt.Sprintf("channel%d", i)
			pub, err := h.m.Publish(t.Context(), from("127.0.0.1:1", name))
			if err != nil {
				t.Error(err)
				return
			}
			b := h.m.Live(name)
			ids[i] = b.ID
			pub.Expect(media.Video, media.Audio)
			clip.Send(pub)
			select {
			case <-b.Packager().Ready():
			case <-time.After(limit):
				t.Errorf("%s is never ready", name)
			}
			_ = h.m.OnAir()
			pub.Close(live.End(i%2), nil)
			select {
			case <-b.over:
			case <-time.After(limit):
				t.Errorf("%s does not end", name)
			}
		})
	}
	work.Wait()
	var units uint64
	for _, id := range ids {
		row := h.row(id)
		require.Equal(t, store.StateArchived, row.State, row.EndReason)
		require.InDelta(t, 3, row.Duration.Seconds(), 0.1)
		units += uint64(len(clip))
	}
	totals := h.m.Totals()
	require.Equal(t, many, totals.Broadcasts)
	require.Equal(t, units, totals.Units)
	require.Positive(t, totals.Bytes)
	require.NoError(t, h.m.Shutdown(t.Context()))
	require.Equal(t, totals, h.m.Totals(), "what is over still counts")
}
