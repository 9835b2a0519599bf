package live

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

type notes struct{ seen []Sight }

func (n *notes) Witness(s Sight) { n.seen = append(n.seen, s) }

func TestAWitnessIsToldOfEachUnitAndOfWhatWasRepaired(t *testing.T) {
	s := NewStream("demo", "b", Limits{})
	video := newFeed(s, "video/source")
	video.Write(frame(0, true))
	var n notes
	s.Tell(&n)
	for i := 1; i < 4; i++ {
		video.Write(frame(i, false))
	}
	leapt := frame(4, false)
	stamp := leapt.DTS + 90000*3600
	leapt.DTS, leapt.PTS = stamp, stamp
	video.Write(leapt)
	s.Tell(nil)
	video.Write(frame(5, false))

	require.Len(t, n.seen, 4)
	for i, seen := range n.seen {
		require.Equal(t, i == 3, seen.Repaired, "unit %d", i)
		require.EqualValues(t, 1, seen.Session)
	}
	require.Equal(t, frame(1, false).DTS, n.seen[0].Stamp)
	require.Equal(t, stamp, n.seen[3].Stamp, "as the encoder gave it")
	require.Less(t, n.seen[3].Unit.DTS, stamp, "as it was published")

	newFeed(s, "video/source").Write(frame(0, true))
	s.Tell(&n)
	again := newFeed(s, "video/source")
	video.Write(frame(6, true))
	require.Len(t, n.seen, 4, "what is dropped is not told")
	again.Write(frame(7, true))
	require.EqualValues(t, 3, n.seen[4].Session)
}

func TestAnEncoderIsNamedByItsOwnPublisher(t *testing.T) {
	s := NewStream("demo", "b", Limits{})
	first := newFeed(s, "video/source").publisher
	first.Name("OBS")
	require.Equal(t, "OBS", s.Encoder())
	second := newFeed(s, "video/source").publisher
	require.Empty(t, s.Encoder(), "the next has not said yet")
	first.Name("the one before")
	require.Empty(t, s.Encoder())
	second.Name("Lavf")
	require.Equal(t, "Lavf", s.Encoder())
}

// BenchmarkWrite is the cost of a unit without and with a witness.
func BenchmarkWrite(b *testing.B) {
	for name, w := range map[string]Witness{"alone": nil, "witnessed": blind{}} {
		b.Run(name, func(b *testing.B) {
			s := NewStream("demo", "b", Limits{})
			s.Tell(w)
			video := newFeed(s, "video/source")
			start := time.Unix(1000, 0)
			b.ReportAllocs()
			for i := 0; b.Loop(); i++ {
				u := frame(i, i%60 == 0)
				u.Arrived = start.Add(time.Duration(i) * 33 * time.Millisecond)
				video.Write(u)
			}
		})
	}
}

type blind struct{}

func (blind) Witness(Sight) {}
