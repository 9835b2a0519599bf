package fmp4

import (
	"fmt"

	"github.com/rostrumlive/rostrum/internal/media"
)

// Descriptor tags (ISO/IEC 14496-1 7.2.2.1) and values for AAC.
const (
	tagES            = 3
	tagDecoderConfig = 4
	tagDecoderInfo   = 5
	tagSLConfig      = 6

	objectAAC   = 0x40     // Audio ISO/IEC 14496-3
	streamAudio = 5<<2 | 1 // stream type audio, reserved bit
	slMP4       = 2        // "reserved for use in MP4 files"
	esHeader    = 3        // bytes of ES_Descriptor before its descriptors
	decHeader   = 13       // bytes of DecoderConfigDescriptor before its own
	tagBytes    = 1 + 4    // tag, and the size in the long form
)

// esds writes ISO/IEC 14496-14 5.6's box. Sizes take their four-byte form, as
// QuickTime writes them and so every reader knows.
func (w *writer) esds(t *media.Track) {
	bitrate := uint32(max(t.Bitrate, 0))
	info := tagBytes + len(t.Config)
	decoder := tagBytes + decHeader + info

	box := w.openFull("esds", 0, 0)
	w.descriptor(tagES, esHeader+decoder+tagBytes+1)
	w.u16(0) // ES_ID: 0 in a file (14496-14 4.1.2)
	w.u8(0)  // flags
	w.descriptor(tagDecoderConfig, decHeader+info)
	w.u8(objectAAC)
	w.u8(streamAudio)
	w.zeros(3) // bufferSizeDB
	w.words(bitrate, bitrate)
	w.descriptor(tagDecoderInfo, len(t.Config))
	w.bytes(t.Config)
	w.descriptor(tagSLConfig, 1)
	w.u8(slMP4)
	w.close(box)
}

func (w *writer) descriptor(tag uint8, size int) {
	w.u8(tag)
	for shift := 21; shift > 0; shift -= 7 {
		w.u8(0x80 | uint8(size>>shift))
	}
	w.u8(uint8(size) & 0x7f)
}

// readESDS returns the AudioSpecificConfig and the average bitrate of an
// esds' body, which follows the version and flags.
func readESDS(b []byte) (config []byte, bitrate uint32, err error) {
	es, err := findDescriptor(b, tagES)
	if err != nil {
		return nil, 0, err
	}
	if es, err = skipESHeader(es); err != nil {
		return nil, 0, err
	}
	dec, err := findDescriptor(es, tagDecoderConfig)
	if err != nil {
		return nil, 0, err
	}
	r := reader{b: dec}
	object := r.u8()
	r.skip(1 + 3 + 4) // stream type, buffer, peak
	bitrate = r.u32()
	if r.short {
		return nil, 0, fmt.Errorf("%w: short decoder descriptor", ErrMalformed)
	}
	if object != objectAAC {
		return nil, 0, fmt.Errorf("unknown mp4a object type %#x", object)
	}
	config, err = findDescriptor(r.b, tagDecoderInfo)
	return config, bitrate, err
}

// skipESHeader steps over ES_Descriptor's fields, three of which may not be
// there (ISO/IEC 14496-1 7.2.6.5.1).
func skipESHeader(b []byte) ([]byte, error) {
	const dependsOn, url, ocr = 0x80, 0x40, 0x20
	r := reader{b: b}
	r.skip(2)
	flags := r.u8()
	if flags&dependsOn != 0 {
		r.skip(2)
	}
	if flags&url != 0 {
		r.skip(int(r.u8()))
	}
	if flags&ocr != 0 {
		r.skip(2)
	}
	if r.short {
		return nil, fmt.Errorf("%w: short elementary stream descriptor", ErrMalformed)
	}
	return r.b, nil
}

// findDescriptor returns the body of the first descriptor of that tag.
func findDescriptor(b []byte, tag uint8) ([]byte, error) {
	r := reader{b: b}
	for len(r.b) > 0 {
		got := r.u8()
		size := 0
		for range 4 { // at most four bytes (14496-1 8.3.3)
			c := r.u8()
			size = size<<7 | int(c&0x7f)
			if c&0x80 == 0 {
				break
			}
		}
		body := r.take(size)
		if r.short {
			break
		}
		if got == tag {
			return body, nil
		}
	}
	return nil, fmt.Errorf("%w: no descriptor %d", ErrMalformed, tag)
}
