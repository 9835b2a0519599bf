package vitals

import (
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

const metrics = `# HELP go_goroutines Number of goroutines.
# TYPE go_goroutines gauge
go_goroutines 42
go_memstats_heap_inuse_bytes 1.048576e+07
rostrum_build_info{version="x"} 1
rostrum_broadcasts_live 3
process_cpu_seconds_total 1.5
rostrum_rtmp_panics_total 0
rostrum_recording_lost_segments_total 2
rostrum_rtmp_bad_tags_total 0
`

func server(t *testing.T, text string) Server {
	t.Helper()
	web := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { _, _ = w.Write([]byte(text)) }))
	t.Cleanup(web.Close)
	data := t.TempDir()
	require.NoError(t, os.WriteFile(filepath.Join(data, "rostrum.db"), make([]byte, mib/2), 0o600))
	require.NoError(t, os.MkdirAll(filepath.Join(data, "spool", "b", "video"), 0o700))
	require.NoError(t, os.WriteFile(filepath.Join(data, "spool", "b", "video", "1.part"), nil, 0o600))
	return Server{PID: os.Getpid(), Metrics: strings.TrimPrefix(web.URL, "http://"), Data: data}
}

func TestReadSeesWhatAProcessHolds(t *testing.T) {
	s := server(t, metrics)
	before, err := s.Read(t.Context())
	require.NoError(t, err)
	for name, want := range map[Name]float64{Heap: 10, Goroutines: 42, OnAir: 3, Processor: 1.5, Lost: 2, Database: 0.5, Log: 0, Spool: 1} {
		require.InDelta(t, want, before[name], 0, name)
	}
	require.Greater(t, before[Resident], 1.0)
	require.GreaterOrEqual(t, before[Threads], 1.0)

	const more = 20
	for range more {
		f, err := os.Open(os.DevNull)
		require.NoError(t, err)
		defer func() { _ = f.Close() }()
	}
	after, err := s.Read(t.Context())
	require.NoError(t, err)
	require.InDelta(t, more, after[Descriptors]-before[Descriptors], 5, "connections of the scrape come and go")
	for _, m := range Measures {
		require.Contains(t, after, m.Name, "every measure is sampled")
	}
}

func TestReadTellsWhatIsMissing(t *testing.T) {
	s := server(t, strings.ReplaceAll(metrics, "go_goroutines 42\n", ""))
	_, err := s.Read(t.Context())
	require.ErrorContains(t, err, "no go_goroutines")

	s = server(t, metrics)
	s.PID = 1 << 30
	_, err = s.Read(t.Context())
	require.ErrorContains(t, err, "no such file")
}
