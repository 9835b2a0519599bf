package flv

import (
	"math"
	"strconv"
	"strings"
	"unicode"

	"github.com/rostrumlive/rostrum/internal/media"
)

// metadata is what onMetaData said that the coded media may not say.
type metadata struct {
	width, height      int
	rate               media.Rate
	videoBps, audioBps int
}

// fill completes a track that no unit has used yet: what its headers tell
// goes first.
func (m *metadata) fill(t *media.Track) {
	if t.Kind() == media.Audio {
		t.Bitrate = m.audioBps
		return
	}
	t.Bitrate = m.videoBps
	if !t.FrameRate.Known() {
		t.FrameRate = m.rate
	}
	if t.Width == 0 || t.Height == 0 {
		t.Width, t.Height = m.width, m.height
	}
}

// scriptTag reads a script tag (Adobe FLV 10.1, E.4.4): a name and its
// argument, in RTMP behind "@setDataFrame". Of names only onMetaData matters;
// what an encoder puts behind other ones need not be AMF at all.
func (d *Demuxer) scriptTag(e *Event, body []byte) error {
	r := amfReader{b: body}
	name, err := r.value(0)
	if err == nil && name == "@setDataFrame" {
		name, err = r.value(0)
	}
	if err != nil {
		return err
	}
	switch name {
	case "additionalHeader", "additionalMedia": // OBS: the audio of the archive
		if d.first(causeArchiveAudio) {
			e.Notice = media.Notice{Code: media.VODTrackNotCarried, Kind: media.Audio}
		}
		return nil
	case "onMetaData":
	default:
		return nil
	}
	// Of data that breaks off, what came before is used.
	args, err := r.value(0)
	if o := properties(args); o != nil {
		d.readMetadata(e, o)
		name, _ := o.Get("encoder").(string)
		e.Encoder = Printable(name)
	}
	return err
}

func (d *Demuxer) readMetadata(e *Event, o Object) {
	const maxSide, maxKbps = 1 << 15, 1e6
	d.metadata = metadata{
		width:    int(number(o.Get("width"), maxSide)),
		height:   int(number(o.Get("height"), maxSide)),
		rate:     media.RateFromFloat(number(o.Get("framerate"), math.MaxInt32)),
		videoBps: int(number(o.Get("videodatarate"), maxKbps) * 1000),
		audioBps: int(number(o.Get("audiodatarate"), maxKbps) * 1000),
	}
	if !d.video.sent && d.video.track != nil {
		d.metadata.fill(d.video.track)
	}
	if !d.audio.sent && d.audio.track != nil {
		d.metadata.fill(d.audio.track)
	}
	if codec := o.Get("videocodecid"); carried(codec, media.Video) || codec == nil && d.metadata.width > 0 {
		d.expect(e, media.Video)
	}
	if codec := o.Get("audiocodecid"); carried(codec, media.Audio) || codec == nil && number(o.Get("audiosamplerate"), math.MaxInt32) > 0 {
		d.expect(e, media.Audio)
	}
}

// maxWords bounds the characters that are kept of a stranger's words.
const maxWords = 128

// Printable keeps of a stranger's words what can stand in a log or on a page.
func Printable(s string) string {
	n := 0
	return strings.Map(func(r rune) rune {
		if n == maxWords || r == unicode.ReplacementChar || !unicode.IsPrint(r) {
			return -1
		}
		n++
		return r
	}, s)
}

// number reads a value that should be a positive number up to limit, also as
// text; 0 when it is not.
func number(v any, limit float64) float64 {
	f, _ := v.(float64)
	if s, ok := v.(string); ok {
		f, _ = strconv.ParseFloat(strings.TrimSpace(s), 64)
	}
	if f > 0 && f <= limit {
		return f
	}
	return 0
}

// carried reports whether a codec id of onMetaData is one that becomes a track
// of kind k: a legacy number, a FourCC as number, or a FourCC as text.
func carried(v any, k media.Kind) bool {
	if s, ok := v.(string); ok && len(s) == 4 {
		return makeFourCC(s).codec().Kind() == k
	}
	id := number(v, math.MaxUint32)
	if k == media.Video && (id == 7 || id == 12) || k == media.Audio && id == 10 {
		return true
	}
	return fourCC(id).codec().Kind() == k
}
