package packager

import (
	"context"
	"errors"
	"net/http"
	"strconv"
	"strings"
	"time"
)

const (
	// openingWait is how long a request is held while a broadcast opens.
	openingWait  = 10 * time.Second
	playlistType = "application/vnd.apple.mpegurl"
)

// ServeMultivariant answers a request for the channel's playlist. While the
// broadcast opens it holds the request until it can be played. It answers 404
// when that does not happen in time, and 406 when the playlist would have
// nothing to list.
func (p *Packager) ServeMultivariant(w http.ResponseWriter, r *http.Request, k Kind) {
	if !p.awaitReady(r.Context()) || p.Playable().IsZero() {
		OffAir(w)
		return
	}
	text := p.multivariantText(k)
	if text == nil {
		Fail(w, http.StatusNotAcceptable, "MPEG-TS cannot carry what is on air ("+p.codecs()+"). The channel's other addresses can.")
		return
	}
	ServeText(w, r, text, "public, max-age=0, s-maxage=1")
}

func (p *Packager) awaitReady(ctx context.Context) bool {
	select {
	case <-p.ready:
		return true
	default:
	}
	timer := time.NewTimer(openingWait)
	defer timer.Stop()
	select {
	case <-p.ready:
		return true
	case <-timer.C:
	case <-ctx.Done():
	}
	return false
}

// OffAir answers a request for the live media of a channel that has none.
func OffAir(w http.ResponseWriter) {
	w.Header().Set("Retry-After", "2")
	Fail(w, http.StatusNotFound, "The channel is off air.")
}

// ServePlaylist answers a request for a rendition's media playlist, blocking
// reloads (RFC 8216bis 6.2.5.2) and delta updates (6.2.5.1) included. It reports false, and has written
// nothing, when there is no such rendition.
func (p *Packager) ServePlaylist(w http.ResponseWriter, r *http.Request, rendition string, k Kind) bool {
	win := p.Window(rendition)
	if win == nil {
		return false
	}
	if k == TS {
		p.serveTS(w, r, win)
		return true
	}
	want, err := parseReload(r.URL.RawQuery)
	if err != nil {
		Fail(w, http.StatusBadRequest, err.Error())
		return true
	}
	s, err := win.await(r.Context(), want)
	switch {
	case errors.Is(err, errTooFar):
		Fail(w, http.StatusBadRequest, err.Error())
		return true
	case errors.Is(err, errNotYet):
		w.Header().Set("Retry-After", "1")
		Fail(w, http.StatusServiceUnavailable, err.Error())
		return true
	case err != nil:
		return true // the client has gone
	}
	cache := "public, max-age=0, s-maxage=1"
	switch {
	case s.ended:
		cache = "public, max-age=3600"
	case want.blocks && s.answers(want):
		seconds := int(6 * p.opts.TargetDuration() / time.Second)
		cache = "public, max-age=" + strconv.Itoa(seconds)
	}
	text, err := win.text(r.Context(), s, k, want.skip)
	if err != nil {
		w.Header().Set("Retry-After", "1")
		Fail(w, http.StatusServiceUnavailable, "What was on air before cannot be listed now.")
		return true
	}
	ServeText(w, r, text, cache)
	return true
}

// reload is what a request asks for: a blocking one waits for it.
type reload struct {
	blocks bool
	msn    int64
	part   int  // negative: the whole segment
	skip   bool // a delta update, where the playlist offers them
}

// parseReload reads _HLS_msn, _HLS_part and _HLS_skip; other parameters are
// none of ours.
func parseReload(query string) (reload, error) {
	want := reload{part: -1}
	for query != "" {
		var pair string
		pair, query, _ = strings.Cut(query, "&")
		key, value, _ := strings.Cut(pair, "=")
		var bits int
		switch key {
		case "_HLS_msn":
			bits = 62
		case "_HLS_part":
			bits = 31
		case "_HLS_skip":
			// v2 also skips date ranges, of which there are none. Whoever asks for
			// something else gets the whole list.
			want.skip = value == "YES" || value == "v2"
			continue
		default:
			continue
		}
		n, err := strconv.ParseUint(value, 10, bits)
		if err != nil {
			return want, errors.New(key + " must be a whole number")
		}
		if bits == 62 {
			want.msn, want.blocks = int64(n), true
		} else {
			want.part = int(n)
		}
	}
	if want.part >= 0 && !want.blocks {
		return want, errors.New("_HLS_part needs _HLS_msn")
	}
	return want, nil
}

var (
	errTooFar = errors.New("_HLS_msn is more than two segments ahead")
	errNotYet = errors.New("the part did not come in time")
)

// patience is how long a request is held for media that is to come.
func (o Options) patience() time.Duration { return 3 * o.TargetDuration() }

// await returns the first snapshot that answers the request: one with what a
// blocking reload asks for, or else any with a complete segment. While the
// encoder is away it returns what there is, after half a target duration, when
// a player may ask for a list that has not changed again (RFC 8216bis 6.3.4):
// players take that better than an error or a wait (hls.js gives up a reload
// after 0.8 target durations, and all of it after two or three errors), and a
// request must not hold up the server's end. The first
// news after that answers all: hls.js asks for what should be there by now, had
// the encoder gone on, which may be two segments further.
func (w *Window) await(ctx context.Context, want reload) (*snapshot, error) {
	s := w.snap.Load()
	if edge := s.edge(); want.blocks && !s.ended && edge >= 0 && want.msn > edge+2 {
		return nil, errTooFar
	}
	if s.answers(want) {
		return s, nil
	}
	limit := time.NewTimer(w.packager.opts.patience())
	defer limit.Stop()
	courtesy := time.NewTimer(w.packager.opts.TargetDuration() / 2)
	defer courtesy.Stop()
	held := false  // long enough, for a list that stands still
	stood := false // while the request waited
	for {
		s, news := w.watchFor(want)
		if s.answers(want) || s.final || s.standing && held || !s.standing && stood {
			return s, nil
		}
		stood = s.standing
		select {
		case <-news:
		case <-courtesy.C:
			held = true
		case <-limit.C:
			return nil, errNotYet
		case <-ctx.Done():
			return nil, ctx.Err()
		}
	}
}

// OpenToAll lets pages of any site load media and playlists.
func OpenToAll(h http.Header) {
	h.Set("Access-Control-Allow-Origin", "*")
	h.Set("Access-Control-Expose-Headers", "Date, Content-Length, Content-Range, Retry-After")
}

// Fail answers a request for media or a playlist with an error that no cache
// keeps.
func Fail(w http.ResponseWriter, status int, sentence string) {
	OpenToAll(w.Header())
	w.Header().Set("Cache-Control", "no-store")
	http.Error(w, sentence, status)
}
