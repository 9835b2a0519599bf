package packager

import (
	"sync"
	"time"

	"github.com/rostrumlive/rostrum/internal/manifest"
	"github.com/rostrumlive/rostrum/internal/media"
)

const audioGroup = "audio"

// multivariant keeps the rendered multivariant playlists for as long as what
// they say holds.
type multivariant struct {
	mu    sync.Mutex
	state multiState
	texts [kinds]*Text
}

// multiState is what a multivariant playlist depends on.
type multiState struct {
	windows int
	newest  int64 // segments so far, over all windows: the bandwidth is read from them
	tracks  [8]*media.Track
}

// multivariantText returns the playlist of a kind, nil when there is nothing
// that it could list.
func (p *Packager) multivariantText(k Kind) *Text {
	windows := p.Windows()
	state := multiState{windows: len(windows)}
	for i, w := range windows {
		state.newest += w.snap.Load().segments()
		if i < len(state.tracks) {
			state.tracks[i] = w.Track()
		}
	}
	m := &p.multi
	m.mu.Lock()
	defer m.mu.Unlock()
	if state != m.state {
		m.state, m.texts = state, [kinds]*Text{}
	}
	if m.texts[k] == nil {
		list := p.tsMultivariant()
		if k != TS {
			list = Multivariant(p.Describe(k))
		}
		if list == nil {
			return nil
		}
		m.texts[k] = NewText(list.AppendTo(nil))
	}
	return m.texts[k]
}

// playlistURI is the address of a media playlist, relative to the
// multivariant playlist's.
func (p *Packager) playlistURI(w *Window, k Kind) string {
	uri := p.Broadcast() + "/" + folders[k] + w.Name + ".m3u8"
	if k == TS { // whose multivariant playlist lies in a folder of its own
		return "../" + uri
	}
	return uri
}

// Description is what a multivariant playlist says of a rendition.
type Description struct {
	URI           string // of its playlist, relative to the multivariant's
	Name          string
	Kind          media.Kind
	Codecs        string
	Width, Height int
	FrameRate     media.Rate
	Transfer      uint8 // code point of ITU-T H.273, 0: not told
	Channels      int
	SampleRate    int // Hz
	Peak, Mean    int // bits a second
}

// Describe tells of the renditions that are on air, with the addresses of
// their playlists of one kind.
func (p *Packager) Describe(k Kind) []Description {
	var list []Description
	for _, w := range p.Windows() {
		t := w.Track()
		if t == nil {
			continue
		}
		d := describe(w, t)
		d.URI = p.playlistURI(w, k)
		list = append(list, d)
	}
	return list
}

// describe tells of a rendition while it is of a track.
func describe(w *Window, t *media.Track) Description {
	d := Description{
		Name: w.Name, Kind: w.Kind, Codecs: t.Codecs,
		Width: t.Width, Height: t.Height, Transfer: t.Colour.Transfer, Channels: t.Channels, SampleRate: t.SampleRate,
	}
	if plausible(t.FrameRate) {
		d.FrameRate = t.FrameRate
	}
	d.Peak, d.Mean = w.Bandwidth()
	return d
}

// Multivariant makes the playlist of a broadcast with these renditions: every
// picture with the group of sounds, or the sounds alone when there is no
// picture.
func Multivariant(renditions []Description) *manifest.Multivariant {
	m := &manifest.Multivariant{}
	var pictures []Description
	var sound Description
	for _, d := range renditions {
		if d.Kind == media.Video {
			pictures = append(pictures, d)
			continue
		}
		m.Audio = append(m.Audio, manifest.AudioRendition{
			Group: audioGroup, Name: d.Name, URI: d.URI, Channels: d.Channels, Default: len(m.Audio) == 0,
		})
		if sound.Codecs == "" {
			sound.Codecs = d.Codecs
		}
		sound.Peak, sound.Mean = max(sound.Peak, d.Peak), max(sound.Mean, d.Mean)
	}
	if len(pictures) == 0 {
		m.Audio = nil
		for _, d := range renditions {
			m.Variants = append(m.Variants, manifest.Variant{
				URI: d.URI, Bandwidth: d.Peak, AverageBandwidth: d.Mean, Codecs: d.Codecs,
			})
		}
		return m
	}
	for _, d := range pictures {
		v := manifest.Variant{
			URI: d.URI, Bandwidth: d.Peak + sound.Peak, AverageBandwidth: d.Mean + sound.Mean, Codecs: d.Codecs,
			Width: d.Width, Height: d.Height, FrameRate: d.FrameRate.Float(), VideoRange: videoRange(d.Transfer),
		}
		if sound.Codecs != "" {
			v.AudioGroup, v.Codecs = audioGroup, d.Codecs+","+sound.Codecs
		}
		m.Variants = append(m.Variants, v)
	}
	return m
}

// videoRange is the value of VIDEO-RANGE (RFC 8216bis 4.4.6.2) for a transfer
// function. Of one that the attribute does not know nothing is said.
func videoRange(transfer uint8) string {
	switch transfer {
	case media.TransferPQ:
		return "PQ"
	case media.TransferHLG:
		return "HLG"
	case 1, 6, 13, 14, 15: // BT.709, BT.601, sRGB, and BT.2020 of 10 and 12 bits
		return "SDR"
	}
	return ""
}

// Bandwidth returns bits a second over the segments in memory: those of the
// fullest and the mean; as the encoder announced while no segment is complete.
func (w *Window) Bandwidth() (peak, mean int) {
	t := w.Track()
	if t == nil {
		return 0, 0
	}
	s := w.snap.Load()
	var size int64
	var length time.Duration
	for i, seg := range s.complete {
		if seg.Gap || seg.Duration <= 0 {
			continue
		}
		size += seg.Size
		length += seg.Duration
		// A short segment that is mostly one key frame says little: it counts
		// only while there is no other.
		full := seg.Duration >= w.packager.opts.Segment/2
		if full || i == len(s.complete)-1 && peak == 0 {
			peak = max(peak, bitrate(seg.Size, seg.Duration))
		}
	}
	if length > 0 {
		mean = bitrate(size, length)
	}
	return max(peak, mean, t.Bitrate, 1), max(mean, min(t.Bitrate, peak), 1)
}

// bitrate is bits a second, rounded up: BANDWIDTH is a bound. The length is
// positive.
func bitrate(size int64, length time.Duration) int {
	const most = 1 << 40 // bits: keeps the product below within an int64
	bits, us := min(8*size, most), max(1, length.Microseconds())
	return int((bits*1_000_000 + us - 1) / us)
}
