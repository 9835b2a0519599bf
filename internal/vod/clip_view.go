package vod

import (
	"context"
	"errors"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/rostrumlive/rostrum/internal/media"
	"github.com/rostrumlive/rostrum/internal/packager"
	"github.com/rostrumlive/rostrum/internal/store"
)

// clipView is a clip with all that it refers to.
type clipView struct {
	store.Clip
	renditions []store.Rendition // those with media
	rows       map[string][]store.Segment
	source     []string // the renditions that the encoder sent, pictures first
}

// view reads what a clip refers to.
func (l *Library) view(ctx context.Context, c store.Clip) (*clipView, error) {
	v := &clipView{Clip: c, rows: map[string][]store.Segment{}}
	rows, err := l.opts.DB.ClipSegments(ctx, c)
	if err != nil {
		return nil, err
	}
	for i := range rows {
		v.rows[rows[i].Rendition] = append(v.rows[rows[i].Rendition], rows[i])
	}
	if v.renditions, err = l.opts.DB.ClipRenditions(ctx, c.BroadcastID); err != nil {
		return nil, err
	}
	v.renditions = slices.DeleteFunc(v.renditions, func(r store.Rendition) bool { return firstMedia(v.rows[r.Name]) == nil })
	if v.source = sourceRenditions(v.renditions); len(v.source) == 0 {
		return nil, errNothing
	}
	return v, nil
}

// firstMedia is the first segment that is no gap.
func firstMedia(rows []store.Segment) *store.Segment {
	i := slices.IndexFunc(rows, func(s store.Segment) bool { return !s.Gap })
	if i < 0 {
		return nil
	}
	return &rows[i]
}

// from is the moment at which what is shown begins, more exactly than Start.
func (v *clipView) from() time.Duration {
	s := firstMedia(v.rows[v.source[0]])
	return media.Duration(s.Start, s.Timescale) + v.Lead
}

// ServeClip answers a request for a playlist of a clip, by its name without
// the suffix: "index" is the multivariant one, others are renditions.
func (l *Library) ServeClip(w http.ResponseWriter, r *http.Request, c store.Clip, name string) {
	text, err := l.clipPlaylist(r.Context(), c, name)
	if err == nil {
		packager.ServeText(w, r, text, archivedCache)
		return
	}
	l.failClip(w, r, c, err)
}

// failClip tells why a clip cannot be had.
func (l *Library) failClip(w http.ResponseWriter, r *http.Request, c store.Clip, err error) {
	switch {
	case errors.Is(err, errGone), errors.Is(err, errNothing):
		packager.Fail(w, http.StatusGone, "This clip was removed.")
	case errors.Is(err, errUnknown):
		packager.Fail(w, http.StatusNotFound, "The clip has no such rendition.")
	case r.Context().Err() != nil: // the client has gone
	default:
		l.log.Error("clip cannot be read", "clip", c.ID, "error", err)
		packager.Fail(w, http.StatusInternalServerError, "The clip cannot be read.")
	}
}

// errGone: a clip was removed.
var errGone = errors.New("removed")

func (l *Library) clipPlaylist(ctx context.Context, c store.Clip, name string) (*packager.Text, error) {
	if !c.RemovedAt.IsZero() {
		return nil, errGone
	}
	id := c.ID + "/" + name
	e := l.lists.get(id)
	e.mu.Lock()
	defer e.mu.Unlock()
	if e.final {
		return e.text, nil
	}
	v, err := l.view(ctx, c)
	if err == nil {
		if name == "index" {
			e.text = v.multivariant()
		} else {
			e.text, err = v.playlist(name, l.opts.TargetDuration)
		}
	}
	if err != nil {
		l.lists.drop(id, e)
		return nil, err
	}
	e.final = true
	return e.text, nil
}

func (v *clipView) multivariant() *packager.Text {
	var list []packager.Description
	for _, r := range v.renditions {
		var peak, bytes int64
		var length time.Duration
		for _, s := range v.rows[r.Name] {
			d := media.Duration(s.Duration, s.Timescale)
			length += d
			bytes += s.Bytes
			if d > 0 {
				peak = max(peak, rate(s.Bytes, d)+1)
			}
		}
		d := describeRendition(r)
		d.Peak, d.Mean = int(peak), int(rate(bytes, max(length, time.Millisecond)))
		list = append(list, d)
	}
	return packager.NewText(packager.Multivariant(list).AppendTo(nil))
}

// rate is bits a second.
func rate(bytes int64, over time.Duration) int64 {
	return int64(float64(bytes) * 8 / over.Seconds())
}

// playlist is a media playlist of a clip: whole segments, and where among them
// a player is to begin.
func (v *clipView) playlist(rendition string, target time.Duration) (*packager.Text, error) {
	rows := v.rows[rendition]
	first := firstMedia(rows)
	if first == nil {
		return nil, errUnknown
	}
	var e list
	e.m.TargetDuration = target
	fill := storedEntry(strings.Repeat("../", vodDepth+strings.Count(rendition, "/")) + "media/" + v.BroadcastID + "/" + rendition + "/")
	for i := range rows {
		e.append(&rows[i], fill)
	}
	e.m.Segments[0].Discontinuity = false // nothing comes before it
	e.m.Type, e.m.Ended = "VOD", true
	// Up to what a playlist can tell: what is rounded down is the picture before.
	const step = 10 * time.Microsecond
	start := v.from() - media.Duration(first.Start, first.Timescale)
	for _, gap := range rows[:first.Number-rows[0].Number] {
		start += media.Duration(gap.Duration, gap.Timescale)
	}
	e.m.Start = (max(start, 0) + step - 1).Truncate(step)
	return packager.NewText(e.m.AppendTo(nil)), nil
}
