package fmp4

import (
	"math"

	"github.com/rostrumlive/rostrum/internal/media"
)

// entryNames are the sample entries (the four characters that begin the
// CODECS attribute) that we write. hvc1 because Apple's players refuse hev1.
var entryNames = [...]string{
	media.H264: "avc1",
	media.H265: "hvc1",
	media.AV1:  "av01",
	media.AAC:  "mp4a",
	media.Opus: "Opus",
}

// configNames are the boxes in them that hold Track.Config.
var configNames = [...]string{
	media.H264: "avcC",
	media.H265: "hvcC",
	media.AV1:  "av1C",
	media.AAC:  "esds",
	media.Opus: "dOps",
}

func (w *writer) sampleEntry(t *media.Track) {
	entry := w.open(entryNames[t.Codec])
	w.zeros(6) // reserved
	w.u16(1)   // data reference
	if t.Kind() == media.Video {
		w.visualFields(t)
	} else {
		w.audioFields(t)
	}
	if t.Codec == media.AAC {
		w.esds(t)
	} else {
		config := w.open(configNames[t.Codec])
		w.bytes(t.Config)
		w.close(config)
	}
	w.colour(&t.Colour)
	w.close(entry)
}

// Bytes of a sample entry's fields before its first box.
const (
	visualEntryBytes = 78 // ISO/IEC 14496-12 12.1.3.2
	audioEntryBytes  = 28 // 12.2.3.2
)

func (w *writer) visualFields(t *media.Track) {
	w.zeros(16) // predefined, reserved
	w.u16(uint16(t.Width))
	w.u16(uint16(t.Height))
	w.words(72<<16, 72<<16, 0) // dots an inch, which nobody uses; reserved
	w.u16(1)                   // frames a sample
	w.zeros(32)                // compressor's name
	w.u16(0x18)                // depth: colour without alpha
	w.u16(math.MaxUint16)      // predefined: -1
}

func (w *writer) audioFields(t *media.Track) {
	w.zeros(8) // reserved
	w.u16(uint16(t.Channels))
	w.u16(16) // bits a sample, by 12.2.3.2 whatever the coding
	w.zeros(4)
	rate := t.SampleRate
	if rate < 0 || rate > math.MaxUint16 {
		rate = 0 // does not fit in 16.16; players read the configuration
	}
	w.u32(uint32(rate) << 16)
}
