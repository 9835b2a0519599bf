package rtmp

import (
	"bytes"
	"encoding/binary"
	"io"
	"testing"
	"testing/iotest"
	"unicode"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"
	"github.com/stretchr/testify/require"

	"github.com/rostrumlive/rostrum/internal/flv"
	"github.com/rostrumlive/rostrum/internal/live"
	"github.com/rostrumlive/rostrum/internal/testkit/bound"
)

// FuzzPieces: messages are the same whether bytes come all at once or one by
// one, and what a stranger sends takes no more than a stranger may.
func FuzzPieces(f *testing.F) {
	f.Add(join(setChunkSize(200), type0(4, 1<<24, 300, 9, 1), fill(200, 1), type3(4), far(1<<24), fill(100, 1)), true)
	f.Add(join(type0(4, 1<<31, 130, 9, 1), fill(128, 1), type3(4), fill(2, 1), type0(70, 0, 1, 8, 1), []byte("a")), true)
	f.Add(join(type0(4, 10, 1, 9, 1), []byte("a"), type1(4, 1<<25, 129, 9), fill(128, 1), type3(4), far(1<<25+10), []byte("z")), true)
	f.Add(join(setChunkSize(1<<24), type0(4, 0, 1<<24-1, 9, 1), fill(500, 0)), true)
	f.Add(join(type0(3, 0, 20000, 20, 0), fill(128, 0), type0(400, 0, 20000, 20, 0), fill(128, 0)), false)
	f.Fuzz(func(t *testing.T, in []byte, admit bool) {
		whole, bytewise := readerOf(in), newChunkReader(newBuffer(iotest.OneByteReader(bytes.NewReader(in))))
		if admit {
			whole.admit()
			bytewise.admit()
		}
		var want []message
		var wantErr error
		// A claim of length alone takes firstBody, on each of the chunk streams.
		limit := 8*len(in) + firstBody*(1+len(in)/14)
		if !admit {
			limit = 8*len(in) + strangerMessage
		}
		bound.Cost(t, limit, func() { want, wantErr = readAll(whole) })
		got, err := readAll(bytewise)
		if diff := cmp.Diff(want, got, cmp.AllowUnexported(message{})); diff != "" {
			t.Errorf("messages (-whole +by bytes):\n%s", diff)
		}
		require.Equal(t, wantErr.Error(), err.Error())
		require.LessOrEqual(t, len(whole.streams), maxStreams)
	})
}

// within returns a connection that was let in, without a socket, and its
// stream.
func within() (*conn, *live.Stream) {
	srv := New(Options{Gate: openGate{}})
	stream := live.NewStream("demo", "b1", live.Limits{})
	pub := live.NewPublisher(stream, func(*live.Publisher, live.End, error) {})
	return &conn{srv: srv, log: srv.log, pub: pub}, stream
}

// FuzzAggregate: the tags of an aggregate message do what they do one by one.
func FuzzAggregate(f *testing.F) {
	tag := func(typ byte, ms uint32, body []byte) []byte {
		return join([]byte{typ}, size24(len(body)), near(ms&0xffffff), []byte{byte(ms >> 24), 0, 0, 0}, body, make([]byte, 4))
	}
	f.Add(join(tag(8, 0, []byte{0xaf, 0, 0x12, 0x10}), tag(8, 23, []byte{0xaf, 1, 1}), tag(8, 46, []byte{0xaf, 1, 2})))
	f.Add(join(tag(18, 1<<31, []byte{2, 0, 1, 'x'}), tag(9, 0, []byte{0x22, 0}), tag(99, 5, []byte{1})))
	f.Add(tag(8, 0, []byte{0xaf, 0, 0x12, 0x10})[:12])
	f.Fuzz(func(t *testing.T, body []byte) {
		const ms = 1000
		at, at2 := within()
		err := at.aggregate(ms, bytes.Clone(body))
		one, one2 := within()
		rest := bytes.Clone(body)
		var oneErr error
		for first := int64(-1); len(rest) > 0 && oneErr == nil; {
			if len(rest) < 11 || len(rest)-11 < int(uint24(rest[1:])) {
				oneErr = one.badTag("a tag that is cut", nil, body)
				break
			}
			stamp := int64(binary.BigEndian.Uint32([]byte{rest[7], rest[4], rest[5], rest[6]}))
			if first < 0 {
				first = stamp
			}
			end := 11 + int(uint24(rest[1:]))
			oneErr = one.tag(flv.TagType(rest[0]), ms+int64(int32(stamp-first)), rest[11:end:end])
			rest = rest[min(end+4, len(rest)):]
		}
		require.Equal(t, oneErr, err)
		require.Equal(t, one.intake.bad.total, at.intake.bad.total)
		got, want := at2.Renditions(), one2.Renditions()
		require.Len(t, got, len(want))
		for i := range got {
			require.Equal(t, want[i].Stats(), got[i].Stats())
		}
	})
}

// FuzzUnwrap: a timeline that does not wrap agrees with the one that does,
// takes the shorter way round, and stays where nanoseconds can be counted.
func FuzzUnwrap(f *testing.F) {
	f.Add([]byte{0, 0, 0, 0, 0xff, 0xff, 0xff, 0xff, 0x7f, 0xff, 0xff, 0xff, 0x80, 0, 0, 0}, uint16(0))
	f.Add([]byte{0, 0, 0, 0, 0x7f, 0xff, 0xff, 0xff}, uint16(5000))
	f.Add([]byte{0, 0, 0, 0, 0x80, 0, 0, 1}, uint16(5000))
	f.Fuzz(func(t *testing.T, b []byte, more uint16) {
		var u unwrapper
		var last int64
		var ms, step uint32
		take := func() {
			now := u.unwrap(ms)
			if uint32(now) != ms || now > farthest || now < -farthest {
				t.Fatalf("%d became %d", ms, now)
			}
			// Who has come so far may be taken back to the beginning.
			near := last > -farthest+1<<31 && last < farthest-1<<31
			if step := now - last; near && (step > 1<<31 || step < -1<<31) {
				t.Fatalf("%d after %d", now, last)
			}
			last = now
		}
		for i := 0; i+4 <= len(b); i += 4 {
			next := binary.BigEndian.Uint32(b[i:])
			ms, step = next, next-ms
			if i == 0 {
				last = int64(ms)
			}
			take()
		}
		for range more % 8192 { // on and on by the last step
			ms += step
			take()
		}
	})
}

// FuzzPrintable: what an encoder calls itself can stand in a log and on a page.
func FuzzPrintable(f *testing.F) {
	f.Add("FMLE/3.0 (compatible; FMSc/1.0)")
	f.Add("a\nb\x00\xff\u202e\u00ad世界")
	f.Fuzz(func(t *testing.T, s string) {
		p := flv.Printable(s)
		require.True(t, utf8.ValidString(p))
		require.LessOrEqual(t, utf8.RuneCountInString(p), 128)
		require.LessOrEqual(t, len(p), len(s))
		for _, r := range p {
			require.True(t, unicode.IsPrint(r))
		}
		require.Equal(t, p, flv.Printable(p))
	})
}

// FuzzMPEGTS compares the search for MPEG-TS in a message with the plain way.
func FuzzMPEGTS(f *testing.F) {
	ts := make([]byte, 600)
	ts[5], ts[5+188], ts[5+2*188] = 0x47, 0x47, 0x47
	f.Add(ts)
	f.Add(bytes.Repeat([]byte{0x47}, 377))
	f.Fuzz(func(t *testing.T, b []byte) {
		want := false
		for at := 0; at < 188 && at+2*188 < len(b); at++ {
			want = want || b[at] == 0x47 && b[at+188] == 0x47 && b[at+2*188] == 0x47
		}
		require.Equal(t, want, holdsTS(b))
	})
}

// FuzzFirstBytes: whatever comes in place of a handshake, the answer's error
// is a sentence of ours and not of theirs.
func FuzzFirstBytes(f *testing.F) {
	for _, first := range []string{"GET / HTTP/1.1\r\n", "\x16\x03\x01", "\x47\x40", "\x06", "\x08\x00", "\x00", "\xff"} {
		f.Add([]byte(first))
	}
	f.Fuzz(func(t *testing.T, b []byte) {
		if len(b) == 0 || b[0] == version {
			return
		}
		wrote := false
		err := shake(newBuffer(bytes.NewReader(b)), func([]byte) error { wrote = true; return io.ErrClosedPipe })
		require.Error(t, err)
		require.False(t, wrote, "nothing is said to another protocol")
		require.LessOrEqual(t, len(err.Error()), 120)
		require.True(t, utf8.ValidString(err.Error()))
	})
}
