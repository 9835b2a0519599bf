package rtmp

import (
	"fmt"
	"net/url"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/rostrumlive/rostrum/internal/flv"
	"github.com/rostrumlive/rostrum/internal/live"
)

// The first commands of encoders, each as its source writes them.

func obsConnect() []byte {
	return command(3, 0, 128, str("connect"), num(1), obj(
		"app", str("live"), "type", str("nonprivate"), "flashVer", str("FMLE/3.0 (compatible; FMSc/1.0)"),
		"swfUrl", str("rtmp://127.0.0.1/live"), "tcUrl", str("rtmp://127.0.0.1/live"),
		"fourCcList", array(str("av01"), str("hvc1"), str("Opus")),
		"videoFourCcInfoMap", obj("hvc1", num(3)), "audioFourCcInfoMap", obj("*", num(1)), "capsEx", num(15),
	))
}

func ffmpegConnect() []byte {
	return command(3, 0, 128, str("connect"), num(1), obj(
		"app", str("live"), "type", str("nonprivate"), "flashVer", str("FMLE/3.0 (compatible; Lavf59.27.100)"),
		"tcUrl", str("rtmp://127.0.0.1:1935/live"),
	))
}

func librtmpConnect() []byte {
	return command(3, 0, 128, str("connect"), num(1), obj(
		"app", str("live"), "flashVer", str("LNX 10,0,32,18"), "tcUrl", str("rtmp://127.0.0.1/live"),
		"fpad", []byte{1, 0}, "capabilities", num(15), "audioCodecs", num(3191), "videoCodecs", num(252), "videoFunction", num(1),
	))
}

// wirecastConnect is of AMF3 type, its values AMF0 behind a byte of zero, with
// one that switches to AMF3 for good measure: the string "a".
func wirecastConnect() []byte {
	return packed(3, 17, 0, 128, join([]byte{0}, str("connect"), num(1), obj(
		"app", str("live"), "flashver", str("WIN 9,0,124,2"), "tcUrl", str("rtmp://127.0.0.1/live"),
		"objectEncoding", num(3), "odd", []byte{0x11, 6, 3, 'a'},
	)))
}

// unknownConnect holds a type of value that AMF0 does not know, behind what matters.
func unknownConnect() []byte {
	return command(3, 0, 128, str("connect"), num(1), obj(
		"app", str("live"), "tcUrl", str("rtmp://127.0.0.1/live"), "flashVer", str("FMLE/3.0"), "future", []byte{0x42},
	))
}

func prepare(id, size int, name string) []byte {
	return join(
		command(id, 0, size, str("releaseStream"), num(2), null(), str(name)),
		command(id, 0, size, str("FCPublish"), num(3), null(), str(name)),
		command(id, 0, size, str("createStream"), num(4), null()),
	)
}

func publish(id, size int, name string) []byte {
	return command(id, 1, size, str("publish"), num(5), null(), str(name), str("live"))
}

func TestSessions(t *testing.T) {
	setData := func(size int) []byte {
		body := join(str("@setDataFrame"), str("onMetaData"), obj("audiocodecid", num(10), "audiosamplerate", num(44100)))
		return packed(4, 18, 1, size, body)
	}
	const t32 = 0x01000000
	cases := []struct {
		about    string
		connect  []byte
		prepare  []byte
		media    []byte
		units    int
		stop     []byte
		wantName string
		encoder  string
	}{
		{
			"OBS", obsConnect(), join(setChunkSize(4096), prepare(3, 4096, "key")),
			join(setData(4096), soundHeader(4, 0), sound(4, 0), sound(4, 23)), 2,
			join(command(3, 0, 4096, str("FCUnpublish"), num(6), null(), str("key")), command(3, 0, 4096, str("deleteStream"), num(7), null(), num(1))),
			"key", "FMLE/3.0 (compatible; FMSc/1.0)",
		},
		{
			"ffmpeg", ffmpegConnect(), prepare(3, 128, "key"),
			join(setChunkSize(60000), setData(60000), soundHeader(4, 0), sound(4, 0), sound(4, 23), sound(4, 46)), 3,
			command(3, 0, 60000, str("deleteStream"), num(0), null(), num(1)),
			"key", "FMLE/3.0 (compatible; Lavf59.27.100)",
		},
		{
			"librtmp, without FCPublish", librtmpConnect(),
			join(join(type0(2, 0, 4, 5, 0), []byte{0, 0x26, 0x25, 0xa0}), command(3, 0, 128, str("createStream"), num(4), null())),
			join(soundHeader(4, 0), sound(4, 0)), 1,
			command(3, 1, 128, str("closeStream"), num(0), null()),
			"key", "LNX 10,0,32,18",
		},
		{
			"Wirecast in AMF3", wirecastConnect(), prepare(3, 128, "key"),
			join(packed(4, 15, 1, 128, join([]byte{0}, str("onMetaData"), obj("audiocodecid", num(10)))), soundHeader(4, 0), sound(4, 0)), 1,
			packed(3, 17, 0, 128, join([]byte{0}, str("deleteStream"), num(0), null(), num(1))),
			"key", "WIN 9,0,124,2",
		},
		{
			"values of an unknown type", unknownConnect(), prepare(3, 128, "key"),
			join(soundHeader(4, 0), sound(4, 0)), 1,
			command(3, 0, 128, str("deleteStream"), num(0), null(), num(1)),
			"key", "FMLE/3.0",
		},
		{
			"extended timestamps, repeated and not", ffmpegConnect(), join(setChunkSize(10), prepare(3, 10, "key")),
			join(
				soundHeader(4, t32),
				type0(4, t32, 12, 8, 1), []byte{0xaf, 1}, fill(8, 1), type3(4), far(t32), fill(2, 1),
				type0(4, t32+23, 12, 8, 1), []byte{0xaf, 1}, fill(8, 1), type3(4), fill(2, 9),
			), 2,
			command(3, 0, 10, str("deleteStream"), num(0), null(), num(1)),
			"key", "FMLE/3.0 (compatible; Lavf59.27.100)",
		},
		{
			"an aggregate message", ffmpegConnect(), prepare(3, 128, "key"),
			packed(4, 22, 1, 128, join(
				[]byte{8, 0, 0, 4, 0, 0, 9, 0, 0, 0, 0}, []byte{0xaf, 0, 0x12, 0x10}, []byte{0, 0, 0, 15},
				[]byte{8, 0, 0, 4, 0, 0, 9, 0, 0, 0, 0}, []byte{0xaf, 1, 7, 7}, []byte{0, 0, 0, 15},
				[]byte{8, 0, 0, 4, 0, 0, 32, 0, 0, 0, 0}, []byte{0xaf, 1, 7, 8}, []byte{0, 0, 0, 15},
			)), 2,
			command(3, 0, 128, str("deleteStream"), num(0), null(), num(1)),
			"key", "FMLE/3.0 (compatible; Lavf59.27.100)",
		},
		{
			"calls that nobody needs, and a zero type 2 header", ffmpegConnect(),
			join(
				command(3, 0, 128, str("_checkbw"), num(9), null()), command(3, 0, 128, str("getStreamLength"), num(10), null(), str("key")),
				command(3, 0, 128, str("fromTheFuture"), num(11), null()), type2(9, 1), prepare(3, 128, "key"),
			),
			join(soundHeader(4, 0), sound(4, 0), type0(4, 5, 0, 9, 1), type0(4, 5, 0, 8, 1)), 1,
			command(3, 0, 128, str("deleteStream"), num(0), null(), num(1)),
			"key", "FMLE/3.0 (compatible; Lavf59.27.100)",
		},
	}
	for _, tc := range cases {
		t.Run(tc.about, func(t *testing.T) {
			g := newGate()
			s := start(t, Options{Gate: g})
			c := dial(t, s.addr)
			c.shake()
			size := 128
			if tc.about == "OBS" {
				size = 4096
			}
			if tc.about == "extended timestamps, repeated and not" {
				size = 10
			}
			c.send(tc.connect)
			c.until("the answer to connect", func(r reply) bool { return r.info("code") == "NetConnection.Connect.Success" })
			c.send(tc.prepare)
			before := c.until("a stream", func(r reply) bool { return r.values[0] == "_result" && r.values[1] == 4.0 })
			require.Equal(t, 1.0, before[len(before)-1].values[3], "the message stream")

			c.send(publish(4, size, tc.wantName+"?a=1"))
			started := c.status()
			require.Equal(t, "NetStream.Publish.Start", started.info("code"))
			require.Equal(t, "status", started.info("level"))
			require.EqualValues(t, 1, started.stream)
			req := receive(t, g.asked, "the gate to be asked")
			require.Equal(t, "rtmp", req.Protocol)
			require.Equal(t, "live", req.App)
			require.Equal(t, tc.wantName, req.Name)
			require.Equal(t, url.Values{"a": {"1"}}, req.Query)
			require.Equal(t, tc.encoder, req.Encoder)
			require.Equal(t, c.nc.LocalAddr().String(), req.Remote.String())

			c.send(tc.media, tc.stop)
			over := receive(t, g.ends, "the end")
			require.Equal(t, live.Stopped, over.end)
			stream, _ := g.newest()
			require.Equal(t, tc.units, len(drain(t, stream)["audio/source"]))
			last := c.closed()
			require.Equal(t, "NetStream.Unpublish.Success", last[len(last)-1].info("code"))
			eventually(t, func() error {
				if s := s.Stats(); s.Open != 0 || s.Publishing != 0 || s.Accepted != 1 || s.BadTags > 1 {
					return fmt.Errorf("stats are %+v", s)
				}
				return nil
			})
		})
	}
}

func TestConnectAnswersInTheEncodersForm(t *testing.T) {
	s := start(t, Options{Gate: newGate()})
	ask := func(connect []byte) flv.Object {
		c := dial(t, s.addr)
		c.shake()
		c.send(connect)
		all := c.until("the answer to connect", func(r reply) bool { return r.name() == "_result" })
		require.Equal(t, 1.0, all[0].values[1], "the transaction")
		o, _ := all[0].values[2].(flv.Object)
		return append(o, flv.Property{Name: "objectEncoding", Value: all[0].info("objectEncoding")})
	}
	enhanced := ask(obsConnect())
	require.Equal(t, []any{"avc1", "hvc1", "av01", "mp4a", "Opus"}, enhanced.Get("fourCcList"))
	require.Equal(t, flv.Object{{Name: "avc1", Value: 4.0}, {Name: "hvc1", Value: 4.0}, {Name: "av01", Value: 4.0}}, enhanced.Get("videoFourCcInfoMap"))
	require.Equal(t, flv.Object{{Name: "mp4a", Value: 4.0}, {Name: "Opus", Value: 4.0}}, enhanced.Get("audioFourCcInfoMap"))
	require.Equal(t, 12.0, enhanced.Get("capsEx"))
	require.Equal(t, 0.0, enhanced.Get("objectEncoding"))

	old := ask(wirecastConnect())
	require.Nil(t, old.Get("fourCcList"))
	require.Nil(t, old.Get("capsEx"))
	require.NotEmpty(t, old.Get("fmsVer"))
	require.Equal(t, 3.0, old.Get("objectEncoding"))
}
