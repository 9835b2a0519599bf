package store

import (
	"context"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// segment makes the row of a segment of two seconds.
func segment(b Broadcast, rendition string, number int64) Segment {
	return Segment{
		BroadcastID: b.ID, Rendition: rendition, Number: number, Init: 1,
		Start: number * 180000, Duration: 180000, Timescale: 90000, Bytes: 500_000,
		ProgramTime: day.Add(time.Duration(number) * 2 * time.Second), Independent: true,
	}
}

func insertSegments(t testing.TB, db *DB, segments ...Segment) {
	t.Helper()
	write(t, db, func(ctx context.Context, tx *Tx) error { return tx.InsertSegments(ctx, segments) })
}

func testRenditions(t *testing.T, open func() *DB) {
	db, ctx := open(), t.Context()
	b := addBroadcast(t, db, addChannel(t, db, "mine"), StateLive, true)
	video := Rendition{
		BroadcastID: b.ID, Name: "video/source", Kind: "video", Codecs: "avc1.64001f", Timescale: 90000,
		Width: 1280, Height: 720, FrameRateNum: 30000, FrameRateDen: 1001, Transfer: 1,
	}
	audio := Rendition{
		BroadcastID: b.ID, Name: "audio/source", Kind: "audio", Codecs: "mp4a.40.2", Timescale: 48000,
		SampleRate: 48000, Channels: 2,
	}
	put := func(v Rendition) {
		write(t, db, func(ctx context.Context, tx *Tx) error { return tx.PutRendition(ctx, v) })
	}
	put(audio)
	put(video)
	put(audio)
	video.Width, video.Height, video.Codecs, video.Transfer = 1920, 1080, "avc1.640028", 255
	put(video)
	got, err := db.Renditions(ctx, b.ID)
	require.NoError(t, err)
	equal(t, []Rendition{video, audio}, got)

	first := Init{BroadcastID: b.ID, Rendition: video.Name, Number: 1, Key: "media/x/1.mp4", Codecs: "avc1.64001f", Timescale: 90000, Bytes: 700}
	second := Init{BroadcastID: b.ID, Rendition: video.Name, Number: 2, Key: "media/x/2.mp4", Codecs: "avc1.640028", Timescale: 90000, Bytes: 701}
	for _, i := range []Init{second, first, second} {
		write(t, db, func(ctx context.Context, tx *Tx) error { return tx.PutInit(ctx, i) })
	}
	inits, err := db.Inits(ctx, b.ID, video.Name)
	require.NoError(t, err)
	equal(t, []Init{first, second}, inits)
	inits, err = db.Inits(ctx, b.ID, audio.Name)
	require.NoError(t, err)
	require.Empty(t, inits)
}

func testSegments(t *testing.T, open func() *DB) {
	db, ctx := open(), t.Context()
	b := addBroadcast(t, db, addChannel(t, db, "mine"), StateLive, true)
	const video, audio = "video/source", "audio/source"
	var all []Segment
	for n := range int64(6) {
		all = append(all, segment(b, video, n))
	}
	all[3].Gap, all[3].Bytes, all[3].Independent = true, 0, false
	all[4].Discontinuity, all[4].Init, all[4].ProgramTime = true, 2, time.Time{}
	insertSegments(t, db, all[:4]...)
	insertSegments(t, db, all[3:]...)
	insertSegments(t, db, segment(b, audio, 0))
	insertSegments(t, db)

	check := func(want []Segment, from int64, limit int) {
		t.Helper()
		got, err := db.Segments(ctx, b.ID, video, from, limit)
		require.NoError(t, err)
		equal(t, want, got)
	}
	check(all, 0, 100)
	check(all[2:4], 2, 2)
	check(nil, 6, 2)
	for limit, want := range map[int][]Segment{2: all[4:], 9: all} {
		got, err := db.NewestSegments(ctx, b.ID, video, limit)
		require.NoError(t, err)
		equal(t, want, got)
	}

	all[5].Duration = 90000
	insertSegments(t, db, all[5])
	check(all[5:], 5, 2)

	got, err := db.Segment(ctx, b.ID, video, 4)
	require.NoError(t, err)
	equal(t, all[4], got)
	_, err = db.Segment(ctx, b.ID, video, 6)
	require.ErrorIs(t, err, ErrNotFound)

	var n int64
	write(t, db, func(ctx context.Context, tx *Tx) error {
		n, err = tx.DeleteSegments(ctx, b.ID, video, 2)
		return err
	})
	require.EqualValues(t, 3, n)
	check(all[3:], 0, 100)
	_, err = db.Segment(ctx, b.ID, audio, 0)
	require.NoError(t, err, "another rendition's stay")

	write(t, db, func(ctx context.Context, tx *Tx) error {
		require.NoError(t, tx.PutRendition(ctx, Rendition{BroadcastID: b.ID, Name: video, Kind: "video"}))
		require.NoError(t, tx.PutInit(ctx, Init{BroadcastID: b.ID, Rendition: video, Number: 1}))
		return tx.DeleteMedia(ctx, b.ID)
	})
	totals, err := db.Totals(ctx, b.ID)
	require.NoError(t, err)
	require.Empty(t, totals)
	renditions, err := db.Renditions(ctx, b.ID)
	require.NoError(t, err)
	require.Empty(t, renditions)
	inits, err := db.Inits(ctx, b.ID, video)
	require.NoError(t, err)
	require.Empty(t, inits)
	_, err = db.Broadcast(ctx, b.ID)
	require.NoError(t, err)
}

func testExtents(t *testing.T, open func() *DB) {
	db, ctx := open(), t.Context()
	c := addChannel(t, db, "mine")
	b, other := addBroadcast(t, db, c, StateLive, true), addBroadcast(t, db, c, StateLive, true)
	got, err := db.Extents(ctx, b.ID)
	require.NoError(t, err)
	require.Empty(t, got)
	for n := range int64(3) {
		insertSegments(t, db, segment(b, "video/source", 7+n), segment(b, "video/720p", 8+n), segment(other, "audio/other", n))
	}
	insertSegments(t, db, segment(b, "audio/source", 5))
	got, err = db.Extents(ctx, b.ID)
	require.NoError(t, err)
	equal(t, []Extent{{"audio/source", 5, 5}, {"video/720p", 8, 10}, {"video/source", 7, 9}}, got)
}

func testTotals(t *testing.T, open func() *DB) {
	db, ctx := open(), t.Context()
	b := addBroadcast(t, db, addChannel(t, db, "mine"), StateLive, true)
	video := []Segment{segment(b, "video/source", 7), segment(b, "video/source", 8), segment(b, "video/source", 9)}
	video[1].Duration, video[1].Bytes = 90000, 600_000 // one second: the peak
	video[2].Duration, video[2].Bytes, video[2].Gap = 0, 0, true
	audio := segment(b, "audio/source", 7)
	audio.Timescale, audio.Duration, audio.Bytes = 44100, 1024, 300
	insertSegments(t, db, append(video, audio)...)

	got, err := db.Totals(ctx, b.ID)
	require.NoError(t, err)
	equal(t, []Totals{
		{Rendition: "audio/source", Segments: 1, First: 7, Last: 7, Duration: 23219 * time.Microsecond, Bytes: 300, PeakBps: (300*8*44100 + 1023) / 1024},
		{Rendition: "video/source", Segments: 3, First: 7, Last: 9, Duration: 3 * time.Second, Bytes: 1_100_000, PeakBps: 4_800_000},
	}, got)
	require.EqualValues(t, 1_100_000*8/3, got[1].AverageBps())
	require.Zero(t, Totals{Bytes: 5}.AverageBps())

	got, err = db.Totals(ctx, "none")
	require.NoError(t, err)
	require.Empty(t, got)
}

// testBlocks: sums by number and by initialisation segment.
func testBlocks(t *testing.T, open func() *DB) {
	db, ctx := open(), t.Context()
	b := addBroadcast(t, db, addChannel(t, db, "mine"), StateLive, true)
	var all []Segment
	for n := int64(SegmentsInBlock - 2); n < SegmentsInBlock+2; n++ {
		s := segment(b, "video/source", n)
		s.Init = 1 + n/SegmentsInBlock
		all = append(all, s)
	}
	all[3].Gap = true
	insertSegments(t, db, all...)
	blocks, err := db.Blocks(ctx, b.ID, "video/source", 0, 1000)
	require.NoError(t, err)
	equal(t, []Block{
		{Number: 0, Segments: 2, Numbers: 62 + 63, Inits: 2, Bytes: 1_000_000},
		{Number: 1, Segments: 1, Numbers: 64, Inits: 2, Bytes: 500_000},
	}, blocks)
	stretches, err := db.Stretches(ctx, b.ID, "video/source", 63, 1000)
	require.NoError(t, err)
	equal(t, []Stretch{
		{Init: 1, First: 63, Last: 63, Bytes: 500_000, Start: 63 * 180000, End: 64 * 180000, Timescale: 90000},
		{Init: 2, First: 64, Last: 64, Bytes: 500_000, Start: 64 * 180000, End: 65 * 180000, Timescale: 90000},
	}, stretches)
}
