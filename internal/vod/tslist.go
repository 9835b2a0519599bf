package vod

import (
	"context"
	"strings"

	"github.com/rostrumlive/rostrum/internal/manifest"
	"github.com/rostrumlive/rostrum/internal/media"
	"github.com/rostrumlive/rostrum/internal/packager"
	"github.com/rostrumlive/rostrum/internal/store"
)

// tsLister lists a rendition's segments as MPEG-TS, those of a picture with
// the sound of the same number.
type tsLister struct {
	l         *Library
	broadcast string
	growing   bool
	rendition string
	folder    string         // of the broadcast's media, relative to the list
	sound     string         // the sound's rendition, "" when there is none
	heard     map[int64]bool // the numbers under which it has media
}

// tsLister finds the sound that goes with a rendition, by the rule of lists of
// what is on air: AAC before all else. It is errUncarried when the rendition
// is of no codec that MPEG-TS has.
func (l *Library) tsLister(ctx context.Context, b store.Broadcast, rendition, folder string) (*tsLister, error) {
	renditions, err := l.opts.DB.Renditions(ctx, b.ID)
	if err != nil {
		return nil, err
	}
	t := &tsLister{l: l, broadcast: b.ID, growing: !over(b), rendition: rendition, folder: folder}
	const aac, opus, avc, hevc = "mp4a.", "opus", "avc1.", "hvc1."
	video, best := false, false
	for _, r := range renditions {
		is := func(codec string) bool { return strings.HasPrefix(r.Codecs, codec) }
		if r.Name == rendition {
			if !is(aac) && !is(opus) && !is(avc) && !is(hevc) {
				return nil, errUncarried
			}
			video = r.Kind == media.Video.String()
		}
		if r.Kind == media.Audio.String() && (is(aac) && !best || is(opus) && t.sound == "") {
			t.sound, best = r.Name, is(aac)
		}
	}
	if !video {
		t.sound = ""
	}
	return t, nil
}

// hear looks under which of the numbers the sound has media. While the
// broadcast may go on it leaves out those of which that is not known yet.
func (t *tsLister) hear(ctx context.Context, rows []store.Segment) ([]store.Segment, error) {
	t.heard = map[int64]bool{}
	if t.sound == "" || len(rows) == 0 {
		return rows, nil
	}
	sounds, err := t.l.opts.DB.Segments(ctx, t.broadcast, t.sound, rows[0].Number, len(rows))
	if err != nil {
		return nil, err
	}
	newest := int64(-1)
	for i := range sounds {
		t.heard[sounds[i].Number] = !sounds[i].Gap
		newest = sounds[i].Number
	}
	for t.growing && len(rows) > 0 && rows[len(rows)-1].Number > newest {
		rows = rows[:len(rows)-1]
	}
	return rows, nil
}

// entry fills in where a number's media is.
func (t *tsLister) entry(entry *manifest.Segment, row *store.Segment) {
	rendition, sound := t.rendition, ""
	if t.heard[row.Number] {
		sound = t.sound
	}
	if row.Gap && sound != "" {
		rendition, sound, entry.Gap = sound, "", false
	}
	entry.URI = packager.TSAddress(t.folder, rendition, sound, row.Number)
}
