package express

import (
	"bytes"
	"io"
	"net"
	"net/http"
	"strconv"
	"testing"

	"github.com/stretchr/testify/require"
)

// sink is a connection that takes everything.
type sink struct{}

func (sink) Write(b []byte) (int, error)                { return len(b), nil }
func (sink) ReadFrom(r io.Reader) (int64, error)        { return io.Copy(io.Discard, r) }
func (sink) WriteBuffers(b *net.Buffers) (int64, error) { return b.WriteTo(io.Discard) }

func listHandler() http.HandlerFunc {
	list := bytes.Repeat([]byte("#EXT-X-PART\n"), 900)
	length := strconv.Itoa(len(list))
	return func(w http.ResponseWriter, _ *http.Request) {
		h := w.Header()
		h.Set("Content-Type", "application/vnd.apple.mpegurl")
		h.Set("Cache-Control", "public, max-age=0, s-maxage=1")
		h.Set("Content-Length", length)
		_, _ = w.Write(list)
	}
}

const askedByHLSJS = plainGet + "User-Agent: Mozilla/5.0 (X11; Linux x86_64)\r\nAccept: */*\r\nAccept-Encoding: gzip, deflate\r\nReferer: http://a.example/@demo\r\n\r\n"

// What is allocated for a request: itself, its address, its header and what the
// handler sets.
func TestARequestCostsFewAllocations(t *testing.T) {
	head, h := []byte(askedByHLSJS), listHandler()
	allocs := testing.AllocsPerRun(1000, func() {
		r, ok := Parse(head)
		require.True(t, ok)
		require.NoError(t, Serve(sink{}, h, r))
	})
	require.LessOrEqual(t, allocs, 20.0) // 13; the race detector has pools forget
}

func BenchmarkServe(b *testing.B) {
	head, h := []byte(askedByHLSJS), listHandler()
	b.ReportAllocs()
	for b.Loop() {
		r, ok := Parse(head)
		if !ok {
			b.Fatal("not read")
		}
		if err := Serve(sink{}, h, r); err != nil {
			b.Fatal(err)
		}
	}
}
