package rtmp

import (
	"fmt"
	"math"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/rostrumlive/rostrum/internal/live"
	"github.com/rostrumlive/rostrum/internal/media"
	"github.com/rostrumlive/rostrum/internal/testkit"
)

// What encoders send that others do not. docs/compat.md says which test stands
// for which of them.

// huge holds any message of a test in one chunk.
const huge = 1 << 20

func stop() []byte { return command(3, 0, huge, str("deleteStream"), num(0), null(), num(1)) }

// whole is a message in one chunk.
func whole(typ byte, ms uint32, body []byte) []byte {
	return join(type0(6, ms, len(body), typ, 1), body)
}

// fixture is a file's tags as messages.
func fixture(t *testing.T, name string) (all []testkit.Tag) {
	t.Helper()
	return testkit.ReadTags(t, filepath.Join("..", "flv", "testdata", name+".flv"))
}

func messages(tags []testkit.Tag) (b []byte) {
	for _, tag := range tags {
		b = join(b, whole(tag.Type, uint32(tag.Time.Milliseconds()), tag.Body))
	}
	return b
}

// pictures is how many pictures a fixture holds.
func pictures(tags []testkit.Tag) (n int) {
	for _, tag := range tags {
		if typ := tag.Body[0] & 15; tag.Video() && (tag.Body[0]&0x80 == 0 && tag.Body[1] == 1 || tag.Body[0]&0x80 != 0 && (typ == 1 || typ == 3)) {
			n++
		}
	}
	return n
}

// aired sends what an encoder sends once it is let in, and a stop, and returns
// what came of it.
func aired(t *testing.T, sent ...[]byte) (map[string][]*media.AccessUnit, *live.Stream, *running) {
	t.Helper()
	g := newGate()
	s := start(t, Options{Gate: g})
	c := onAir(t, s, setChunkSize(huge))
	c.send(sent...)
	c.send(stop())
	require.Equal(t, live.Stopped, receive(t, g.ends, "the end").end)
	stream, _ := g.newest()
	return drain(t, stream), stream, s
}

// TestOBSMultitrack: the first picture track in the old form, others beside it
// in the extended one, HDR metadata, and a footer for each track.
func TestOBSMultitrack(t *testing.T) {
	tags := fixture(t, "h264_aac")
	other := func(typ byte, id byte, body ...byte) []byte { // multitrack, one track
		return join([]byte{0x80 | 1<<4 | 6, typ, 'a', 'v', 'c', '1', id}, body)
	}
	sound := func(typ byte, id byte, body ...byte) []byte {
		return join([]byte{9<<4 | 5, typ, 'm', 'p', '4', 'a', id}, body)
	}
	var sent []byte
	for i, tag := range tags {
		ms := uint32(tag.Time.Milliseconds())
		sent = join(sent, whole(tag.Type, ms, tag.Body))
		if !tag.Video() {
			continue
		}
		if i < 3 {
			colour := join([]byte{0x80 | 1<<4 | 4, 'h', 'v', 'c', '1'}, str("colorInfo"), obj("colorConfig", obj("bitDepth", num(10)), "hdrMdcv", obj("maxLuminance", num(1000))))
			sent = join(sent, whole(9, ms, colour), whole(9, ms, other(0, 1, 1, 2, 3)), whole(9, ms, other(0, 2, 1, 2, 3)), whole(8, ms, sound(0, 1, 0x12, 0x10)))
		}
		sent = join(sent, whole(9, ms, other(1, 1, 0, 0, 0, 1)), whole(9, ms, other(1, 2, 0, 0, 0, 1)), whole(8, ms, sound(1, 1, 7)))
	}
	for id := range byte(3) {
		sent = join(sent, whole(9, 5000, other(2, id)), whole(8, 5000, sound(2, id)))
	}
	sent = join(sent, whole(9, 5000, []byte{0x17, 2, 0, 0, 0}))
	units, stream, s := aired(t, sent)
	require.Len(t, units["video/source"], pictures(tags))
	require.Len(t, units, 2)
	require.Equal(t, []media.Notice{
		{Code: media.TracksNotCarried, Kind: media.Video},
		{Code: media.TracksNotCarried, Kind: media.Audio},
	}, stream.Notices())
	video := 0
	for _, tag := range tags {
		if tag.Video() {
			video++
		}
	}
	require.EqualValues(t, 3*video, s.Stats().Uncarried)
	require.Zero(t, s.Stats().BadTags)
	eventually(t, s.says(fmt.Sprintf("uncarried_frames=%d", 3*video)))
}

// TestEnhancedSessions: what is sent by Enhanced RTMP alone, each with footers.
func TestEnhancedSessions(t *testing.T) {
	for name, cc := range map[string][2]string{"h265_opus": {"hvc1", "Opus"}, "av1_aac": {"av01", "mp4a"}} {
		tags := fixture(t, name)
		footers := join(whole(9, 900, join([]byte{0x92}, []byte(cc[0]))), whole(8, 900, join([]byte{0x92}, []byte(cc[1]))))
		units, stream, s := aired(t, messages(tags), footers)
		require.Len(t, units["video/source"], pictures(tags), name)
		require.NotEmpty(t, units["audio/source"], name)
		require.Empty(t, stream.Notices())
		require.Zero(t, s.Stats().BadTags)
	}
}

// TestHDR: OBS tells of HDR behind the header; others repeat it before each
// picture. All pictures are of one track, which has it.
func TestHDR(t *testing.T) {
	for name, fourCC := range map[string]string{"h265_opus": "hvc1", "av1_aac": "av01"} {
		colour := join([]byte{0x80 | 1<<4 | 4}, []byte(fourCC), str("colorInfo"), obj(
			"colorConfig", obj("bitDepth", num(10), "colorPrimaries", num(9), "transferCharacteristics", num(16), "matrixCoefficients", num(9)),
			"hdrCll", obj("maxFall", num(1000), "maxCLL", num(1000))))
		var sent []byte
		tags := fixture(t, name)
		for _, tag := range tags {
			ms := uint32(tag.Time.Milliseconds())
			sent = join(sent, whole(tag.Type, ms, tag.Body))
			if tag.Video() {
				sent = join(sent, whole(9, ms, colour))
			}
		}
		units, stream, s := aired(t, sent)
		require.Len(t, units["video/source"], pictures(tags), name)
		want := media.NewColour(9, media.TransferPQ, 9, false)
		want.Light = media.Light{MaxCLL: 1000, MaxFALL: 1000}
		track := units["video/source"][0].Track
		require.Equal(t, want, track.Colour, name)
		for _, u := range units["video/source"] {
			require.Same(t, track, u.Track, name)
		}
		require.Empty(t, stream.Notices())
		require.Zero(t, s.Stats().BadTags)
	}
}

// TestTwitchVODTrack: OBS sends a second audio track in data messages that are
// no script; the session lives, and the owner is told.
func TestTwitchVODTrack(t *testing.T) {
	for _, first := range [][]byte{nil, str("@setDataFrame")} {
		header := join(first, str("additionalHeader"), []byte{0x41, 0xff, 0xfe, 0x11})
		frame := join(first, str("additionalMedia"), obj("id", str("stream_1"), "media", []byte{0x29, 0xaf, 1}))
		sent := join(soundHeader(4, 0), sound(4, 0), whole(18, 0, header), whole(18, 0, frame), sound(4, 23), whole(18, 23, frame), sound(4, 46))
		units, stream, s := aired(t, sent)
		require.Len(t, units["audio/source"], 3)
		require.Equal(t, []media.Notice{{Code: media.VODTrackNotCarried, Kind: media.Audio}}, stream.Notices())
		require.Zero(t, s.Stats().BadTags)
	}
}

// TestTimestampsWrap: a broadcast goes on past the time that needs four bytes,
// and past the one that four bytes hold, whether the encoder repeats an
// extended timestamp in the next chunk or not.
func TestTimestampsWrap(t *testing.T) {
	const size = 16 // of chunks; a frame of sound takes two
	for _, border := range []uint64{1<<24 - 1, 1 << 32} {
		for _, repeats := range []bool{true, false} {
			t.Run(fmt.Sprint(border, " ", repeats), func(t *testing.T) {
				begin := border - 100
				sent := join(setChunkSize(size), soundHeader(4, uint32(begin)))
				for i := range uint64(10) {
					ms := uint32(begin + 23*i)
					body := join([]byte{0xaf, 1}, fill(20, byte(i)))
					sent = join(sent, type0(4, ms, len(body), 8, 1), body[:size], type3(4))
					if repeats {
						sent = join(sent, far(ms))
					}
					sent = join(sent, body[size:])
				}
				sent = join(sent, setChunkSize(huge))
				units, _, s := aired(t, sent)
				all := units["audio/source"]
				require.Len(t, all, 10)
				for i, u := range all {
					require.Equal(t, fill(20, byte(i)), u.Data)
				}
				long := media.Duration(all[9].DTS-all[0].DTS, all[0].Track.Timescale)
				require.InDelta(t, 9*0.023, long.Seconds(), 0.03)
				require.Zero(t, s.Stats().BadTags)
			})
		}
	}
}

// TestDeltasPastTheBorder: the same in headers of type 1 and 3, whose chunks
// have no timestamp of their own.
func TestDeltasPastTheBorder(t *testing.T) {
	const begin = 1<<24 - 30
	body := join([]byte{0xaf, 1}, fill(10, 1))
	sent := join(soundHeader(4, begin), type1(4, 23, len(body), 8), body)
	for range 20 {
		sent = join(sent, type3(4), body)
	}
	units, _, _ := aired(t, sent)
	all := units["audio/source"]
	require.Len(t, all, 21)
	require.InDelta(t, 20*0.023, media.Duration(all[20].DTS-all[0].DTS, all[0].Track.Timescale).Seconds(), 0.03)
}

// TestChunkSizes: encoders and relays ask for chunks of any size.
func TestChunkSizes(t *testing.T) {
	tags := fixture(t, "h264_aac")
	for _, size := range []uint32{65536, 1 << 20, 1<<24 - 1, 1 << 24, 1<<31 - 1} {
		units, _, _ := aired(t, setChunkSize(size), messages(tags))
		require.Len(t, units["video/source"], pictures(tags), "chunks of %d", size)
	}
}

// TestStrangeOrders: control messages between media, a header of type 2 on a
// chunk stream that has none, and sound before, after or without pictures.
func TestStrangeOrders(t *testing.T) {
	tags := fixture(t, "h264_aac")
	var sound, picture []testkit.Tag
	for _, tag := range tags {
		switch {
		case tag.Audio():
			sound = append(sound, tag)
		case tag.Video():
			picture = append(picture, tag)
		}
	}
	control := join(type2(9, 0), type0(2, 0, 5, 6, 0), []byte{0, 0x26, 0x25, 0xa0, 2}, type0(2, 0, 4, 5, 0), []byte{0, 0x26, 0x25, 0xa0}, type0(2, 0, 4, 3, 0), []byte{0, 0, 0, 9})
	for about, sent := range map[string][]byte{
		"control first":           join(control, messages(tags)),
		"control between":         join(messages(tags[:4]), control, messages(tags[4:])),
		"sound first":             join(messages(sound), messages(picture)),
		"pictures first":          join(messages(picture), messages(sound)),
		"no onMetaData":           join(messages(picture[:1]), messages(sound[:1]), messages(picture[1:]), messages(sound[1:])),
		"headers again and again": join(messages(tags), messages(picture[:1]), messages(sound[:1])),
	} {
		units, _, s := aired(t, sent)
		require.Len(t, units["video/source"], pictures(tags), about)
		require.Len(t, units["audio/source"], len(sound)-1, about)
		require.LessOrEqual(t, s.Stats().BadTags, uint64(1), about)
	}
	for kind, alone := range map[string][]testkit.Tag{"video/source": picture, "audio/source": sound} {
		units, stream, _ := aired(t, messages(alone))
		require.Len(t, units, 1, kind)
		require.NotEmpty(t, units[kind])
		require.Len(t, stream.Expected(), 1, "nobody waits for the other")
	}
}

// amf3Object is an object as Flash's descendants write it, with a class of two
// names, further properties, and strings and the class by reference.
func amf3Object() []byte {
	text := func(s string) []byte { return join([]byte{byte(len(s)<<1 | 1)}, []byte(s)) }
	return join([]byte{0x11, 0x0a}, // AVM+, an object
		[]byte{2<<4 | 0x0b, 1}, text("app"), text("flashVer"), // two sealed names and more, of no class
		[]byte{6}, text("live"), []byte{6}, text("WIN 11,5,502,146"),
		text("tcUrl"), []byte{6}, text("rtmp://127.0.0.1/live"),
		text("objectEncoding"), []byte{4, 3}, // an integer
		text("fpad"), []byte{2}, // false
		text("audioCodecs"), []byte{5}, join(num(3575))[1:], // a double
		text("again"), []byte{6, 2 << 1}, // the third string: "live"
		text("inner"), []byte{0x0a, 0<<2 | 1}, []byte{6, 0}, []byte{6, 2}, []byte{1}, // of the same class
		text("list"), []byte{9, 2<<1 | 1, 1, 3, 1}, // an array of true and null
		[]byte{1}) // no more
}

func TestAMF3Connect(t *testing.T) {
	for about, connect := range map[string][]byte{
		"the object in AMF3":   packed(3, 17, 0, 128, join([]byte{0}, str("connect"), num(1), amf3Object())),
		"as an AMF0 message":   command(3, 0, 128, str("connect"), num(1), amf3Object()),
		"every value in AMF3":  packed(3, 17, 0, 128, join([]byte{0, 0x11, 6, 7<<1 | 1}, []byte("connect"), []byte{0x11, 4, 1}, amf3Object())),
		"without its own byte": packed(3, 17, 0, 128, join(str("connect"), num(1), amf3Object())),
	} {
		g := newGate()
		s := start(t, Options{Gate: g})
		c := dial(t, s.addr)
		c.shake()
		c.send(connect)
		all := c.until("the answer to connect", func(r reply) bool { return r.name() == "_result" })
		require.Equal(t, 1.0, all[0].values[1], about)
		require.Equal(t, 3.0, all[0].info("objectEncoding"), about)
		c.send(
			packed(3, 17, 0, 128, join([]byte{0}, str("FCPublish"), num(3), []byte{0x11, 1}, str("key"))),
			packed(3, 17, 0, 128, join([]byte{0}, str("createStream"), num(4), null())))
		c.until("onFCPublish", func(r reply) bool { return r.name() == "onFCPublish" })
		c.send(packed(4, 17, 1, 128, join([]byte{0}, str("publish"), num(5), null(), []byte{0x11, 6, 3<<1 | 1}, []byte("key"), str("live"))))
		require.Equal(t, "NetStream.Publish.Start", c.status().info("code"), about)
		req := receive(t, g.asked, "the gate to be asked")
		require.Equal(t, []string{"live", "key", "WIN 11,5,502,146"}, []string{req.App, req.Name, req.Encoder}, about)
	}
}

// TestUnitsHaveBoundedTimes is of what else encoders do with time: composition
// that is none, and steps back, never reach a viewer.
func TestUnitsHaveBoundedTimes(t *testing.T) {
	tags := fixture(t, "h264_aac")
	for i := range tags {
		if tags[i].Video() && i%7 == 3 {
			tags[i].Time = 0
		}
	}
	units, _, _ := aired(t, messages(tags))
	last := int64(math.MinInt64)
	for _, u := range units["video/source"] {
		require.Greater(t, u.DTS, last)
		require.GreaterOrEqual(t, u.PTS, u.DTS)
		last = u.DTS
	}
}
