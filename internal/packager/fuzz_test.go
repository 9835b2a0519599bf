package packager

import (
	"bytes"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// FuzzReload reads the query of a blocking reload (RFC 8216bis 6.2.5.2).
func FuzzReload(f *testing.F) {
	for _, query := range []string{
		"_HLS_msn=1&_HLS_part=0", "_HLS_part=3&v=abc&_HLS_msn=18", "_HLS_msn=-1", "_HLS_msn=4611686018427387904",
		"_HLS_part=2147483648&_HLS_msn=1", "_HLS_part=1", "_HLS_msn=", "_HLS_msn=+1", "_HLS_skip=YES", "&&=&", "_HLS_msn=1&_HLS_msn=2",
	} {
		f.Add(query)
	}
	f.Fuzz(func(t *testing.T, query string) {
		want, err := parseReload(query)
		if err != nil {
			require.True(t, strings.HasPrefix(err.Error(), "_HLS_"), "a sentence of ours: %v", err)
			return
		}
		require.GreaterOrEqual(t, want.msn, int64(0))
		require.GreaterOrEqual(t, want.part, -1)
		require.True(t, want.blocks || want.part < 0 && want.msn == 0)
		require.Equal(t, want.blocks, strings.Contains("&"+query, "&_HLS_msn="))
		if !want.blocks {
			return
		}
		again := "_HLS_msn=" + strconv.FormatInt(want.msn, 10)
		if want.part >= 0 {
			again += "&_HLS_part=" + strconv.Itoa(want.part)
		}
		same, err := parseReload(again)
		require.NoError(t, err)
		require.Equal(t, want, same)
	})
}

// FuzzMediaName: one piece of media has one name.
func FuzzMediaName(f *testing.F) {
	for _, name := range []string{"seg0.m4s", "part10.m4s", "init1.mp4", "seg01.m4s", "seg.m4s", "seg-1.m4s", "seg4611686018427387904.m4s", "segseg1.m4s.m4s"} {
		f.Add(name)
	}
	f.Fuzz(func(t *testing.T, name string) {
		known := 0
		for _, piece := range [][2]string{{initPrefix, initSuffix}, {segmentPrefix, mediaSuffix}, {partPrefix, mediaSuffix}} {
			n, ok := number(name, piece[0], piece[1])
			if !ok {
				continue
			}
			known++
			require.GreaterOrEqual(t, n, int64(0))
			require.Equal(t, name, address("", piece[0], n, piece[1]))
		}
		require.LessOrEqual(t, known, 1)
	})
}

// FuzzRange asks for ranges (RFC 9110 14.2) of a piece of media: an answer of
// one range is those bytes, and no request makes us send much more than what
// there is.
func FuzzRange(f *testing.F) {
	for _, header := range []string{
		"bytes=0-", "bytes=0-0", "bytes=-1", "bytes=5-2", "bytes=999-1000", "bytes=1000-", "bytes=0-0,2-3,-1", "bytes=", "items=0-1",
		"bytes=0-18446744073709551615", "bytes= 0 - 1", "bytes=0-0,0-0,0-0,0-0", "bytes=--1", "bytes=9223372036854775807-",
	} {
		f.Add(header)
	}
	body := make([]byte, 1000)
	for i := range body {
		body[i] = byte(i * 7)
	}
	f.Fuzz(func(t *testing.T, header string) {
		r := httptest.NewRequest(http.MethodGet, "/seg0.m4s", http.NoBody)
		r.Header.Set("Range", header)
		w := httptest.NewRecorder()
		MediaHeader(w.Header(), "seg0.m4s")
		serveRange(w, r, bytes.NewReader(body))
		got := w.Body.Bytes()
		switch w.Code {
		case http.StatusOK:
			require.Equal(t, body, got)
		case http.StatusPartialContent:
			// Each of several ranges brings its own header of some 150 bytes.
			require.LessOrEqual(t, len(got), len(body)+200*(2+strings.Count(header, ",")))
			if text, ok := strings.CutPrefix(w.Header().Get("Content-Range"), "bytes "); ok {
				from, to, _ := strings.Cut(strings.TrimSuffix(text, "/1000"), "-")
				first, err := strconv.Atoi(from)
				require.NoError(t, err)
				last, err := strconv.Atoi(to)
				require.NoError(t, err)
				// "bytes=-0" is answered with nothing, from the end on.
				require.True(t, bytes.Equal(body[first:last+1], got))
			}
		case http.StatusRequestedRangeNotSatisfiable:
			require.Equal(t, "no-store", w.Header().Get("Cache-Control"))
		default:
			t.Fatal(w.Code)
		}
	})
}

// FuzzAcceptsGzip reads Accept-Encoding, and takes nothing for consent that
// does not name the coding.
func FuzzAcceptsGzip(f *testing.F) {
	for _, header := range []string{"gzip, deflate, br", "GZIP;q=0.5", "gzip;q=0", "br, gzip ; q=0.000", "x-gzip", "gzip;;q", ""} {
		f.Add(header)
	}
	f.Fuzz(func(t *testing.T, header string) {
		r := &http.Request{URL: &url.URL{}, Header: http.Header{"Accept-Encoding": {header}}}
		if acceptsGzip(r) {
			require.Contains(t, strings.ToLower(header), "gzip")
		}
		r.Header.Set("Accept-Encoding", header+", gzip;q=0")
		if acceptsGzip(r) {
			require.Contains(t, strings.ToLower(header), "gzip")
		}
	})
}
