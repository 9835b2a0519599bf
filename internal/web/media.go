package web

import (
	"context"
	"errors"
	"io/fs"
	"net/http"
	"path"
	"strings"

	"github.com/rostrumlive/rostrum/internal/account"
	"github.com/rostrumlive/rostrum/internal/broadcast"
	"github.com/rostrumlive/rostrum/internal/packager"
	"github.com/rostrumlive/rostrum/internal/store"
	"github.com/rostrumlive/rostrum/internal/viewing"
	"github.com/rostrumlive/rostrum/internal/vod"
)

// mediaRoutes mounts what players ask for. The clock tells nothing of anybody.
func (s *Server) mediaRoutes(mux *routes) {
	s.watch(mux, "GET /live/{channel}/index.m3u8", viewing.Playlist, s.onChannel, s.multivariant(packager.Live))
	s.watch(mux, "GET /live/{channel}/plain.m3u8", viewing.Playlist, s.onChannel, s.multivariant(packager.Plain))
	s.watch(mux, "GET /live/{channel}/ts/index.m3u8", viewing.Playlist, s.onChannel, s.multivariant(packager.TS))
	s.watch(mux, "GET /live/{channel}/manifest.mpd", viewing.Playlist, s.onChannel, s.liveMPD)
	s.watch(mux, "GET /live/{channel}/rewind.m3u8", viewing.Playlist, s.onChannel, s.multivariant(packager.Rewind))
	s.watch(mux, "GET /live/{channel}/preview.jpg", viewing.Media, s.onChannel, s.preview)
	s.watch(mux, "GET /live/{channel}/{mpd}", viewing.Playlist, s.onMPD, s.broadcastMPD)
	s.watch(mux, "GET /live/{channel}/{broadcast}/{playlist...}", viewing.Playlist, s.onBroadcast, s.mediaPlaylist)
	s.watch(mux, "GET /live/{file}", viewing.Body, s.onFile, s.flv)
	s.watch(mux, "GET /media/{broadcast}/{path...}", viewing.Media, s.onBroadcast, s.media)
	s.watch(mux, "GET /vod/{broadcast}/download.mp4", viewing.Body, s.onRecording, s.download)
	s.watch(mux, "GET /vod/{broadcast}/{playlist...}", viewing.Playlist, s.onRecording, s.recording)
	mux.HandleFunc("GET /live/clock", clock)
	for _, tree := range []string{"/live/", "/media/", "/vod/"} {
		mux.HandleFunc("OPTIONS "+tree, preflight)
		mux.HandleFunc("GET "+tree, noMedia)
	}
}

func noMedia(w http.ResponseWriter, _ *http.Request) {
	packager.Fail(w, http.StatusNotFound, "There is no such address.")
}

// withoutRedirects answers 404 for addresses of media and playlists that
// net/http's mux would send on to a tidier one: its redirect has no CORS
// header, at which players of other pages stop.
func withoutRedirects(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		tree, rest, below := strings.Cut(strings.TrimPrefix(r.URL.Path, "/"), "/")
		if ofMedia(tree) && (!below || path.Clean("/"+rest) != "/"+rest) {
			noMedia(w, r)
			return
		}
		next.ServeHTTP(w, r)
	})
}

// preflight lets pages of any site ask for ranges.
func preflight(w http.ResponseWriter, _ *http.Request) {
	h := w.Header()
	h.Set("Access-Control-Allow-Origin", "*")
	h.Set("Access-Control-Allow-Methods", "GET, HEAD, OPTIONS")
	h.Set("Access-Control-Allow-Headers", "Range")
	h.Set("Access-Control-Max-Age", "86400")
	w.WriteHeader(http.StatusNoContent)
}

func (s *Server) multivariant(k packager.Kind) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		b := s.onAir(r.Context(), r.PathValue("channel"))
		if b == nil {
			packager.OffAir(w)
			return
		}
		s.begun(w, r, b, func(w http.ResponseWriter, r *http.Request) { b.Packager().ServeMultivariant(w, r, k) })
	}
}

// onAir returns what a channel has on air, by the name that it has or had before:
// players cannot be told to go elsewhere (docs/compat.md, V17 and V21).
func (s *Server) onAir(ctx context.Context, name string) *broadcast.Broadcast {
	if b := s.opts.Manager.Live(name); b != nil {
		return b
	}
	c, err := s.opts.Accounts.FormerChannel(ctx, name)
	if err != nil {
		return nil
	}
	return s.opts.Manager.Live(c.Name)
}

// flv answers with what is on air as one body, for as long as it is.
func (s *Server) flv(w http.ResponseWriter, r *http.Request) {
	channel, ok := strings.CutSuffix(r.PathValue("file"), ".flv")
	if !ok {
		packager.Fail(w, http.StatusNotFound, "There is no such address.")
		return
	}
	b := s.onAir(r.Context(), channel)
	if b == nil {
		packager.OffAir(w)
		return
	}
	s.watched(w, r, b, func(r *http.Request) {
		if !s.opts.FLV.Serve(w, r, b.Stream()) {
			packager.OffAir(w)
		}
	})
}

// mediaPlaylist answers from memory while the broadcast is there, and from its
// recording afterwards.
func (s *Server) mediaPlaylist(w http.ResponseWriter, r *http.Request) {
	path, ok := strings.CutSuffix(r.PathValue("playlist"), ".m3u8")
	if !ok {
		packager.Fail(w, http.StatusNotFound, "There is no such playlist.")
		return
	}
	kind, rendition := packager.KindOf(path)
	id := r.PathValue("broadcast")
	r = oneQuery(r)
	if b := s.ofChannel(r.Context(), id, r.PathValue("channel")); b != nil {
		if !s.counted(w, r, b) {
			return
		}
		if !b.Packager().ServePlaylist(w, r, rendition, kind) {
			packager.Fail(w, http.StatusNotFound, "The broadcast has no such rendition.")
		}
		return
	}
	row, err := s.opts.DB.Broadcast(r.Context(), id)
	if err != nil || !s.isCalled(r.Context(), row.ChannelID, r.PathValue("channel")) {
		packager.Fail(w, http.StatusNotFound, "There is no such broadcast.")
		return
	}
	s.opts.Library.ServeEnded(w, r, id, rendition, kind)
}

// oneQuery is a request whose query may have been put behind another: there are
// players that write "?_HLS_msn=…" after whatever address a list gave them, also
// one that carries a viewing.
func oneQuery(r *http.Request) *http.Request {
	if strings.IndexByte(r.URL.RawQuery, '?') < 0 {
		return r
	}
	mended, u := *r, *r.URL
	u.RawQuery = strings.ReplaceAll(u.RawQuery, "?", "&")
	mended.URL = &u
	return &mended
}

// isCalled reports whether a channel has a name, or had it before: who began to
// watch before a rename goes on.
func (s *Server) isCalled(ctx context.Context, channelID, name string) bool {
	c, err := s.channelNamed(ctx, name)
	return err == nil && c.ID == channelID
}

func (s *Server) ofChannel(ctx context.Context, id, channel string) *broadcast.Broadcast {
	b := s.opts.Manager.Get(id)
	if b == nil || b.Channel.Name != account.FoldName(channel) && !s.isCalled(ctx, b.Channel.ID, channel) {
		return nil
	}
	return b
}

func (s *Server) media(w http.ResponseWriter, r *http.Request) {
	path := r.PathValue("path")
	i := strings.LastIndexByte(path, '/')
	if i < 0 {
		packager.Fail(w, http.StatusNotFound, "There is no such piece of media.")
		return
	}
	id, rendition, name := r.PathValue("broadcast"), path[:i], path[i+1:]
	if s.opts.Viewing.Withheld(r.Context(), id, func() (int64, bool) { return numberOf(name) }) {
		refuse(w, viewing.ErrTakenDown)
		return
	}
	if n, ok := packager.ParseTSName(name); ok {
		s.transport(w, r, id, rendition, n)
		return
	}
	if b := s.opts.Manager.Get(id); b != nil && b.Packager().ServeMedia(w, r, rendition, name) {
		return
	}
	if r.Context().Err() == nil {
		s.opts.Library.ServeMedia(w, r, id, rendition, name)
	}
}

// numberOf is that of the segment that a name is of.
func numberOf(name string) (int64, bool) {
	if n, ok := packager.ParseTSName(name); ok {
		return n.Number, true
	}
	return vod.SegmentNumber(name)
}

// transport answers a request for an MPEG-TS segment, which is made of those
// that are in memory or of recorded ones.
func (s *Server) transport(w http.ResponseWriter, r *http.Request, id, rendition string, n packager.TSName) {
	b, err := s.ts.Segment(r.Context(), packager.TSAddress(id+"/", rendition, n.Sound, n.Number), func(ctx context.Context) (packager.TSSource, error) {
		if b := s.opts.Manager.Get(id); b != nil {
			if src, err := b.Packager().TSSource(rendition, n); !errors.Is(err, fs.ErrNotExist) {
				return src, err
			}
		}
		return s.opts.Library.TSSource(ctx, id, rendition, n)
	})
	switch {
	case err == nil:
		packager.ServeTS(w, r, b)
	case r.Context().Err() != nil: // the client has gone
	case errors.Is(err, vod.ErrRemoved):
		packager.Fail(w, http.StatusGone, "This part of the recording was removed.")
	case errors.Is(err, fs.ErrNotExist):
		packager.Fail(w, http.StatusNotFound, "There is no such piece of media.")
	default:
		s.log.Error("MPEG-TS segment cannot be made", "broadcast", id, "rendition", rendition, "number", n.Number, "error", err)
		packager.Fail(w, http.StatusInternalServerError, "The segment cannot be made.")
	}
}

func (s *Server) download(w http.ResponseWriter, r *http.Request) {
	if c, err := s.clipAt(r); c != nil {
		s.opts.Library.ServeClipDownload(w, r, *c)
		return
	} else if err != nil {
		s.failClip(w, err)
		return
	}
	s.opts.Library.ServeDownload(w, r, r.PathValue("broadcast"))
}

func (s *Server) recording(w http.ResponseWriter, r *http.Request) {
	id := r.PathValue("broadcast")
	if s.recordingStill(w, r, r.PathValue("playlist")) {
		return
	}
	name, ok := strings.CutSuffix(r.PathValue("playlist"), ".m3u8")
	c, err := s.clipAt(r)
	switch {
	case err != nil:
		s.failClip(w, err)
	case ok && c != nil:
		s.opts.Library.ServeClip(w, r, *c, name)
	case !ok && c == nil && s.opts.Library.ServeMPD(w, r, id, r.PathValue("playlist")):
	case !ok:
		packager.Fail(w, http.StatusNotFound, "There is no such playlist.")
	case name == "index":
		s.opts.Library.ServeMultivariant(w, r, id)
	default:
		s.opts.Library.ServePlaylist(w, r, id, name)
	}
}

// clipAt returns the clip that an address names, nil when that is a broadcast.
func (s *Server) clipAt(r *http.Request) (*store.Clip, error) {
	id := r.PathValue("broadcast")
	if s.opts.Manager.Get(id) != nil {
		return nil, nil //nolint:nilnil // it is a broadcast
	}
	c, err := s.opts.DB.Clip(r.Context(), id)
	if err != nil {
		if isMissing(err) {
			err = nil
		}
		return nil, err
	}
	return &c, nil
}

func isMissing(err error) bool { return errors.Is(err, store.ErrNotFound) }

func (s *Server) failClip(w http.ResponseWriter, err error) {
	s.log.Error("clip cannot be read", "error", err)
	packager.Fail(w, http.StatusInternalServerError, "It cannot be told what this is.")
}
