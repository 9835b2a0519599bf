package doctor

import (
	"encoding/hex"
	"testing"
	"time"
	"unsafe"

	"github.com/stretchr/testify/require"

	"github.com/rostrumlive/rostrum/internal/live"
	"github.com/rostrumlive/rostrum/internal/media"
)

var (
	h264 = &media.Track{Codec: media.H264, Timescale: media.VideoTimescale, FrameRate: media.Rate{Num: 30, Den: 1}, Config: []byte{1, 100, 0, 31}, Width: 1280, Height: 720}
	aac  = &media.Track{Codec: media.AAC, Timescale: 48000, SampleRate: 48000, Channels: 2, SamplesPerFrame: 1024}
	// tune, rest and hush are frames of ffmpeg's AAC: of a tone, of silence, and of
	// silence in mono.
	tune = frameOf("2118cffffff80079b3b4083a550e8443a210b5f3f6ffe9fafff8d65f5265e497338ae5ebce8bae66604aa509af9ee70cfb1f90fab781065853032383b6f2bf7d96df71dc6464d69b9919014a4a270041076cb6a89d40f2c3020185f6becdb1784caddb7e0340a95e223b62abb7ca748e6e627cd692e8f3a9e471a5f0e87c3a2f0b5f3f6ffe9fafff8d65f5265e497338ae5ebce8526000000000000038")
	rest = frameOf("211004608c1c")
	hush = frameOf("01182007")
)

func frameOf(text string) []byte {
	b, err := hex.DecodeString(text)
	if err != nil {
		panic(err)
	}
	return b
}

func TestSilence(t *testing.T) {
	opus := &media.Track{Codec: media.Opus, Timescale: 48000}
	for _, c := range []struct {
		track *media.Track
		data  []byte
		want  bool
	}{
		{aac, tune, false},
		{aac, rest, true},
		{aac, hush, true},
		{aac, rest[:4], false},
		{aac, append([]byte{0xc1, 0xff, 0x80 | rest[0]>>1}, rest[1:]...), false}, // behind a fill element that says more than there is
		{aac, nil, false},
		{opus, []byte{0xfc, 0xff, 0xfe}, true},
		{opus, make([]byte, 40), false},
	} {
		require.Equal(t, c.want, silent(&media.AccessUnit{Track: c.track, Data: c.data}), "%x", c.data)
	}
}

// source makes units of a healthy encoder: 30 pictures and 47 frames a second.
type source struct {
	n, frames int64
	data      []byte
	session   uint32
	gop       int64
}

func newSource() *source { return &source{data: make([]byte, 10_000), session: 1, gop: 60} }

// picture returns the next, and when it comes.
func (s *source) picture() live.Sight {
	dts := s.n * 3000
	u := &media.AccessUnit{Track: h264, DTS: dts, PTS: dts, Key: s.n%s.gop == 0, Data: s.data, Arrived: dawn.Add(media.Duration(dts, media.VideoTimescale))}
	s.n++
	return live.Sight{Unit: u, Stamp: dts, Session: s.session}
}

func (s *source) frame() live.Sight {
	dts := s.frames * 1024
	s.frames++
	return live.Sight{Unit: &media.AccessUnit{Track: aac, DTS: dts, PTS: dts, Key: true, Data: tune, Arrived: dawn.Add(media.Duration(dts, 48000))}, Stamp: dts, Session: s.session}
}

// play gives a meter so many seconds.
func (s *source) play(m *Meter, seconds int) {
	for range seconds * 30 {
		for s.frames*1024*30 < s.n*48000 {
			m.Witness(s.frame())
		}
		m.Witness(s.picture())
	}
}

func (s *source) now() time.Time { return dawn.Add(media.Duration(s.n*3000, media.VideoTimescale)) }

func TestAMeterCountsEachSecond(t *testing.T) {
	var m Meter
	src := newSource()
	src.play(&m, 20)
	s := m.Snapshot(src.now())
	require.Equal(t, 20, s.Seconds())
	series, from := SeriesOf(s, 5)
	require.Equal(t, dawn.Add(15*time.Second).UnixMilli(), from)
	for i := range 5 {
		require.EqualValues(t, 2_400_000, series.VideoBitrate[i])
		require.InDelta(t, 47*8*len(tune), series.AudioBitrate[i], 2*8*float64(len(tune)))
		require.EqualValues(t, 30, series.FrameRate[i])
		require.EqualValues(t, 2, series.KeyFrameInterval[i], "carried on to seconds without a key frame")
		require.Equal(t, Unmeasured, series.SoundLevel[i])
		require.False(t, series.Silent[i])
	}
	require.Empty(t, Examine(s))
	sums := Summarise(s)
	require.Equal(t, []any{20, "H.264", 30.0, int64(2_400_000), 2.0}, []any{sums.Seconds, sums.VideoCodec, sums.FrameRate, sums.VideoBitrate, sums.KeyFrameInterval})
	require.Contains(t, sums.Lines()[0], "1280 × 720, 30.00 pictures a second, 2.4 Mbit/s")

	m.Level(dawn.Add(18*time.Second), -23.4)
	m.Level(dawn.Add(-time.Second), -1) // before it began
	m.Level(dawn.Add(time.Hour), -1)    // not yet
	series, _ = SeriesOf(m.Snapshot(src.now()), 3)
	require.Equal(t, []int{Unmeasured, -23, Unmeasured}, series.SoundLevel)
}

func TestAMeterOfNothing(t *testing.T) {
	var m Meter
	s := m.Snapshot(dawn)
	require.Zero(t, s.Seconds())
	require.Empty(t, Examine(s))
	require.False(t, s.Settled())
	series, _ := SeriesOf(s, 120)
	require.Empty(t, series.FrameRate)
	require.Len(t, Summarise(s).Lines(), 2)
}

func TestAMeterRemembersTenMinutes(t *testing.T) {
	var m Meter
	src := newSource()
	src.play(&m, 3)
	// A gap of an hour costs no more than the ring.
	src.n += 3600 * 30
	src.frames += 3600 * 48000 / 1024
	src.play(&m, 15)
	s := m.Snapshot(src.now())
	require.Equal(t, Window-1, s.Seconds())
	require.Equal(t, 30*15, sum(s.seconds).pictures)
	require.LessOrEqual(t, unsafe.Sizeof(m), uintptr(34<<10), "bytes a stream")
}

// Nothing is said of the first seconds, nor of those after an encoder came back:
// a verdict on the one before is not one on it.
func TestAnotherEncoderBeginsAnew(t *testing.T) {
	var m Meter
	src := newSource()
	src.gop = 300
	src.play(&m, 8)
	require.Empty(t, Examine(m.Snapshot(src.now())), "too early to say")
	src.play(&m, 30)
	s := m.Snapshot(src.now())
	require.Equal(t, []string{KeyFrameInterval}, codes(Examine(s)))
	src.session, src.gop = 2, 60
	src.play(&m, hold+1)
	s = m.Snapshot(src.now())
	require.False(t, s.Settled())
	require.Empty(t, Examine(s))
	src.play(&m, 10)
	s = m.Snapshot(src.now())
	require.True(t, s.Settled())
	s.Away = true
	require.False(t, s.Settled())

	late := src.picture()
	late.Session = 1
	m.Witness(late)
	require.True(t, m.Snapshot(src.now()).Settled(), "what the one before still wrote changes nothing")
}

// A verdict stays for a while after its cause has gone, and keeps saying since
// when.
func TestAVerdictDoesNotFlicker(t *testing.T) {
	var m Meter
	src := newSource()
	src.play(&m, 30)
	var since time.Time
	said := 0
	for n := range 60 {
		if n < 20 {
			for range 30 { // pictures alone
				m.Witness(src.picture())
			}
			src.frames = src.n * 48000 / 30 / 1024
		} else {
			src.play(&m, 1)
		}
		list := Examine(m.Snapshot(src.now()))
		switch {
		case n+1 < gone-1:
			require.Empty(t, list, "second %d", n)
		case n+1 > gone && n < 20+hold-1:
			require.Equal(t, []string{AudioMissing}, codes(list), "second %d", n)
			if since.IsZero() {
				since = list[0].Since
			}
			require.WithinDuration(t, since, list[0].Since, time.Second, "it began then")
			said++
		case n > 20+hold:
			require.Empty(t, list, "second %d", n)
		}
	}
	require.Greater(t, said, 10)
}

func TestWhatOthersKnow(t *testing.T) {
	var m Meter
	src := newSource()
	src.play(&m, 60)
	s := m.Snapshot(src.now())
	at := func(list ...int) (times []time.Time) {
		for _, n := range list {
			times = append(times, dawn.Add(time.Duration(n)*time.Second))
		}
		return times
	}
	s.Takeovers, s.Losses = at(2, 50), at(-700, 20, 30)
	require.Empty(t, Examine(s), "one takeover too few, one loss too long ago")
	s.Takeovers = at(2, 40, 50)
	v := found(t, s, EncodersFight)
	require.Contains(t, v.Seen, "3 times")
	require.Equal(t, Bad, v.Severity)
	require.WithinDuration(t, at(50)[0], v.Since, time.Second, "from the third on")
	s.Losses = at(10, 20, 30)
	require.Equal(t, []string{EncodersFight, EncoderLost}, codes(Examine(s)))
	s.Takeovers, s.Losses = nil, nil
	s.Notices = []media.Notice{{Code: media.TracksNotCarried, Kind: media.Audio}, {Code: media.VODTrackNotCarried, Kind: media.Audio}}
	v = found(t, s, NotCarried)
	require.Equal(t, Hint, v.Severity)
	require.Equal(t, "The encoder sends several audio tracks; only the first is carried. The encoder's second audio track (Twitch VOD track) is not carried.", v.Seen)
	require.Equal(t, s.Notices, v.NotCarried)
}

func TestWordsOfEncoders(t *testing.T) {
	for name, want := range map[string]string{
		"obs-output module (libobs version 29.0.2)": "obs",
		"FMLE/3.0 (compatible; Lavf59.27.100)":      "ffmpeg",
		"Larix/1.3":                                 "other",
		"":                                          "other",
	} {
		require.Equal(t, want, KindOf(name))
	}
	var m Meter
	src := newSource()
	src.gop = 240
	src.play(&m, 40)
	s := m.Snapshot(src.now())
	s.Encoder = "obs-output module (libobs version 29.0.2)"
	v := found(t, s, KeyFrameInterval)
	require.Equal(t, "Key frames come every 8 s: viewers wait for one before they see anything.", v.Seen)
	require.Contains(t, v.Fix, "OBS → Settings → Output")
	require.Contains(t, v.Fix, "Keyframe Interval to 2 s")
	require.Equal(t, "endless", v.Case)
	require.Equal(t, Figures{"ms": 8000, "rate": 30}, v.Figures)
	s.Encoder = "Lavf59"
	require.Contains(t, found(t, s, KeyFrameInterval).Fix, "-g 60")
}

// BenchmarkMeter is what a unit costs: the mean of 30 pictures and 47 frames of
// sound.
func BenchmarkMeter(b *testing.B) {
	src := newSource()
	var units []live.Sight
	for range 30 * 10 { // no more than the cache holds: a unit was just written
		for src.frames*1024*30 < src.n*48000 {
			units = append(units, src.frame())
		}
		units = append(units, src.picture())
	}
	var m Meter
	b.ReportAllocs()
	for i := 0; b.Loop(); i++ {
		m.Witness(units[i%len(units)])
	}
}

// BenchmarkExamine is what one look costs, of ten minutes of a stream.
func BenchmarkExamine(b *testing.B) {
	for name, gop := range map[string]int64{"healthy": 60, "ill": 240} {
		b.Run(name, func(b *testing.B) {
			var m Meter
			src := newSource()
			src.gop = gop
			src.play(&m, Window)
			b.ReportAllocs()
			for b.Loop() {
				Examine(m.Snapshot(src.now()))
			}
		})
	}
}

func TestAMeterAllocatesNothing(t *testing.T) {
	var m Meter
	src := newSource()
	src.play(&m, 5)
	unit, frame := src.picture(), src.frame()
	require.Zero(t, testing.AllocsPerRun(1000, func() {
		m.Witness(unit)
		m.Witness(frame)
	}))
}
