package testkit

import (
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"
)

// Measured is what the media of one rendition turned out to be.
type Measured struct {
	Init    *InitSection // what is compared: the newest
	First   *InitSection
	Frames  int
	Length  time.Duration
	Bytes   int64
	lengths []time.Duration // of segments
	sizes   []int64
}

// Add counts a segment that lasts as long as its EXTINF says.
func (m *Measured) Add(init *InitSection, list []Fragment, length time.Duration, bytes int) {
	m.Init = init
	if m.First == nil {
		m.First = init
	}
	for i := range list {
		m.Frames += list[i].Samples
	}
	m.Length += length
	m.Bytes += int64(bytes)
	m.lengths, m.sizes = append(m.lengths, length), append(m.sizes, int64(bytes))
}

// Peak is the largest bit rate of segments in a row that last between half and
// one and a half target durations (RFC 8216bis 4.1); 0 when there are none.
func (m *Measured) Peak(target time.Duration) (peak int64) {
	for from := range m.lengths {
		var length time.Duration
		var size int64
		for i := from; i < len(m.lengths); i++ {
			length += m.lengths[i]
			size += m.sizes[i]
			if length > target*3/2 {
				break
			}
			if length >= target/2 {
				peak = max(peak, int64(float64(size*8)/length.Seconds()))
			}
		}
	}
	return peak
}

// CheckPromises compares what a multivariant playlist says with what the media
// are, by the URI of their playlists; renditions that were not measured are
// passed over. bandwidth says whether rates are to be compared too: a live
// list knows only what has come so far.
func (m *Multivariant) CheckPromises(measured map[string]*Measured, target time.Duration, bandwidth bool) error {
	var errs []error
	fail := func(format string, args ...any) { errs = append(errs, fmt.Errorf(format, args...)) }
	var sound *Measured // with the highest rate
	for _, a := range m.Audio {
		is := measured[a.URI]
		if is == nil || is.Init == nil {
			continue
		}
		if is.Init.Video {
			fail("%s: an audio rendition with pictures", a.URI)
		}
		if a.Channels != "" && a.Channels != strconv.Itoa(is.Init.Channels) {
			fail("%s: CHANNELS %q, the media have %d", a.URI, a.Channels, is.Init.Channels)
		}
		if sound == nil || is.Peak(target) > sound.Peak(target) {
			sound = is
		}
	}
	for _, v := range m.Variants {
		is := measured[v.URI]
		if is == nil || is.Init == nil {
			continue
		}
		codecs := strings.Split(v.Codecs, ",")
		if !tellsCodec(codecs, is.Init.Codec) {
			fail("%s: CODECS %q, the media are %s", v.URI, v.Codecs, is.Init.Codec)
		}
		if v.Audio != "" && sound != nil && !tellsCodec(codecs, sound.Init.Codec) {
			fail("%s: CODECS %q, the sound is %s", v.URI, v.Codecs, sound.Init.Codec)
		}
		if is.Init.Video {
			if int(v.Width) != is.Init.Width || int(v.Height) != is.Init.Height {
				fail("%s: RESOLUTION %dx%d, the media have %dx%d", v.URI, v.Width, v.Height, is.Init.Width, is.Init.Height)
			}
			checkFrameRate(v, is, fail)
		}
		if bandwidth {
			checkBandwidth(v, is, sound, target, fail)
		}
	}
	return errors.Join(errs...)
}

// tellsCodec reports whether one of the codecs is that one, or says more of it.
func tellsCodec(codecs []string, is string) bool {
	for _, c := range codecs {
		if len(c) >= len(is) && strings.EqualFold(c[:len(is)], is) {
			return true
		}
	}
	return false
}

// checkFrameRate allows for what cannot be known at the start; the length of
// less than a second says nothing.
func checkFrameRate(v Variant, is *Measured, fail func(string, ...any)) {
	if v.FrameRate == 0 || is.Length < time.Second {
		return
	}
	const slack = 0.03 // of it
	rate := float64(is.Frames) / is.Length.Seconds()
	if rate > v.FrameRate*(1+slack) || rate < v.FrameRate*(1-slack) {
		fail("%s: FRAME-RATE %.3f, the media have %.3f", v.URI, v.FrameRate, rate)
	}
}

// checkBandwidth: BANDWIDTH is an upper bound of the peak (4.4.6.2), that of
// the sound included, and no more than somewhat above it; the average is one.
func checkBandwidth(v Variant, is, sound *Measured, target time.Duration, fail func(string, ...any)) {
	peak, bytes := is.Peak(target), is.Bytes
	if v.Audio != "" && sound != nil {
		peak += sound.Peak(target)
		bytes += sound.Bytes
	}
	if peak > v.Bandwidth {
		fail("%s: BANDWIDTH %d, the media reach %d", v.URI, v.Bandwidth, peak)
	}
	if v.AverageBandwidth <= 0 || is.Length < target {
		return
	}
	const slack = 0.1
	mean := float64(bytes*8) / is.Length.Seconds()
	if average := float64(v.AverageBandwidth); mean > average*(1+slack) || mean < average*(1-slack) {
		fail("%s: AVERAGE-BANDWIDTH %d, the media have %.0f", v.URI, v.AverageBandwidth, mean)
	}
}
