package rtmp

import (
	"errors"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/rostrumlive/rostrum/internal/live"
)

func TestRefusedBeforeStart(t *testing.T) {
	g := newGate()
	g.refusal = &live.Refusal{Code: "unknown_key", Reason: "This key is not known here."}
	s := start(t, Options{Gate: g})
	c := dial(t, s.addr)
	c.shake()
	c.send(obsConnect(), prepare(3, 128, "s3cret"), publish(4, 128, "s3cret?token=t0p"))
	var told []reply
	for _, r := range c.closed() {
		if r.name() == "onStatus" {
			told = append(told, r)
		}
	}
	require.Len(t, told, 1, "one onStatus, and none of a start")
	require.Equal(t, "NetStream.Publish.BadName", told[0].info("code"))
	require.Equal(t, "error", told[0].info("level"))
	require.Equal(t, "This key is not known here.", told[0].info("description"))
	require.EqualValues(t, 1, s.Stats().Refused)
	eventually(t, s.says("This key is not known here."))
	require.NotContains(t, s.log.String(), "s3cret")
	require.NotContains(t, s.log.String(), "t0p")
}

func TestGateInTroubleIsNotTold(t *testing.T) {
	g := newGate()
	g.refusal = errors.New("the database is on fire")
	s := start(t, Options{Gate: g})
	c := dial(t, s.addr)
	c.shake()
	c.send(ffmpegConnect(), publish(4, 128, "key"))
	st := c.status()
	require.Equal(t, "NetStream.Publish.BadName", st.info("code"))
	require.NotContains(t, st.info("description"), "fire")
	c.closed()
	eventually(t, s.says("level=ERROR"))
	eventually(t, s.says("on fire"))
}

func TestGateThatDoesNotAnswer(t *testing.T) {
	g := newGate()
	g.hold = make(chan struct{})
	s := start(t, Options{Gate: g, GateTimeout: 20 * time.Millisecond})
	c := dial(t, s.addr)
	c.shake()
	c.send(ffmpegConnect(), publish(4, 128, "key"))
	require.Equal(t, "NetStream.Publish.BadName", c.status().info("code"))
	c.closed()
}

func TestPlayIsRefused(t *testing.T) {
	s := start(t, Options{Gate: newGate()})
	c := dial(t, s.addr)
	c.shake()
	c.send(librtmpConnect(), command(3, 0, 128, str("createStream"), num(2), null()), command(8, 1, 128, str("play"), num(3), null(), str("demo")))
	st := c.status()
	require.Equal(t, "NetStream.Play.Failed", st.info("code"))
	require.Equal(t, "error", st.info("level"))
	require.Contains(t, st.info("description"), "HTTP")
	require.EqualValues(t, 1, st.stream)
	c.closed()
}

func TestKickedIsTold(t *testing.T) {
	g := newGate()
	s := start(t, Options{Gate: g})
	c := onAir(t, s)
	_, pub := g.newest()
	pub.Kick(&live.Refusal{Code: "replaced", Reason: "Another encoder took over."})
	over := receive(t, g.ends, "the end")
	require.Equal(t, live.Lost, over.end)
	all := c.closed()
	require.Len(t, all, 2)
	require.Equal(t, "NetStream.Publish.BadName", all[0].info("code"))
	require.Equal(t, "Another encoder took over.", all[0].info("description"))
	require.Equal(t, "NetConnection.Connect.Closed", all[1].info("code"))
	eventually(t, s.says("Another encoder took over."))
}

func TestBadTags(t *testing.T) {
	bad := func(typ byte) []byte { return join(type0(4, 0, 3, typ, 1), []byte{0xaf, 1, 1}) }
	t.Run("a few are skipped", func(t *testing.T) {
		g := newGate()
		s := start(t, Options{Gate: g})
		c := onAir(t, s)
		for range 50 {
			c.send(bad(77))
		}
		c.send(soundHeader(4, 0), sound(4, 0), command(3, 0, 128, str("deleteStream"), num(0), null(), num(1)))
		require.Equal(t, live.Stopped, receive(t, g.ends, "the end").end)
		require.EqualValues(t, 50, s.Stats().BadTags)
		eventually(t, s.says("bad_tags=50"))
	})
	t.Run("nothing else ends the connection", func(t *testing.T) {
		g := newGate()
		s := start(t, Options{Gate: g})
		c := onAir(t, s)
		var many []byte
		for range maxBadInRow + 1 {
			many = join(many, bad(77))
		}
		c.send(many)
		require.Equal(t, live.Lost, receive(t, g.ends, "the end").end)
		all := c.closed()
		require.Contains(t, all[0].info("description"), "can be read")
	})
	t.Run("MPEG-TS is named", func(t *testing.T) {
		g := newGate()
		s := start(t, Options{Gate: g})
		c := onAir(t, s)
		body := fill(1000, 1)
		for at := 11; at < len(body); at += 188 {
			body[at] = 0x47
		}
		c.send(packed(4, 0x1f, 1, 128, body))
		require.Equal(t, live.Lost, receive(t, g.ends, "the end").end)
		require.Contains(t, c.closed()[0].info("description"), "MPEG-TS")
	})
}

func TestPublishingTwice(t *testing.T) {
	g := newGate()
	s := start(t, Options{Gate: g})
	c := onAir(t, s)
	c.send(publish(4, 128, "other"))
	require.Equal(t, "NetStream.Publish.BadName", c.status().info("code"))
	c.send(soundHeader(4, 0), sound(4, 0), command(3, 0, 128, str("deleteStream"), num(0), null(), num(1)))
	require.Equal(t, live.Stopped, receive(t, g.ends, "the end").end)
	require.Len(t, g.asked, 1)
}
