package rtmp

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/rostrumlive/rostrum/internal/live"
)

// The gate is told what an encoder said, word for word.
func TestWhatAnEncoderSays(t *testing.T) {
	g := newGate()
	s := start(t, Options{Gate: g})
	c := dial(t, s.addr)
	c.shake()
	c.send(
		command(3, 0, 128, str("connect"), num(1), obj(
			"app", str("live?b=2"), "flashVer", str("FMLE/3.0"), "tcUrl", str("rtmp://h/live?b=2&c=3"), "swfUrl", str("swf"), "pageUrl", str("page"),
		)),
		command(3, 0, 4096, str("createStream"), num(4), null()),
		command(4, 1, 4096, str("publish"), num(5), null(), str("key?a=%201&b=2"), str("record")),
	)
	req := receive(t, g.asked, "a question")
	require.Equal(t, live.Spoken{Address: "rtmp://h/live?b=2&c=3", SWF: "swf", Page: "page", Type: "record"}, req.Spoken)
	require.Equal(t, "a=%201&b=2&c=3", req.Args)
	require.Equal(t, "key", req.Name)
}
