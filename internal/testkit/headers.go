package testkit

import (
	"bytes"
	"errors"
	"fmt"
	"net/http"
	"path"
	"strconv"
	"strings"
)

// mediaTypes are the content types of pieces of media, by the ends of names
// that players know.
var mediaTypes = map[string]string{".mp4": "video/mp4", ".m4s": "video/iso.segment", ".ts": "video/mp2t"}

// CheckHeaders returns what is wrong with an answer that any page and any
// player may read: a redirect or another failure, a cookie, a closed origin, a
// clock that pages of other origins cannot see. uri is that of the playlist or
// the piece of media.
func CheckHeaders(uri string, r *Response) error {
	var errs []error
	fail := func(format string, args ...any) { errs = append(errs, fmt.Errorf(uri+": "+format, args...)) }
	h := r.Header
	if r.Status != http.StatusOK {
		fail("status %d", r.Status)
	}
	if got := h.Get("Access-Control-Allow-Origin"); got != "*" {
		fail("Access-Control-Allow-Origin %q", got)
	}
	if exposed := h.Get("Access-Control-Expose-Headers"); !strings.Contains(exposed, "Date") {
		fail("Access-Control-Expose-Headers %q hides Date", exposed)
	}
	if cookie := h.Get("Set-Cookie"); cookie != "" {
		fail("sets a cookie")
	}
	if h.Get("Date") == "" {
		fail("no Date")
	}
	name, _, _ := strings.Cut(uri, "?")
	if kind := mediaTypes[path.Ext(name)]; kind != "" {
		checkMediaHeaders(r, kind, fail)
	} else {
		checkPlaylistHeaders(r, fail)
	}
	return errors.Join(errs...)
}

func checkMediaHeaders(r *Response, kind string, fail func(string, ...any)) {
	if got := r.Header.Get("Content-Type"); got != kind {
		fail("Content-Type %q, not %q", got, kind)
	}
	if got := r.Header.Get("Cache-Control"); got != "public, max-age=31536000, immutable" {
		fail("Cache-Control %q of media", got)
	}
	if got := r.Header.Get("Content-Length"); got != strconv.Itoa(len(r.Body)) {
		fail("Content-Length %q of %d bytes", got, len(r.Body))
	}
	if len(r.Body) == 0 {
		fail("nothing in it")
	}
}

func checkPlaylistHeaders(r *Response, fail func(string, ...any)) {
	if got := r.Header.Get("Content-Type"); got != "application/vnd.apple.mpegurl" {
		fail("Content-Type %q of a playlist", got)
	}
	got := r.Header.Get("Cache-Control")
	switch {
	case bytes.Contains(r.Body, []byte(".m3u8?v=")): // a viewing begins with it
		if got != "no-store" {
			fail("Cache-Control %q of a list with a viewing", got)
		}
	case !strings.HasPrefix(got, "public, max-age=") || strings.Contains(got, "immutable"):
		fail("Cache-Control %q of a playlist", got)
	}
	if !strings.Contains(r.Header.Get("Vary"), "Accept-Encoding") {
		fail("Vary %q of what may be compressed", r.Header.Get("Vary"))
	}
}
