package web

import (
	"net/http"
	"strings"
	"time"

	"github.com/rostrumlive/rostrum/internal/picture"
)

// What a request may send after its header: any JSON that the API takes, at
// the pace of a telephone on a bad network.
const (
	maxBody  = 64 << 10
	bodyTime = 20 * time.Second
)

// bounded keeps what requests send and ask for within bounds, whoever answers
// them. Without it net/http would wait for ever for a body that does not come,
// even to say that none was wanted.
func bounded(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if manyRanges(r.Header) {
			r.Header.Del("Range")
		}
		if r.ContentLength != 0 {
			// Only a recorder of a test has no deadline. net/http takes it back
			// at the body's end, so that an answer may take its time.
			most, within := int64(maxBody), bodyTime
			if r.Method == http.MethodPut && strings.HasPrefix(r.URL.Path, apiTree) && strings.Contains(r.URL.Path, picturesTree) {
				most, within = picture.MaxBytes+1, pictureTime // one more than the operation takes, which then says so
			}
			if r.Method == http.MethodPost && strings.HasPrefix(r.URL.Path, apiTree) && strings.HasSuffix(r.URL.Path, "/emotes") {
				most, within = maxEmoteBody+1, emoteTime
			}
			_ = http.NewResponseController(w).SetReadDeadline(time.Now().Add(within))
			r.Body = http.MaxBytesReader(w, r.Body, most)
		}
		next.ServeHTTP(w, r)
	})
}

// manyRanges reports whether more than one piece of a body is asked for. No
// player does that. A server may ignore a Range, and ought to where it costs
// more than it saves (RFC 9110 14.2, 17.15): a header of 16 kB would name five
// thousand pieces, each a part of its own in the answer.
func manyRanges(h http.Header) bool {
	ranges := h["Range"]
	return len(ranges) > 1 || len(ranges) == 1 && strings.Contains(ranges[0], ",")
}
