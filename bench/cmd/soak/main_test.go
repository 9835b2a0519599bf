package main

import (
	"encoding/json"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"

	"github.com/rostrumlive/rostrum/bench/internal/command"
	"github.com/rostrumlive/rostrum/bench/internal/flvclip"
	"github.com/rostrumlive/rostrum/bench/internal/tally"
	"github.com/rostrumlive/rostrum/bench/internal/trend"
	"github.com/rostrumlive/rostrum/bench/internal/vitals"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

func TestOptions(t *testing.T) {
	o, err := parse(nil)
	require.NoError(t, err)
	require.Equal(t, 50, o.streams)
	require.Equal(t, 6*time.Minute, o.settle())
	o, err = parse(strings.Fields("-streams 10 -viewers 0 -for 3m -reconnect 0"))
	require.NoError(t, err)
	require.Equal(t, 90*time.Second, o.settle())
	for _, bad := range []string{"-streams 0", "-viewers -1", "-for 2m", "-every 1ms", "-reconnect 10s", "more", "-kbps 0", "-what"} {
		_, err := parse(strings.Fields(bad))
		require.ErrorIs(t, err, command.ErrUse, bad)
	}
}

func TestRoomIsReckonedFromTheClip(t *testing.T) {
	c := &flvclip.Clip{Millis: 2000, Media: []flvclip.Tag{{Body: make([]byte, 60_000)}, {Body: make([]byte, 40_000)}}}
	n := need(c, options{streams: 10, length: time.Minute})
	require.EqualValues(t, 33_000_000, n) // 50 kB/s, ten times, 60 s, and a tenth
	require.NoError(t, room(t.TempDir(), 1))
	require.ErrorIs(t, room(t.TempDir(), 1<<62-1), errRoom)
}

func TestBrief(t *testing.T) {
	for d, want := range map[time.Duration]string{0: "0s", 90 * time.Minute: "1h30m", 24 * time.Hour: "24h", 90 * time.Second: "1m30s", 1500 * time.Millisecond: "2s"} {
		require.Equal(t, want, brief(d))
	}
}

// soaked is a run of half an hour whose descriptors rise by the given number
// an hour.
func soaked(t *testing.T, rise float64) *soak {
	t.Helper()
	o, err := parse(nil)
	require.NoError(t, err)
	s := &soak{options: o, tally: tally.New(), before: vitals.Sample{vitals.Descriptors: 10}, after: vitals.Sample{vitals.Descriptors: 12}}
	for at := time.Duration(0); at <= o.length; at += o.every {
		v := vitals.Sample{vitals.Descriptors: 500 + rise*at.Hours(), vitals.Database: at.Hours(), vitals.Processor: at.Seconds() / 4}
		s.samples = append(s.samples, sample{at, v})
	}
	return s
}

func TestPageOfALevelRun(t *testing.T) {
	p := soaked(t, 0).page(nil)
	require.False(t, p.Failed)
	md := p.Markdown()
	require.Contains(t, md, "| descriptors | 10.0 | 500 | 500 | 500 | 0 [0 … 0] | no slope | 12.0 |")
	require.Contains(t, md, "| database, MiB | 0 |")
	require.Contains(t, md, "rises, not judged")
	require.Contains(t, md, "## Faults\n\nNone.\n")
	require.Contains(t, md, "0.250 of one core")
	require.Contains(t, md, "30m; 50 streams")
	b, err := json.Marshal(p)
	require.NoError(t, err)
	require.Less(t, len(b), 100_000)
}

func TestPageFailsOnARise(t *testing.T) {
	p := soaked(t, 100).page(nil)
	require.True(t, p.Failed)
	for _, m := range p.Measures {
		require.Equal(t, m.Name == vitals.Descriptors || m.Name == vitals.Database, m.Verdict == trend.Rises, m.Name)
	}
}

func TestPageFailsOnAFault(t *testing.T) {
	s := soaked(t, 0)
	s.tally.Fault("went back", "a list\nof two lines")
	s.samples[len(s.samples)-1].Sample[vitals.Lost] = 3
	p := s.page(nil)
	require.True(t, p.Failed)
	require.Contains(t, p.Markdown(), "- 1 × went back\n  - 0s: a list; of two lines\n")
	require.Contains(t, p.Markdown(), "- 1 × segments not recorded\n  - 0s: 3, as the server counts\n")
}

func TestPageOfARunThatWasCutShort(t *testing.T) {
	s := soaked(t, 0)
	s.samples, s.after = s.samples[:5], nil
	p := s.page(errors.New("cut short after 50s"))
	require.Contains(t, p.Markdown(), "cut short after 50s")
	require.Contains(t, p.Markdown(), "| descriptors | 10.0 | – | – | – | – | too few samples | – |")
}

func TestSamplesAreThinned(t *testing.T) {
	s := soaked(t, 0)
	one := s.samples
	for len(s.samples) < 8640 { // a day
		s.samples = append(s.samples, one...)
	}
	p := s.page(nil)
	require.LessOrEqual(t, len(p.Seconds), most)
	require.Len(t, p.Samples[vitals.Descriptors], len(p.Seconds))
}
