package rtmp

import (
	"bytes"
	"errors"
	"io"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"
)

// readAll returns all messages in b and the error behind the last.
func readAll(r *chunkReader) ([]message, error) {
	var all []message
	for {
		m, err := r.next()
		if err != nil {
			return all, err
		}
		all = append(all, m)
	}
}

func readerOf(b []byte) *chunkReader { return newChunkReader(newBuffer(bytes.NewReader(b))) }

func TestChunkReader(t *testing.T) {
	const t32 = 0x01020304
	long := fill(300, 1)
	abort := func(id byte) []byte { return join(type0(2, 0, 4, 2, 0), []byte{0, 0, 0, id}) }
	cases := []struct {
		about string
		in    []byte
		want  []message
	}{
		{
			"one of each type of header",
			join(type0(4, 1000, 3, 9, 1), []byte("abc"), type1(4, 40, 2, 8), []byte("de"), type2(4, 20), []byte("fg"), type3(4), []byte("hi")),
			[]message{{9, 1, 1000, []byte("abc")}, {8, 1, 1040, []byte("de")}, {8, 1, 1060, []byte("fg")}, {8, 1, 1080, []byte("hi")}},
		},
		{
			"type 3 after type 0 takes its timestamp for the delta",
			join(type0(4, 23, 1, 8, 1), []byte("a"), type3(4), []byte("b")),
			[]message{{8, 1, 23, []byte("a")}, {8, 1, 46, []byte("b")}},
		},
		{
			"ids of one, two and three bytes",
			join(type0(63, 0, 1, 8, 1), []byte("a"), type0(64, 0, 1, 8, 1), []byte("b"), type0(319, 0, 1, 8, 1), []byte("c"), type0(65599, 0, 1, 8, 1), []byte("d")),
			[]message{{8, 1, 0, []byte("a")}, {8, 1, 0, []byte("b")}, {8, 1, 0, []byte("c")}, {8, 1, 0, []byte("d")}},
		},
		{
			"a long message in chunks of 128",
			join(type0(4, 5, 300, 9, 1), long[:128], type3(4), long[128:256], type3(4), long[256:]),
			[]message{{9, 1, 5, long}},
		},
		{
			"interleaved chunk streams",
			join(type0(4, 5, 200, 9, 1), long[:128], type0(5, 6, 2, 8, 1), []byte("hi"), type3(4), long[128:200]),
			[]message{{8, 1, 6, []byte("hi")}, {9, 1, 5, long[:200]}},
		},
		{
			"extended timestamp repeated",
			join(type0(4, t32, 200, 9, 1), long[:128], type3(4), far(t32), long[128:200], type3(4), far(t32), long[:128], type3(4), far(t32), long[128:200]),
			[]message{{9, 1, t32, long[:200]}, {9, 1, 2 * t32, long[:200]}},
		},
		{
			"extended timestamp not repeated",
			join(type0(4, t32, 200, 9, 1), long[:128], type3(4), long[128:200]),
			[]message{{9, 1, t32, long[:200]}},
		},
		{
			"extended timestamp not repeated before a rest of two bytes at the end",
			join(type0(4, t32, 130, 9, 1), long[:128], type3(4), long[128:130]),
			[]message{{9, 1, t32, long[:130]}},
		},
		{
			"extended timestamp repeated before a rest of two bytes",
			join(type0(4, t32, 130, 9, 1), long[:128], type3(4), far(t32), long[128:130]),
			[]message{{9, 1, t32, long[:130]}},
		},
		{
			"rest that begins like the timestamp",
			join(type0(4, t32, 130, 9, 1), long[:128], type3(4), []byte{1, 2}, type0(5, 0, 1, 8, 1), []byte("a")),
			[]message{{9, 1, t32, join(long[:128], []byte{1, 2})}, {8, 1, 0, []byte("a")}},
		},
		{
			"extended delta, the message's time repeated",
			join(type0(4, 10, 1, 9, 1), []byte("a"), type1(4, t32, 129, 9), long[:128], type3(4), far(t32+10), []byte("z")),
			[]message{{9, 1, 10, []byte("a")}, {9, 1, t32 + 10, join(long[:128], []byte("z"))}},
		},
		{
			"extended timestamp that would have fitted",
			join(basic(0, 4), []byte{255, 255, 255, 0, 0, 1, 9, 1, 0, 0, 0, 0, 0, 0, 7}, []byte("a")),
			[]message{{9, 1, 7, []byte("a")}},
		},
		{
			"the largest near timestamp",
			join(type0(4, 0xfffffe, 129, 9, 1), long[:128], type3(4), long[128:129]),
			[]message{{9, 1, 0xfffffe, long[:129]}},
		},
		{
			"a delta that steps back by wrapping",
			join(type0(4, 100, 1, 9, 1), []byte("a"), type2(4, 0xfffffff6), []byte("b")),
			[]message{{9, 1, 100, []byte("a")}, {9, 1, 90, []byte("b")}},
		},
		{
			"type 1 on a new chunk stream",
			join(type1(7, 40, 2, 8), []byte("de"), type2(7, 5), []byte("fg")),
			[]message{{8, 0, 40, []byte("de")}, {8, 0, 45, []byte("fg")}},
		},
		{
			"type 2 on a new chunk stream",
			join(type2(7, 40), type0(4, 1, 1, 8, 1), []byte("a")),
			[]message{{0, 0, 40, nil}, {8, 1, 1, []byte("a")}},
		},
		{
			"chunk size changes, up, down and between the chunks of a message",
			join(
				setChunkSize(200), type0(4, 0, 150, 9, 1), long[:150],
				setChunkSize(10), type0(4, 0, 25, 9, 1), long[:10], type3(4), long[10:20],
				setChunkSize(1000), type3(4), long[20:25], type0(4, 0, 300, 9, 1), long,
			),
			[]message{{9, 1, 0, long[:150]}, {9, 1, 0, long[:25]}, {9, 1, 0, long}},
		},
		{
			"chunk sizes beyond all messages",
			join(setChunkSize(0xffffff), setChunkSize(0x7fffffff), setChunkSize(0x80001000), type0(4, 0, 300, 9, 1), long),
			[]message{{9, 1, 0, long}},
		},
		{
			"chunk size 1",
			join(setChunkSize(1), type0(4, 0, 3, 9, 1), []byte("a"), type3(4), []byte("b"), type3(4), []byte("c")),
			[]message{{9, 1, 0, []byte("abc")}},
		},
		{
			"abort",
			join(type0(4, 5, 200, 9, 1), long[:128], abort(4), type3(4), long[:128], type3(4), long[128:200]),
			[]message{{9, 1, 10, long[:200]}},
		},
		{
			"abort of what is not there",
			join(abort(4), type0(4, 5, 1, 9, 1), []byte("a")),
			[]message{{9, 1, 5, []byte("a")}},
		},
		{
			"a new header gives up an unfinished message",
			join(type0(4, 5, 200, 9, 1), long[:128], type0(4, 7, 1, 9, 1), []byte("a")),
			[]message{{9, 1, 7, []byte("a")}},
		},
		{
			"empty message",
			join(type0(4, 5, 0, 9, 1), type3(4), type0(4, 7, 1, 9, 1), []byte("a")),
			[]message{{9, 1, 5, nil}, {9, 1, 10, nil}, {9, 1, 7, []byte("a")}},
		},
	}
	for _, tc := range cases {
		t.Run(tc.about, func(t *testing.T) {
			got, err := readAll(readerOf(tc.in))
			require.ErrorIs(t, err, io.EOF)
			if diff := cmp.Diff(tc.want, got, cmp.AllowUnexported(message{})); diff != "" {
				t.Errorf("messages (-want +got):\n%s", diff)
			}
		})
	}
}

func TestChunkReaderRefuses(t *testing.T) {
	var crowd []byte
	for i := range maxStreams + 1 {
		crowd = join(crowd, type0(3+i, 0, 1, 8, 1), []byte("a"))
	}
	cases := []struct {
		about string
		in    []byte
		admit bool
		want  string
	}{
		{"a chunk stream that was never begun", type3(9), true, "before it began"},
		{"too many chunk streams", crowd, true, "more than 64 chunk streams"},
		{"chunk size 0", setChunkSize(0), true, "chunk size of 0"},
		{"chunk size 0 behind the reserved bit", setChunkSize(1 << 31), true, "chunk size of 0"},
		{"a short control message", join(type0(2, 0, 2, 1, 0), []byte{0, 0}), true, "control message"},
		{"a stranger's long message", type0(3, 0, strangerMessage+1, 20, 0), false, "the most"},
		{"a stranger's many messages", join(type0(3, 0, 10000, 20, 0), fill(128, 0), type0(4, 0, 10000, 20, 0), fill(128, 0)), false, "unfinished messages"},
	}
	for _, tc := range cases {
		t.Run(tc.about, func(t *testing.T) {
			r := readerOf(tc.in)
			if tc.admit {
				r.admit()
			}
			_, err := readAll(r)
			require.ErrorContains(t, err, tc.want)
		})
	}
}

func TestChunkReaderAllocatesByWhatComes(t *testing.T) {
	r := readerOf(join(setChunkSize(1<<24), type0(4, 0, 1<<24-1, 9, 1), fill(firstBody+10, 0)))
	r.admit()
	_, err := readAll(r)
	require.ErrorIs(t, err, io.EOF)
	require.Equal(t, 2*firstBody, r.held, "a claim of 16 MiB of which 1 MiB came")

	body := fill(3*firstBody+5, 3)
	r = readerOf(join(setChunkSize(1<<24), type0(4, 0, len(body), 9, 1), body))
	r.admit()
	got, err := readAll(r)
	require.ErrorIs(t, err, io.EOF)
	require.Len(t, got, 1)
	require.True(t, bytes.Equal(body, got[0].body))
	require.Zero(t, r.held)
}

// outgoing is a message on its way through the writer of the test below.
type outgoing struct {
	message
	id   int
	sent int
}

// TestChunkReaderReadsWhatIsWritten interleaves random messages at random.
func TestChunkReaderReadsWhatIsWritten(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		size := rapid.IntRange(1, 300).Draw(t, "chunk size")
		repeat := rapid.Bool().Draw(t, "repeat extended timestamps")
		ids := []int{3, 4, 70, 400}
		open := map[int]*outgoing{}
		in := setChunkSize(uint32(size))
		var want []message
		for range rapid.IntRange(1, 60).Draw(t, "chunks") {
			id := rapid.SampledFrom(ids).Draw(t, "id")
			o := open[id]
			if o == nil {
				ms := rapid.Uint32().Draw(t, "timestamp")
				body := fill(rapid.IntRange(0, 900).Draw(t, "length"), byte(ms))
				o = &outgoing{message: message{typ: 9, stream: 1, timestamp: ms, body: body}, id: id}
				in = join(in, type0(id, ms, len(body), 9, 1))
				open[id] = o
			} else {
				in = join(in, type3(id))
				if repeat {
					in = join(in, far(o.timestamp))
				}
			}
			n := min(size, len(o.body)-o.sent)
			in = join(in, o.body[o.sent:o.sent+n])
			if o.sent += n; o.sent == len(o.body) {
				want = append(want, o.message)
				delete(open, id)
			}
		}
		r := newChunkReader(newBuffer(&trickle{b: in, t: t}))
		r.admit()
		got, err := readAll(r)
		require.ErrorIs(t, err, io.EOF)
		require.Len(t, got, len(want))
		for i := range want {
			require.Equal(t, want[i].timestamp, got[i].timestamp)
			require.True(t, bytes.Equal(want[i].body, got[i].body))
		}
	})
}

// trickle gives its bytes in random pieces.
type trickle struct {
	b []byte
	t *rapid.T
}

func (r *trickle) Read(p []byte) (int, error) {
	if len(r.b) == 0 {
		return 0, io.EOF
	}
	n := copy(p, r.b[:min(len(r.b), rapid.IntRange(1, 2000).Draw(r.t, "piece"))])
	r.b = r.b[n:]
	return n, nil
}

func FuzzChunkReader(f *testing.F) {
	f.Add(join(setChunkSize(200), type0(4, 1<<24, 300, 9, 1), fill(200, 1), type3(4), fill(100, 1)), true)
	f.Add(join(type2(7, 40), type1(4, 1, 3, 8), []byte("abc"), type3(4), []byte("def")), false)
	f.Add(join(type0(4, 1<<31, 130, 9, 1), fill(128, 1), type3(4), far(1<<31), fill(2, 1)), true)
	f.Fuzz(func(t *testing.T, in []byte, admit bool) {
		r := readerOf(in)
		if admit {
			r.admit()
		}
		sum := 0
		for {
			m, err := r.next()
			if err != nil {
				require.False(t, errors.Is(err, io.ErrNoProgress))
				break
			}
			sum += len(m.body)
			require.LessOrEqual(t, r.held, r.budget)
		}
		require.LessOrEqual(t, sum, len(in), "bodies hold more than came")
		for _, cs := range r.streams {
			require.LessOrEqual(t, cap(cs.body), max(firstBody, 2*len(cs.body)))
		}
	})
}
