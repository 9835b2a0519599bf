package live

import (
	"errors"
	"io"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestWhoDrivesIsCalledByTheWriter(t *testing.T) {
	s := NewStream("demo", "b", Limits{})
	r := s.Reader()
	var got []int64
	drive := func() {
		for {
			u, ok, err := r.Take()
			require.True(t, err == nil || errors.Is(err, ErrInterrupted))
			if !ok && err == nil {
				return
			}
			if ok {
				got = append(got, u.DTS)
			}
		}
	}
	s.Drive(drive)
	video := newFeed(s, "video/source")
	for i := range 3 {
		video.Write(frame(i, i == 0))
		require.Len(t, got, i+1, "taken before Write returned")
	}
	s.Drive(nil)
	video.Write(frame(3, false))
	require.Len(t, got, 3)
	drive()
	require.Len(t, got, 4, "it waits in the ring")
}

func TestATurnIsNoUnit(t *testing.T) {
	s := NewStream("demo", "b", Limits{})
	came := func(c <-chan struct{}) bool {
		select {
		case <-c:
			return true
		default:
			return false
		}
	}
	turn := s.Turn()
	video := newFeed(s, "video/source")
	require.True(t, came(turn), "a publisher")
	turn = s.Turn()
	video.Write(frame(0, true))
	require.False(t, came(turn), "a unit")
	video.publisher.Expect(1)
	require.True(t, came(turn), "an announcement")
	turn = s.Turn()
	s.Interrupt(video.publisher)
	require.True(t, came(turn), "an encoder that is lost")
	turn = s.Turn()
	s.Close()
	require.True(t, came(turn), "the end")
	r := s.Reader()
	_, ok, err := r.Take()
	require.True(t, ok)
	require.NoError(t, err)
	_, ok, err = r.Take()
	require.False(t, ok)
	require.ErrorIs(t, err, io.EOF)
}
