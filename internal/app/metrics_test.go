package app

import (
	"bytes"
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestMetricsServer(t *testing.T) {
	srv := newMetricsServer(newRegistry(), newLogger(new(bytes.Buffer), LogConfig{}))
	for path, want := range map[string]string{
		"/metrics":                  `rostrum_build_info{version="` + Version() + `"} 1`,
		"/debug/pprof/":             "goroutine",
		"/debug/pprof/heap?debug=1": "heap profile",
		"/debug/pprof/cmdline":      "app.test",
		"/debug/pprof/symbol":       "num_symbols",
	} {
		w := httptest.NewRecorder()
		srv.Handler.ServeHTTP(w, httptest.NewRequest(http.MethodGet, path, http.NoBody))
		require.Equal(t, http.StatusOK, w.Code, path)
		require.Contains(t, w.Body.String(), want, path)
	}
	w := httptest.NewRecorder()
	srv.Handler.ServeHTTP(w, httptest.NewRequest(http.MethodGet, "/", http.NoBody))
	require.Equal(t, http.StatusNotFound, w.Code)
}
