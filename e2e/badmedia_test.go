package e2e

import (
	"path/filepath"
	"testing"
	"time"

	"github.com/rostrumlive/rostrum/internal/testkit"
	"github.com/rostrumlive/rostrum/internal/testkit/faults"
)

// TestBadMedia: whatever an encoder sends, and whatever it changes on the way,
// the broadcast goes on and the recording plays: what can be carried is kept,
// under a new initialisation section where it needs one.
func TestBadMedia(t *testing.T) {
	t.Parallel()
	s := startOpen(t)
	const (
		change = 4 * time.Second
		span   = 400 * time.Millisecond
		skew   = 150 * time.Millisecond
	)
	tags := func(c testkit.Clip) []testkit.Tag { return testkit.ReadTags(t, c.Path(t)) }
	short := testkit.Clip{Seconds: 4}
	small, large := tags(short), tags(testkit.Clip{Seconds: 4, Size: "640x360"})
	sps, pps := faults.Sets(header(small))
	largeSPS, largePPS := faults.Sets(header(large))
	hevc, _ := repeated(t, "h265_opus")

	for name, o := range share(map[string]ordeal{
		"size": {clip: short, fault: faults.FollowedBy(change, large), inits: 2},
		"size-in-band": {clip: short, inits: 2, fault: faults.FollowedBy(change, edited(large,
			faults.Cut(0, change, testkit.Tag.Header), faults.Prepend(largeSPS, largePPS)))},
		"size-there-and-back": {clip: short, fault: faults.All(faults.FollowedBy(change, large), faults.FollowedBy(6*time.Second, small)), inits: 3},
		"codec":               {clip: short, holes: true, fault: faults.FollowedBy(change, hevc), inits: 2, audioInits: 2},
		"codec-id-12": {clip: testkit.Clip{Seconds: 10}, holes: true, inits: 2, fault: faults.All(
			faults.Cut(change, time.Hour, testkit.Tag.Video), later(change, faults.Legacy(hevc)))},
		"sound-rate":     {clip: short, fault: faults.FollowedBy(change, tags(testkit.Clip{Seconds: 4, SampleRate: 44100})), audioInits: 2},
		"sound-channels": {clip: short, holes: true, fault: faults.FollowedBy(change, testkit.ReadTags(t, monoClip(t))), audioInits: 2},

		"header-cut":     {fault: later(change, []testkit.Tag{faults.Header(header(small), sps[:5], pps)})},
		"header-endless": {fault: later(change, []testkit.Tag{faults.Header(header(small), faults.SPS(1<<12, 1<<12), pps)})},
		"header-wrong": {flawed: true, inits: 3, fault: faults.All(
			later(change, []testkit.Tag{faults.Header(header(small), faults.SPS(60, 60), pps)}),
			later(6*time.Second, []testkit.Tag{header(small)}))},
		"sets-cut":   {fault: faults.From(change, faults.Prepend(sps[:5], pps))},
		"sets-wrong": {flawed: true, inits: 3, fault: faults.All(faults.During(change-time.Second, change+time.Second, faults.Prepend(faults.SPS(60, 60), pps)), faults.From(change+time.Second, faults.Prepend(sps, pps)))},

		"overrun":    {fault: overrunBefore(change)},
		"empty-nals": {fault: faults.EditNALs(func(n [][]byte) [][]byte { return append(append([][]byte{{}}, n...), []byte{}) })},
		"junk":       {fault: faults.Insert(junk(2*time.Second, 5*time.Second)...)},
		"foreign":    {holes: true, fault: faults.During(change, change+2*time.Second, faults.Of(testkit.Tag.Video, faults.Each(func(_ int, c *faults.Cue) { c.Body[0] = c.Body[0]&0xf0 | 2 })))},

		"sound-stops":   {clip: testkit.Clip{Seconds: 16}, holes: true, fault: faults.Cut(3*time.Second, 13*time.Second, testkit.Tag.Audio)},
		"picture-stops": {clip: testkit.Clip{Seconds: 14}, holes: true, fault: faults.Cut(3*time.Second, 10*time.Second, testkit.Tag.Video)},
		"picture-late":  {clip: testkit.Clip{Seconds: 10}, holes: true, fault: faults.Cut(0, 6*time.Second, faults.CodedVideo)},
		"all-stops":     {clip: testkit.Clip{Seconds: 14}, holes: true, fault: faults.Cut(3*time.Second, 10*time.Second, func(testkit.Tag) bool { return true })},
	}) {
		if o.clip.Seconds == 0 {
			o.clip.Seconds = 8
		}
		if o.span == 0 {
			o.span = span
		}
		o.skew = skew
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			o.run(t, s, name)
		})
	}
}

// header is the first video header.
func header(tags []testkit.Tag) testkit.Tag {
	for _, g := range tags {
		if g.Video() && g.Header() {
			return g
		}
	}
	return testkit.Tag{}
}

// edited is a clip with faults in it.
func edited(tags []testkit.Tag, list ...faults.Fault) []testkit.Tag {
	var out []testkit.Tag
	for _, c := range faults.All(list...)(faults.Cues(tags)) {
		out = append(out, c.Tag)
	}
	return out
}

// later sends tags among the others, from a moment on.
func later(at time.Duration, tags []testkit.Tag) faults.Fault {
	cues := faults.Cues(tags)
	for i := range cues {
		cues[i].Time, cues[i].At, cues[i].True = cues[i].Time+at, cues[i].At+at, cues[i].True+at
	}
	return faults.Insert(cues...)
}

// monoClip has one channel at half the usual sample rate.
func monoClip(t *testing.T) string {
	t.Helper()
	file := filepath.Join(t.TempDir(), "mono.flv")
	testkit.FFmpeg(t, limit, "-i", testkit.Clip{Seconds: 4}.Path(t), "-c:v", "copy", "-c:a", "aac", "-ac", "1", "-ar", "22050", file)
	return file
}

// overrunBefore makes the last NAL unit of the picture before a key frame
// longer than its tag.
func overrunBefore(key time.Duration) faults.Fault {
	return faults.During(key-40*time.Millisecond, key, faults.Of(faults.CodedVideo, faults.Each(func(_ int, c *faults.Cue) {
		c.Body[5] = 1
	})))
}

// junk is tags that mean nothing, or not what they say.
func junk(from, to time.Duration) []faults.Cue {
	bodies := []testkit.Tag{
		{Type: 9, Body: []byte{0x17}},
		{Type: 9, Body: []byte{0x27, 1, 0, 0}},
		{Type: 9, Body: []byte{0x27, 1, 0, 0, 0, 0xff, 0xff, 0xff, 0xff, 1}},
		{Type: 9, Body: []byte{0x17, 0, 0, 0, 0, 1, 2, 3}},
		{Type: 9, Body: []byte{0x17, 2, 0, 0, 0}},
		{Type: 9, Body: []byte("\x91zzzz\x00\x00\x00junk")},
		{Type: 9, Body: []byte("\x97")},
		{Type: 9, Body: []byte("\x96\x00avc1")},
		{Type: 9, Body: []byte{0x52, 0}},
		{Type: 9},
		{Type: 8, Body: []byte{0xaf}},
		{Type: 8, Body: []byte{0xaf, 0}},
		{Type: 8, Body: []byte{0xaf, 0, 0xff}},
		{Type: 8, Body: []byte{0x2f, 1, 2, 3}},
		{Type: 8, Body: []byte("\x91zzzzjunk")},
		{Type: 8},
		{Type: 18, Body: []byte("\x02\x00\x0aonMetaData\x03\xff\xff")},
		{Type: 18, Body: []byte{0x0a, 0xff, 0xff, 0xff, 0xff}},
		{Type: 15, Body: []byte{0, 5}},
		{Type: 22, Body: []byte{9, 0, 0}},
		{Type: 99, Body: []byte("what is this")},
	}
	var cues []faults.Cue
	for at, n := from, 0; at < to; at, n = at+10*time.Millisecond, n+1 {
		tag := bodies[n%len(bodies)]
		tag.Time = at
		cues = append(cues, faults.Cue{Tag: tag, At: at, True: at})
	}
	return cues
}
