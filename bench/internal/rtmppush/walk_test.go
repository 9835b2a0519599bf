package rtmppush

import (
	"bufio"
	"errors"
	"io"
	"net"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/rostrumlive/rostrum/bench/internal/flvclip"
)

// TestWalkerSeesEveryMessage however the stream is cut, with audio and video
// in chunks between each other's.
func TestWalkerSeesEveryMessage(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		wire := appendMessage(nil, 2, message{kind: typeSetChunkSize, body: []byte{0, 0, chunkSize >> 8, chunkSize & 0xff}})
		wire = appendMessage(wire, csidCommand, message{kind: typeCommand, body: appendAMF(nil, "onStatus", 0.0, nil)})
		var want []flvclip.Seen
		now := map[byte]uint32{}
		for range rapid.IntRange(1, 6).Draw(t, "messages") {
			csid, kind := byte(csidAudio), byte(flvclip.Audio)
			if rapid.Bool().Draw(t, "video") {
				csid, kind = csidVideo, flvclip.Video
			}
			body := append([]byte{0x17, rapid.Byte().Draw(t, "packet")}, make([]byte, rapid.SampledFrom([]int{0, 7, chunkSize, 3*chunkSize - 2}).Draw(t, "more"))...)
			m := message{kind: kind, body: body, time: rapid.SampledFrom([]uint32{0, 33, extended + 1}).Draw(t, "time")}
			if before, ok := now[csid]; ok && rapid.Bool().Draw(t, "delta") {
				wire = appendDelta(wire, csid, m)
				m.time += before
			} else {
				wire = appendMessage(wire, csid, m)
			}
			now[csid] = m.time
			want = append(want, flvclip.See(flvclip.Tag{Type: kind, Time: m.time, Body: body}, len(body)))
		}
		w := newWalker(128)
		var got []flvclip.Seen
		var err error
		for len(wire) > 0 {
			n := rapid.IntRange(1, len(wire)).Draw(t, "piece")
			if got, err = w.Walk(wire[:n], got); err != nil {
				t.Fatal(err)
			}
			wire = wire[n:]
		}
		require.Equal(t, want, got)
	})
}

func TestWalkerTellsWhatItCannotRead(t *testing.T) {
	for want, wire := range map[string][]byte{
		"begins with format 3": {3<<6 | 4},
		"of 3 bytes":           {1},
		"chunk size of":        appendMessage(nil, 2, message{kind: typeSetChunkSize, body: make([]byte, 4)}),
	} {
		_, err := newWalker(128).Walk(wire, nil)
		require.ErrorContains(t, err, want)
	}
}

// TestPlay asks a server that answers as it should, and one that refuses.
func TestPlay(t *testing.T) {
	for _, answer := range []string{"_result", "_error"} {
		l, err := net.Listen("tcp", "127.0.0.1:0")
		require.NoError(t, err)
		served := make(chan error, 1)
		go func() { served <- serveOne(l, answer) }()
		conn, err := net.Dial("tcp", l.Addr().String())
		require.NoError(t, err)
		p, err := NewPlayer(conn, "live")
		if answer == "_error" {
			require.ErrorIs(t, err, ErrRefused)
		} else {
			require.NoError(t, err)
			w, err := p.Play("x")
			require.NoError(t, err)
			b, err := io.ReadAll(conn)
			require.NoError(t, err)
			seen, err := w.Walk(b, nil)
			require.NoError(t, err)
			require.Equal(t, []flvclip.Seen{{Type: flvclip.Video, Time: 40, Size: 300, Key: true}}, seen)
		}
		require.NoError(t, conn.Close())
		require.NoError(t, <-served)
		require.NoError(t, l.Close())
	}
}

// serveOne answers commands, and a play with a picture.
func serveOne(l net.Listener, answer string) error {
	conn, err := l.Accept()
	if err != nil {
		return err
	}
	defer func() { _ = conn.Close() }()
	r := bufio.NewReader(conn)
	if _, err := io.CopyN(io.Discard, r, 1+handshakeSize); err != nil {
		return err
	}
	if _, err := conn.Write(append([]byte{3}, make([]byte, 2*handshakeSize)...)); err != nil {
		return err
	}
	if _, err := io.CopyN(io.Discard, r, handshakeSize); err != nil {
		return err
	}
	if _, err := conn.Write(appendMessage(nil, 2, message{kind: typeSetChunkSize, body: []byte{0, 0, chunkSize >> 8, chunkSize & 0xff}})); err != nil {
		return err
	}
	for in := newChunkReader(r); ; {
		m, err := in.next()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return err
		}
		values, err := parseAMF(m.body)
		if m.kind != typeCommand || err != nil {
			continue
		}
		if values[0] == "play" {
			_, err := conn.Write(appendMessage(nil, csidVideo, message{kind: flvclip.Video, time: 40, body: append([]byte{0x17, 1}, make([]byte, 298)...)}))
			return err
		}
		out := appendMessage(nil, csidCommand, message{kind: typeCommand, body: appendAMF(nil, answer, values[1], nil, 1.0)})
		if _, err := conn.Write(out); err != nil {
			return err
		}
	}
}
