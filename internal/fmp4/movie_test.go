package fmp4

import (
	"errors"
	"math"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/rostrumlive/rostrum/internal/media"
)

// memory is a file in memory.
type memory []byte

// WriteAt implements io.WriterAt.
func (m *memory) WriteAt(p []byte, at int64) (int, error) {
	if need := int(at) + len(p); need > len(*m) {
		*m = append(*m, make([]byte, need-len(*m))...)
	}
	return copy((*m)[at:], p), nil
}

// trackOf makes a track of chunks that are there.
func trackOf(chunks []Chunk, descriptions ...*media.Track) MovieTrack {
	return MovieTrack{Descriptions: descriptions, Chunks: func(visit func(*Chunk) error) error {
		for i := range chunks {
			if err := visit(&chunks[i]); err != nil {
				return err
			}
		}
		return nil
	}}
}

func headOf(t require.TestingT, m *Movie) []byte {
	plan, err := m.Plan()
	require.NoError(t, err)
	var file memory
	require.NoError(t, plan.WriteTo(&file))
	require.Len(t, file, int(plan.Bytes()), "the head is as long as it was planned")
	return file
}

// chunk makes a chunk of samples of one size at a time.
func chunk(description int, at, offset int64, samples ...SampleInfo) Chunk {
	return Chunk{Description: description, Run: Run{DecodeTime: at, Offset: offset, Samples: samples}}
}

// frames are n pictures, the first a key frame, with offsets of composition.
func frames(n int, offsets ...int32) []SampleInfo {
	list := make([]SampleInfo, n)
	for i := range list {
		list[i] = SampleInfo{Size: uint32(100 + i), Duration: 3000, Key: i == 0}
		if len(offsets) > 0 {
			list[i].CompositionOffset = offsets[i%len(offsets)]
		}
	}
	return list
}

// tones are n frames of sound.
func tones(n int) []SampleInfo {
	list := make([]SampleInfo, n)
	for i := range list {
		list[i] = SampleInfo{Size: 20, Duration: 1024, Key: true}
	}
	return list
}

func TestMovieGolden(t *testing.T) {
	all := tracks(t)
	larger := *all["h264"]
	larger.Width, larger.Height = 640, 360
	created := time.Date(2026, 5, 4, 3, 2, 1, 0, time.UTC)
	video := []Chunk{chunk(0, 90000, 8, frames(3)...), chunk(0, 99000, 1000, frames(2)...)}
	for name, m := range map[string]Movie{
		"video": {Tracks: []MovieTrack{trackOf(video, all["h264"])}},
		"audio": {Tracks: []MovieTrack{trackOf([]Chunk{chunk(0, 44100, 8, tones(3)...)}, all["aac"])}},
		"b_frames": {Tracks: []MovieTrack{
			trackOf([]Chunk{chunk(0, 90000, 8, frames(4, 6000, 9000, 0, -3000)...)}, all["h265"]),
		}},
		"late_audio": {Tracks: []MovieTrack{
			trackOf(video, all["h264"]), trackOf([]Chunk{chunk(0, 3*44100, 500, tones(2)...)}, all["aac"]),
		}},
		"two_descriptions": {Tracks: []MovieTrack{
			trackOf([]Chunk{chunk(0, 90000, 8, frames(2)...), chunk(1, 96000, 400, frames(2)...)}, all["h264"], &larger),
		}},
		"hole": {Tracks: []MovieTrack{
			trackOf([]Chunk{chunk(0, 90000, 8, frames(2)...), chunk(0, 900000, 400, frames(2)...)}, all["av1"]),
			trackOf([]Chunk{chunk(0, 48000, 300, tones(2)...)}, all["opus"]),
		}},
		"cut": {Shown: Interval{1*time.Second + 33333333, 1*time.Second + 100*time.Millisecond}, Tracks: []MovieTrack{
			trackOf(video, all["h264"]), trackOf([]Chunk{chunk(0, 44100, 8, tones(6)...)}, all["aac"]),
		}},
		"over_4_gib": {PayloadBytes: 5 << 30, Tracks: []MovieTrack{
			trackOf([]Chunk{chunk(0, 90000, 8, frames(2)...), chunk(0, 96000, 5<<30-201, frames(2)...)}, all["h264"]),
		}},
	} {
		t.Run(name, func(t *testing.T) {
			m.Created = created
			if m.PayloadBytes == 0 {
				m.PayloadBytes = 2000
			}
			golden(t, "movie_"+name, headOf(t, &m))
		})
	}
}

// told is what a reader makes of one track of a movie.
type told struct {
	scale        uint32
	samples      []toldSample
	descriptions int
	late, begin  int64 // of the edits: ticks of the movie, ticks of the track; late is 0 and begin -1 without any
	length       int64
}

type toldSample struct {
	at, shown   int64 // media time
	offset      int64 // in the file
	size        uint32
	key         bool
	description int
}

// readMovie reads a head as a player does, table by table.
func readMovie(t require.TestingT, head []byte) (list []told, scale uint32) {
	body := func(b []byte, path ...string) []byte {
		found, err := find(b, path...)
		require.NoError(t, err)
		return found
	}
	moov := body(head, "moov")
	r := reader{b: body(moov, "mvhd")}
	r.skip(4 + 16)
	scale = r.u32()
	require.NoError(t, children(moov, func(b box) error {
		if b.name == "trak" {
			list = append(list, readTrak(t, b.body))
		}
		return nil
	}))
	return list, scale
}

func readTrak(t require.TestingT, trak []byte) (out told) {
	words := func(path ...string) []uint32 {
		b, err := find(trak, path...)
		if errors.Is(err, ErrMalformed) {
			return nil
		}
		r := reader{b: b}
		r.skip(4)
		var list []uint32
		for len(r.b) >= 4 {
			list = append(list, r.u32())
		}
		return list
	}
	table := func(name string) []uint32 { return words("mdia", "minf", "stbl", name) }
	out.scale = words("mdia", "mdhd")[4]
	out.begin = -1
	if elst := words("edts", "elst"); elst != nil {
		edits := elst[1:]
		if elst[0] == 2 {
			require.Equal(t, []uint32{math.MaxUint32, math.MaxUint32, 1 << 16}, edits[2:5])
			out.late = int64(edits[0])<<32 | int64(edits[1])
			edits = edits[5:]
		}
		out.length = int64(edits[0])<<32 | int64(edits[1])
		out.begin = int64(edits[2])<<32 | int64(edits[3])
		require.Len(t, edits, 5)
	}
	sizes := table("stsz")
	require.Len(t, sizes, int(sizes[1])+2)
	for _, size := range sizes[2:] {
		out.samples = append(out.samples, toldSample{size: size, key: true})
	}
	if stss := table("stss"); stss != nil {
		for i := range out.samples {
			out.samples[i].key = false
		}
		for _, n := range stss[1:] {
			out.samples[n-1].key = true
		}
	}
	at, i := int64(0), 0
	for pairs := table("stts")[1:]; len(pairs) > 0; pairs = pairs[2:] {
		for range pairs[0] {
			out.samples[i].at, out.samples[i].shown = at, at
			at += int64(pairs[1])
			i++
		}
	}
	require.Len(t, out.samples, i)
	if ctts := table("ctts"); ctts != nil {
		i = 0
		for pairs := ctts[1:]; len(pairs) > 0; pairs = pairs[2:] {
			for range pairs[0] {
				out.samples[i].shown += int64(pairs[1])
				i++
			}
		}
		require.Len(t, out.samples, i)
	}
	var offsets []int64
	if co64 := table("co64"); co64 != nil {
		for pairs := co64[1:]; len(pairs) > 0; pairs = pairs[2:] {
			offsets = append(offsets, int64(pairs[0])<<32|int64(pairs[1]))
		}
	} else {
		for _, offset := range table("stco")[1:] {
			offsets = append(offsets, int64(offset))
		}
	}
	stsc := table("stsc")[1:]
	i = 0
	var per, description uint32
	for n, offset := range offsets {
		if len(stsc) > 0 && stsc[0] == uint32(n+1) {
			per, description, stsc = stsc[1], stsc[2], stsc[3:]
		}
		for range per {
			s := &out.samples[i]
			s.offset, s.description = offset, int(description-1)
			offset += int64(s.size)
			i++
		}
	}
	require.Len(t, out.samples, i)
	out.descriptions = int(table("stsd")[0])
	return out
}

// TestMovieSaysWhatTheSamplesAre writes movies of all kinds and reads them
// back.
func TestMovieSaysWhatTheSamplesAre(t *testing.T) {
	all := tracks(t)
	rapid.Check(t, func(t *rapid.T) {
		wide := rapid.Bool().Draw(t, "wide")
		m := Movie{PayloadBytes: 1 << 20}
		if wide {
			m.PayloadBytes = 1 << 33
		}
		var given [][]Chunk
		for _, name := range []string{"h264", "opus"} {
			chunks := drawChunks(t, name, m.PayloadBytes)
			given = append(given, chunks)
			m.Tracks = append(m.Tracks, trackOf(chunks, all[name], all[name], all[name]))
		}
		head := headOf(t, &m)
		got, scale := readMovie(t, head)
		require.Len(t, got, 2)
		require.EqualValues(t, 90000, scale)

		base := math.Inf(1) // seconds
		for i := range given {
			base = min(base, firstShown(given[i])/float64(got[i].scale))
		}
		for i, track := range got {
			require.Equal(t, 3, track.descriptions)
			begin := max(track.begin, 0)
			n := 0
			for _, c := range given[i] {
				at, offset := c.DecodeTime, int64(len(head))+c.Offset
				for _, s := range c.Samples {
					is := track.samples[n]
					require.Equal(t, c.Description, is.description)
					require.Equal(t, [2]any{s.Size, s.Key}, [2]any{is.size, is.key})
					require.Equal(t, offset, is.offset)
					want := float64(at+int64(s.CompositionOffset))/float64(track.scale) - base
					have := float64(track.late)/float64(scale) + float64(is.shown-begin)/float64(track.scale)
					require.InDelta(t, want, have, 1.5/float64(scale), "sample %d is shown at its time", n)
					require.GreaterOrEqual(t, is.shown, begin, "no sample lies before the edit")
					if track.begin >= 0 {
						end := float64(is.shown-begin+int64(s.Duration)) / float64(track.scale)
						require.GreaterOrEqual(t, float64(track.length)/float64(scale), end-1e-9, "nor behind it")
					}
					at += int64(s.Duration)
					offset += int64(s.Size)
					n++
				}
			}
			require.Len(t, track.samples, n)
		}
	})
}

// TestMovieShowsWhatItIsToldTo: the edits of all tracks begin and end with the
// same moments, whatever lies around them.
func TestMovieShowsWhatItIsToldTo(t *testing.T) {
	all := tracks(t)
	from, to := time.Second+70*time.Millisecond, time.Second+170*time.Millisecond
	m := Movie{
		PayloadBytes: 1 << 20, Shown: Interval{from, to},
		Tracks: []MovieTrack{
			trackOf([]Chunk{chunk(0, 90000, 0, frames(12, 6000, 9000, 0, -3000)...)}, all["h264"]),
			trackOf([]Chunk{chunk(0, 44100, 5000, tones(20)...)}, all["aac"]),
		},
	}
	got, scale := readMovie(t, headOf(t, &m))
	require.EqualValues(t, 90000, scale)
	for i, first := range []int64{90000, 44100} {
		track := got[i]
		require.Zero(t, track.late)
		begin := media.Ticks(from, track.scale) - first
		if i == 0 {
			begin += 3000 // composition offsets are moved up by that, so that none is negative
		}
		require.Equal(t, begin, track.begin)
		require.EqualValues(t, 9000, track.length)
	}

	// Sound that begins later is late.
	m.Tracks[1] = trackOf([]Chunk{chunk(0, media.Ticks(from, 44100)+441, 0, tones(9)...)}, all["aac"])
	got, _ = readMovie(t, headOf(t, &m))
	require.EqualValues(t, 900, got[1].late)
	require.EqualValues(t, 9000-900, got[1].length)

	m.Shown = Interval{time.Minute, 2 * time.Minute}
	_, err := m.Plan()
	require.ErrorIs(t, err, errNotShown)
}

func firstShown(chunks []Chunk) float64 {
	first := int64(math.MaxInt64)
	for _, c := range chunks {
		at := c.DecodeTime
		for _, s := range c.Samples {
			first = min(first, at+int64(s.CompositionOffset))
			at += int64(s.Duration)
		}
	}
	return float64(first)
}

func drawChunks(t *rapid.T, name string, payload int64) []Chunk {
	var chunks []Chunk
	at := rapid.Int64Range(0, 1<<40).Draw(t, name+" begins")
	for range rapid.IntRange(1, 8).Draw(t, name+" chunks") {
		c := Chunk{Description: rapid.IntRange(0, 2).Draw(t, "description")}
		c.DecodeTime, c.Offset = at, rapid.Int64Range(0, payload).Draw(t, "offset")
		for range rapid.IntRange(1, 6).Draw(t, "samples") {
			s := SampleInfo{
				Size:     rapid.Uint32().Draw(t, "size"),
				Duration: rapid.Uint32Range(1, 5000).Draw(t, "duration"), Key: name == "opus" || rapid.Bool().Draw(t, "key"),
			}
			if name == "h264" {
				s.CompositionOffset = rapid.Int32Range(-9000, 9000).Draw(t, "composition")
			}
			c.Samples = append(c.Samples, s)
			at += int64(s.Duration)
		}
		at += rapid.SampledFrom([]int64{0, 0, 0, 90000, 1 << 30}).Draw(t, "hole")
		chunks = append(chunks, c)
	}
	return chunks
}

func TestMovieErrors(t *testing.T) {
	all := tracks(t)
	bad := errors.New("disk")
	_, err := (&Movie{Tracks: []MovieTrack{{
		Descriptions: []*media.Track{all["aac"]}, Chunks: func(func(*Chunk) error) error { return bad },
	}}}).Plan()
	require.ErrorIs(t, err, bad)
	_, err = (&Movie{Tracks: []MovieTrack{trackOf(nil, all["aac"])}}).Plan()
	require.Error(t, err, "no samples")
	_, err = (&Movie{Tracks: []MovieTrack{trackOf([]Chunk{chunk(0, 0, 0, tones(1)...)}, &media.Track{})}}).Plan()
	require.Error(t, err, "no such codec")

	passes := 0
	plan, err := (&Movie{Tracks: []MovieTrack{{
		Descriptions: []*media.Track{all["aac"]}, Chunks: func(visit func(*Chunk) error) error {
			passes++
			c := chunk(0, 0, 0, tones(passes)...)
			return visit(&c)
		},
	}}}).Plan()
	require.NoError(t, err)
	require.ErrorIs(t, plan.WriteTo(&memory{}), errChanged)
}

// TestMovieTakesNoMemory: ten times the samples take no more of it.
func TestMovieTakesNoMemory(t *testing.T) {
	track := tracks(t)["h264"]
	cost := func(chunks int) float64 {
		c := Chunk{Run: Run{Samples: frames(6, 6000, 0)}}
		m := Movie{PayloadBytes: 1 << 20, Tracks: []MovieTrack{{Descriptions: []*media.Track{track}, Chunks: func(visit func(*Chunk) error) error {
			for i := range chunks {
				c.DecodeTime = int64(i) * 18000
				if err := visit(&c); err != nil {
					return err
				}
			}
			return nil
		}}}}
		return testing.AllocsPerRun(3, func() {
			plan, err := m.Plan()
			require.NoError(t, err)
			require.NoError(t, plan.WriteTo(nowhere{}))
		})
	}
	require.InDelta(t, cost(1000), cost(10000), 2)
}

// nowhere takes all that is written.
type nowhere struct{}

// WriteAt implements io.WriterAt.
func (nowhere) WriteAt(p []byte, _ int64) (int, error) { return len(p), nil }
