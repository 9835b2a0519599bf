package web

import (
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/rostrumlive/rostrum/internal/account"
	"github.com/rostrumlive/rostrum/internal/packager"
)

func (s *Server) liveMPD(w http.ResponseWriter, r *http.Request) {
	b := s.opts.Manager.Live(r.PathValue("channel"))
	if b == nil {
		packager.OffAir(w)
		return
	}
	s.begun(w, r, b, b.Packager().ServeMPD)
}

// broadcastMPD answers from memory while the broadcast is there, and from its
// recording afterwards.
func (s *Server) broadcastMPD(w http.ResponseWriter, r *http.Request) {
	id, ok := strings.CutSuffix(r.PathValue("mpd"), ".mpd")
	if !ok {
		packager.Fail(w, http.StatusNotFound, "There is no such address.")
		return
	}
	if b := s.ofChannel(r.Context(), id, r.PathValue("channel")); b != nil {
		if s.counted(w, r, b) {
			b.Packager().ServeMPD(w, r)
		}
		return
	}
	row, err := s.opts.DB.Broadcast(r.Context(), id)
	if err != nil || row.ChannelName != account.FoldName(r.PathValue("channel")) {
		packager.Fail(w, http.StatusNotFound, "There is no such broadcast.")
		return
	}
	s.opts.Library.ServeEndedMPD(w, r, id)
}

// clock tells players the time (ISO/IEC 23009-1 5.8.4.11, http-iso), so that
// none asks a stranger for it. Nobody may keep the answer.
func clock(w http.ResponseWriter, r *http.Request) {
	now := time.Now().UTC().Format("2006-01-02T15:04:05.000Z")
	packager.OpenToAll(w.Header())
	h := w.Header()
	h.Set("Content-Type", "text/plain; charset=utf-8")
	h.Set("Cache-Control", "no-store")
	h.Set("Content-Length", strconv.Itoa(len(now)))
	if r.Method != http.MethodHead {
		_, _ = w.Write([]byte(now)) // the client has gone
	}
}
