package manifest

import "strconv"

// Multivariant is a multivariant playlist (RFC 8216bis 4.4.6): the renditions
// that a player may choose from.
type Multivariant struct {
	// Version is EXT-X-VERSION. 0 is that of playlists with EXT-X-MAP, which
	// the media playlists have: a player too old for them can say so at once.
	Version             int
	IndependentSegments bool // true of every media playlist
	Variants            []Variant
	Audio               []AudioRendition
}

// Variant is one quality of the picture, or of the sound when there is no
// picture.
type Variant struct {
	URI              string  // of its media playlist
	Bandwidth        int     // bits a second at the peak, of picture and sound together
	AverageBandwidth int     // bits a second; 0: not written
	Codecs           string  // RFC 6381, of picture and sound together; "": not written
	Width, Height    int     // pixels; 0: not written
	FrameRate        float64 // 0: not written
	VideoRange       string  // SDR, HLG or PQ; "": not written
	AudioGroup       string  // the Group of AudioRenditions to play with it; "": none
}

// AudioRendition is sound that comes in a playlist of its own.
type AudioRendition struct {
	Group, Name string
	Language    string // BCP 47; "": not written
	URI         string // of its media playlist; "": in the variant's own
	Channels    int    // 0: not written
	Default     bool   // played unless somebody chooses another
}

// AppendTo appends the playlist's text and returns the extended slice. It
// changes nothing in m.
func (m *Multivariant) AppendTo(dst []byte) []byte {
	w := writer{b: dst}
	version := m.Version
	if version == 0 {
		version = versionMap
	}
	w.text("#EXTM3U\n#EXT-X-VERSION:")
	w.integer(int64(version))
	w.text("\n")
	if m.IndependentSegments {
		w.text("#EXT-X-INDEPENDENT-SEGMENTS\n")
	}
	for i := range m.Audio {
		m.Audio[i].write(&w)
	}
	for i := range m.Variants {
		m.Variants[i].write(&w)
	}
	return w.b
}

func (a *AudioRendition) write(w *writer) {
	w.text("#EXT-X-MEDIA:TYPE=AUDIO,GROUP-ID=")
	w.quoted(a.Group)
	w.text(",NAME=")
	w.quoted(a.Name)
	if a.Language != "" {
		w.text(",LANGUAGE=")
		w.quoted(a.Language)
	}
	if a.Default {
		w.text(",DEFAULT=YES")
	}
	w.text(",AUTOSELECT=YES")
	if a.Channels > 0 {
		w.text(`,CHANNELS="`)
		w.integer(int64(a.Channels))
		w.text(`"`)
	}
	if a.URI != "" {
		w.text(",URI=")
		w.uri(a.URI)
	}
	w.text("\n")
}

func (v *Variant) write(w *writer) {
	w.text("#EXT-X-STREAM-INF:BANDWIDTH=")
	w.integer(int64(v.Bandwidth))
	if v.AverageBandwidth > 0 {
		w.text(",AVERAGE-BANDWIDTH=")
		w.integer(int64(v.AverageBandwidth))
	}
	if v.Codecs != "" {
		w.text(",CODECS=")
		w.quoted(v.Codecs)
	}
	if v.Width > 0 && v.Height > 0 {
		w.text(",RESOLUTION=")
		w.integer(int64(v.Width))
		w.text("x")
		w.integer(int64(v.Height))
	}
	if v.FrameRate > 0 {
		w.text(",FRAME-RATE=")
		w.b = strconv.AppendFloat(w.b, v.FrameRate, 'f', 3, 64)
	}
	if v.VideoRange != "" {
		w.text(",VIDEO-RANGE=")
		w.text(v.VideoRange)
	}
	if v.AudioGroup != "" {
		w.text(",AUDIO=")
		w.quoted(v.AudioGroup)
	}
	w.text("\n")
	w.line(v.URI)
}
