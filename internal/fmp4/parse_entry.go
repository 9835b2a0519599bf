package fmp4

import (
	"fmt"
	"math"
	"slices"

	"github.com/rostrumlive/rostrum/internal/media"
)

// parseEntry reads a sample entry.
func parseEntry(entry box) (*media.Track, error) {
	codec, err := codecOf(entry.name)
	if err != nil {
		return nil, err
	}
	fields := visualEntryBytes
	if codec.Kind() == media.Audio {
		fields = audioEntryBytes
	}
	r := reader{b: entry.body}
	f := reader{b: r.take(fields)}
	if r.short {
		return nil, fmt.Errorf("%w: short %s sample entry", ErrMalformed, entry.name)
	}
	config, err := find(r.b, configNames[codec])
	if err != nil {
		return nil, err
	}
	var bitrate uint32
	if codec == media.AAC {
		e := reader{b: config}
		e.fullHeader()
		if config, bitrate, err = readESDS(e.b); err != nil {
			return nil, err
		}
	}
	t, err := parseConfig(codec, config)
	if err != nil {
		return nil, err
	}
	t.Bitrate = int(min(bitrate, math.MaxInt32))
	if codec.Kind() == media.Video {
		f.skip(8 + 16) // to visualFields' size
		t.Width, t.Height = int(f.u16()), int(f.u16())
		readColour(r.b, &t.Colour)
	}
	return t, nil
}

// codecOf also knows the entries with parameter sets in band, which others
// write.
func codecOf(entry string) (media.Codec, error) {
	switch entry {
	case "avc1", "avc3":
		return media.H264, nil
	case "hvc1", "hev1":
		return media.H265, nil
	case "av01":
		return media.AV1, nil
	case "mp4a":
		return media.AAC, nil
	case "Opus":
		return media.Opus, nil
	}
	return 0, fmt.Errorf("unknown sample entry %q", entry)
}

// parseConfig makes a track of a decoder configuration, and keeps that as it
// is, where media's parsers may write it anew.
func parseConfig(codec media.Codec, config []byte) (t *media.Track, err error) {
	lengths := 4
	switch codec {
	case media.H264:
		lengths = media.AVCLengthSize(config)
		t, err = media.ParseAVCConfig(config)
	case media.H265:
		lengths = media.HEVCLengthSize(config)
		t, err = media.ParseHEVCConfig(config)
	case media.AV1:
		t, err = media.ParseAV1Config(config)
	case media.AAC:
		t, err = media.ParseAAC(config)
	case media.Opus:
		t, err = parseDOps(config)
	}
	if err != nil {
		return nil, err
	}
	if lengths != 4 {
		return nil, fmt.Errorf("%v with NAL unit lengths of %d bytes, not 4", codec, lengths)
	}
	t.Config = slices.Clone(config)
	return t, nil
}

// parseDOps reads the body of dOps (Opus in ISOBMFF 4.3.2).
func parseDOps(config []byte) (*media.Track, error) {
	const fixed, clock, usualFrame = 11, 48000, 960
	if len(config) < fixed || config[1] == 0 {
		return nil, fmt.Errorf("%w: dOps of %d bytes", ErrMalformed, len(config))
	}
	return &media.Track{
		Codec: media.Opus, Codecs: "opus",
		SampleRate: clock, Channels: int(config[1]), SamplesPerFrame: usualFrame,
	}, nil
}
