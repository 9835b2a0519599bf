package chat

import (
	"bytes"
	"fmt"
	"io"
	"net"
	"strings"
	"testing"
	"time"

	"github.com/gobwas/ws"
	"github.com/stretchr/testify/require"

	"github.com/rostrumlive/rostrum/internal/account"
)

// write sends bytes as they are.
func (c *client) write(b []byte) {
	c.mu.Lock()
	defer c.mu.Unlock()
	_, _ = c.conn.Write(b) // it may be closed on us
}

func masked(f ws.Frame) []byte {
	var b bytes.Buffer
	_ = ws.WriteFrame(&b, ws.MaskFrame(f))
	return b.Bytes()
}

// What no client sends ends its connection, and nobody else notices.
func TestHostileFrames(t *testing.T) {
	p := newPlace(t, nil)
	alice, witness := p.join(p.user("alice", account.PlaceNone)), p.join(account.Actor{})
	alice.await("hello")
	text := func(fin bool, op ws.OpCode, b []byte) []byte { return masked(ws.NewFrame(op, fin, b)) }
	for name, c := range map[string]struct {
		sent []byte
		code ws.StatusCode
	}{
		"binary":        {text(true, ws.OpBinary, []byte("x")), closeBinary},
		"no UTF-8":      {text(true, ws.OpText, []byte{'"', 0xff, '"'}), closeNoText},
		"too long":      {text(true, ws.OpText, make([]byte, maxMessage+1)), closeTooBig},
		"length alone":  {[]byte{0x81, 0xff, 0x7f, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 1, 2, 3, 4}, closeTooBig},
		"pieces":        {append(text(false, ws.OpText, make([]byte, 5000)), text(false, ws.OpContinuation, make([]byte, 5000))...), closeTooBig},
		"empty pieces":  {append(text(false, ws.OpText, nil), bytes.Repeat(text(false, ws.OpContinuation, nil), 100)...), closeTooBig},
		"not masked":    {ws.MustCompileFrame(ws.NewTextFrame([]byte("{}"))), closeProtocol},
		"reserved bit":  {[]byte{0xc1, 0x80, 0, 0, 0, 0}, closeProtocol},
		"reserved code": {[]byte{0x83, 0x80, 0, 0, 0, 0}, closeProtocol},
		"continuation":  {text(true, ws.OpContinuation, []byte("x")), closeProtocol},
		"two at once":   {append(text(false, ws.OpText, []byte("x")), text(true, ws.OpText, []byte("x"))...), closeProtocol},
		"long ping":     {[]byte{0x89, 0x80 | 126, 0, 126, 0, 0, 0, 0}, closeProtocol},
		"ping in parts": {text(false, ws.OpPing, nil), closeProtocol},
		"pings":         {bytes.Repeat(text(true, ws.OpPing, nil), framesBurst*2), closeFlood},
		"pongs":         {bytes.Repeat(text(true, ws.OpPong, nil), framesBurst*2), closeFlood},
		"messages":      {bytes.Repeat(text(true, ws.OpText, []byte("{}")), framesBurst*2), closeFlood},
		"farewell":      {text(true, ws.OpClose, ws.NewCloseFrameBody(1000, "")), closeNormal},
	} {
		t.Run(name, func(t *testing.T) {
			c2 := p.join(account.Actor{})
			c2.t = t
			c2.await("hello")
			c2.write(c.sent)
			require.Equal(t, c.code, c2.closed())
		})
	}
	alice.say("still here")
	witness.said("still here")
	require.Eventually(t, func() bool { return p.chat.Connected() == 2 }, limit, time.Millisecond)
}

// What is not understood is told, and the connection stays.
func TestUnknownMessages(t *testing.T) {
	p := newPlace(t, nil)
	c := p.join(p.user("alice", account.PlaceNone))
	for _, text := range []string{
		`{}`, `[]`, `null x`, `{"type":"typing"}`, `{"type":"message","text":"x","user":{"id":"boss"}}`, `{"type":"message","text":1}`, `{"type":"vote","pollId":"x"}`,
		`{"type":"message","text":"x","nonce":"` + strings.Repeat("n", 65) + `"}`, `{"type":"message","text":"x"}{}`,
	} {
		c.raw(ws.OpText, []byte(text))
		require.Equal(t, "unknown", c.await("notice")["code"], text)
	}
	c.say("fine")
	c.await("ack")
}

// Who does not read is closed; the others hear everything in time.
func TestWhoDoesNotReadIsClosed(t *testing.T) {
	p := newPlace(t, func(o *Options) { o.pace.slow = 300 * time.Millisecond })
	ours, theirs := pair(t)
	require.NoError(t, ours.(*net.TCPConn).SetWriteBuffer(4096))
	require.NoError(t, theirs.(*net.TCPConn).SetReadBuffer(4096))
	in := Connection{Recent: -1}
	in.Over(ours)
	require.NoError(t, p.chat.Serve(t.Context(), p.channel.ID, Asker{}, in))
	witness := p.join(account.Actor{})
	witness.await("hello")
	long := strings.Repeat("word ", 90)
	n := 0
	for end := time.Now().Add(limit); p.chat.stats.Slow.Load() == 0; n++ {
		require.True(t, time.Now().Before(end), "it is still there")
		speaker := p.user(fmt.Sprint("speaker-", n), account.PlaceNone)
		for i := range burst {
			_, err := p.chat.Say(t.Context(), p.channel.ID, speaker, fmt.Sprint(long, n, " ", i), "")
			require.NoError(t, err)
		}
	}
	require.Eventually(t, func() bool { return p.chat.Connected() == 1 }, limit, time.Millisecond)
	for i := range n * burst {
		require.Equal(t, fmt.Sprint(long, i/burst, " ", i%burst), witness.await("message")["text"])
	}
	_, _ = io.Copy(io.Discard, theirs) // it is closed
}

func FuzzFrames(f *testing.F) {
	f.Add(masked(ws.NewTextFrame([]byte(`{"type":"message","text":"hello"}`))))
	f.Add(masked(ws.NewPingFrame([]byte("x"))))
	f.Add(append(masked(ws.NewFrame(ws.OpText, false, []byte(`{"type":`))), masked(ws.NewFrame(ws.OpContinuation, true, []byte(`"react","emote":"x"}`)))...))
	f.Add([]byte{0x81, 0xff, 0xff})
	p := newPlace(f, nil)
	a := p.user("alice", account.PlaceNone)
	r, err := p.chat.hold(f.Context(), p.channel.ID)
	require.NoError(f, err)
	f.Fuzz(func(t *testing.T, b []byte) {
		ours, theirs := net.Pipe()
		go func() { _, _ = io.Copy(io.Discard, theirs) }()
		c := &conn{room: r, net: ours, asker: &Asker{Actor: a}, index: -1}
		_, _ = c.listen(bytes.NewReader(b))
		_ = ours.Close()
		_ = theirs.Close()
	})
}
