package rtmp

import (
	"encoding/binary"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

func TestAcknowledgementsAndPing(t *testing.T) {
	g := newGate()
	s := start(t, Options{Gate: g})
	c := onAir(t, s)
	c.send(join(type0(2, 0, 4, 5, 0), []byte{0, 0, 0, 1})) // a window of 1 byte is taken for the least
	c.send(join(type0(2, 0, 6, 4, 0), []byte{0, 6, 1, 2, 3, 4}))
	for {
		m, err := c.read()
		require.NoError(t, err)
		if m.typ == 4 && m.body[1] == 7 {
			require.Equal(t, []byte{0, 7, 1, 2, 3, 4}, m.body)
			break
		}
	}
	acks := 0
	for range 4 {
		c.send(packed(4, 19, 1, 128, fill(leastWindow/2, 1)))
		for {
			m, err := c.read()
			require.NoError(t, err)
			if m.typ == 3 {
				acks++
				require.Greater(t, binary.BigEndian.Uint32(m.body), uint32(acks*leastWindow/2))
				break
			}
		}
	}
}

func TestPeerThatReadsNothing(t *testing.T) {
	g := newGate()
	s := start(t, Options{Gate: g, WriteTimeout: 50 * time.Millisecond})
	c := onAir(t, s)
	ping := join(type0(2, 0, 6, 4, 0), []byte{0, 6, 1, 2, 3, 4})
	var pings []byte
	for range 1000 {
		pings = join(pings, ping)
	}
	for {
		if _, err := c.nc.Write(pings); err != nil {
			require.False(t, isTimeout(err), "the server waits for the peer")
			break
		}
	}
	require.ErrorContains(t, receive(t, g.ends, "the end").err, "answer")
}

func TestUnwrap(t *testing.T) {
	var u unwrapper
	for _, step := range []struct {
		ms   uint32
		want int64
	}{
		{0xfffffff0, 0xfffffff0},
		{0xffffffff, 0xffffffff},
		{5, 1<<32 + 5},
		{0xfffffffb, 1<<32 - 5},
		{100, 1<<32 + 100},
		{0x80000000, 1<<32 + 0x80000000},
	} {
		require.Equal(t, step.want, u.unwrap(step.ms), "%#x", step.ms)
	}
}
