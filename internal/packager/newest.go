package packager

import (
	"time"

	"github.com/rostrumlive/rostrum/internal/media"
)

// Newest returns where on the media time the newest part lies that players can
// have, of pictures where there are some. It is 0 before the first.
func (p *Packager) Newest() time.Duration {
	var of *Window
	for _, w := range p.Windows() {
		if of == nil || of.Kind != media.Video && w.Kind == media.Video {
			of = w
		}
	}
	if of == nil {
		return 0
	}
	sn := of.snap.Load()
	if s := sn.open; s != nil && s.Init != nil && len(sn.parts) > 0 {
		at := s.Start
		for i := range sn.parts {
			at += sn.parts[i].Duration
		}
		return media.Duration(at, s.Init.Track.Timescale)
	}
	for i := len(sn.complete) - 1; i >= 0; i-- {
		if s := sn.complete[i]; !s.Gap {
			return media.Duration(s.Start+s.Ticks, s.Init.Track.Timescale)
		}
	}
	return 0
}
