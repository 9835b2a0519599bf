package httpload

import (
	"crypto/sha256"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

func serve(t *testing.T, answer string) (addr string, asked *atomic.Int64) {
	t.Helper()
	asked = &atomic.Int64{}
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		asked.Add(1)
		if r.URL.Path == "/gone" {
			http.Error(w, "gone", http.StatusGone)
			return
		}
		_, _ = w.Write([]byte(answer))
	}))
	t.Cleanup(server.Close)
	return strings.TrimPrefix(server.URL, "http://"), asked
}

func target(path, body string) Target {
	sum := sha256.Sum256([]byte(body))
	return Target{Path: path, Size: int64(len(body)), Hash: &sum}
}

func TestRunCountsWhatItRead(t *testing.T) {
	addr, asked := serve(t, "0123456789")
	r, err := Run(t.Context(), Plan{
		Addr: addr, Connections: 3, Length: 100 * time.Millisecond,
		Targets: []Target{target("/a", "0123456789"), {Path: "/live", Size: 9}},
	})
	require.NoError(t, err)
	require.Positive(t, r.Requests)
	require.Equal(t, asked.Load(), r.Requests)
	require.Equal(t, 10*r.Requests, r.Bytes)
	require.GreaterOrEqual(t, r.Wall, 100*time.Millisecond)
}

func TestRunRefusesWrongAnswers(t *testing.T) {
	addr, _ := serve(t, "0123456789")
	for name, c := range map[string]struct {
		target Target
		says   string
	}{
		"length":     {target("/a", "012345678"), "body of 10 bytes, expected 9"},
		"hash":       {target("/a", "9876543210"), "another hash"},
		"status":     {target("/gone", "x"), "status 410"},
		"far length": {Target{Path: "/live", Size: 100}, "body of 10 bytes, expected 100"},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := Run(t.Context(), Plan{Addr: addr, Connections: 2, Length: time.Minute, Targets: []Target{c.target}})
			require.ErrorContains(t, err, c.says)
		})
	}
}
