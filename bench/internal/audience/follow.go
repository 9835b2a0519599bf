package audience

import (
	"bytes"
	"context"
	"fmt"
	"net/url"
	"time"
)

// breath is the wait after a blocking reload that brought nothing new, which
// is the answer while a broadcast is interrupted.
const breath = 500 * time.Millisecond

// follow reads one media playlist and the newest media in it until the visit
// or the list ends: by blocking reloads, or every so often when that is given.
func (v *viewer) follow(ctx context.Context, list *url.URL, every time.Duration) {
	var last edge
	for n := 0; ; n++ {
		at := *list
		what := "media playlist"
		if n > 0 && every == 0 {
			at.RawQuery = fmt.Sprintf("_HLS_msn=%d&_HLS_part=%d", last.msn, last.part)
			what = "blocking reload"
		}
		body, ok := v.get(ctx, what, &at)
		if !ok {
			return
		}
		e, err := readEdge(body)
		if err != nil {
			v.fault(ctx, what+" cannot be read", "%v", err)
			return
		}
		if e.behind(last) {
			v.fault(ctx, "a list went back", "%s: from %d.%d to %d.%d", list, last.msn, last.part, e.msn, e.part)
		}
		if !v.load(ctx, list, last, e) {
			return
		}
		if e.ended {
			v.tally.Event("lists followed to their end")
			return
		}
		wait := every
		if every == 0 && n > 0 && !last.behind(e) {
			v.tally.Event("blocking reloads that brought nothing new")
			wait = breath
		}
		last = e
		if wait > 0 && !sleep(ctx, wait) {
			return
		}
	}
}

// load fetches the newest media and its init section, where the last list had
// others.
func (v *viewer) load(ctx context.Context, list *url.URL, last, e edge) bool {
	for _, piece := range []struct{ what, uri, was, box string }{
		{"init section", e.init, last.init, "ftyp"},
		{"media", e.media, last.media, "moof"},
	} {
		if piece.uri == piece.was {
			continue
		}
		at, err := list.Parse(piece.uri)
		if err != nil {
			v.fault(ctx, piece.what+"'s address", "%v", err)
			return false
		}
		body, ok := v.get(ctx, piece.what, at)
		if !ok {
			return false
		}
		// ISO/IEC 14496-12 4.2: size, then type; styp may come first (8.16.2).
		if len(body) < 8 || !bytes.Equal(body[4:8], []byte(piece.box)) && string(body[4:8]) != "styp" {
			v.fault(ctx, piece.what+" is not fMP4", "%s begins with %q", at, body[:min(8, len(body))])
			return false
		}
	}
	return true
}
