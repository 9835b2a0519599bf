package mpegts

import (
	"bytes"
	"fmt"

	"github.com/rostrumlive/rostrum/internal/media"
)

const (
	// maxSection is what a section of PAT and PMT may have (2.4.4.5).
	maxSection = 1024
	// sectionHead and sectionCRC stand around what a section tells.
	sectionHead = 8
	sectionCRC  = 4
)

// section puts the sections of one PID together (2.4.4).
type section struct {
	continuity
	buf  []byte
	open bool
}

func (s *section) drop() { s.open, s.buf = false, s.buf[:0] }

// push takes a packet's payload and calls use for each section that is whole
// and sound.
func (s *section) push(p []byte, start bool, use func([]byte)) {
	if start {
		pointer := int(p[0])
		if p = p[1:]; pointer > len(p) {
			s.drop()
			return
		}
		if s.open {
			s.buf = append(s.buf, p[:pointer]...)
			s.drain(use)
		}
		p = p[pointer:]
		s.open, s.buf = true, s.buf[:0]
	}
	if !s.open {
		return
	}
	s.buf = append(s.buf, p...)
	s.drain(use)
}

func (s *section) drain(use func([]byte)) {
	const stuffing, lengthEnd = 0xff, 3
	for len(s.buf) >= lengthEnd {
		n := lengthEnd + (int(s.buf[1]&0x0f)<<8 | int(s.buf[2]))
		if s.buf[0] == stuffing || n > maxSection {
			s.drop()
			return
		}
		if n > len(s.buf) {
			return
		}
		if whole := s.buf[:n]; n >= sectionHead+sectionCRC && s.buf[1]&0x80 != 0 && s.buf[5]&1 != 0 && crc32(whole) == 0 {
			use(whole)
		}
		s.buf = s.buf[:copy(s.buf, s.buf[n:])]
	}
}

// readPAT follows the first program of the table (2.4.4.3).
func (d *Demuxer) readPAT(s []byte) {
	if s[0] != tablePAT || s[6] != 0 {
		return
	}
	const entry = 4
	for b := s[sectionHead : len(s)-sectionCRC]; len(b) >= entry; b = b[entry:] {
		program := uint16(b[0])<<8 | uint16(b[1])
		pid := uint16(b[2]&0x1f)<<8 | uint16(b[3])
		if program == 0 || pid == pidPAT || pid == pidNull { // 0: the network's own table
			continue
		}
		if program != d.program || pid != d.pmtPID {
			d.program, d.pmtPID, d.pmt = program, pid, section{}
		}
		return
	}
}

// readPMT follows the first picture and the first sound of the program
// (2.4.4.8). One that is where it was goes on.
func (d *Demuxer) readPMT(s []byte) {
	const head = 4 // PCR PID, length of the program's descriptors
	b := s[sectionHead : len(s)-sectionCRC]
	if s[0] != tablePMT || uint16(s[3])<<8|uint16(s[4]) != d.program || len(b) < head {
		return
	}
	d.pcrPID = uint16(b[0]&0x1f)<<8 | uint16(b[1])
	info := int(b[2]&0x0f)<<8 | int(b[3])
	if info > len(b)-head {
		return
	}
	b = b[head+info:]
	var video, audio *elementary
	kinds := []byte{}
	const entry = 5
	for len(b) >= entry {
		kind, pid := b[0], uint16(b[1]&0x1f)<<8|uint16(b[2])
		n := int(b[3]&0x0f)<<8 | int(b[4])
		if n > len(b)-entry {
			return
		}
		descriptors := b[entry : entry+n]
		b = b[entry+n:]
		e := newElementary(kind, pid, descriptors)
		switch {
		case e == nil:
			kinds = append(kinds, kind)
		case e.codec.Kind() == media.Video && video == nil:
			video = e
		case e.codec.Kind() == media.Audio && audio == nil:
			audio = e
		}
	}
	if video == nil && audio == nil && len(kinds) > 0 {
		d.refuse(fmt.Errorf("program with nothing but stream types %#x: %w", kinds, media.ErrUnsupported))
	}
	d.video, d.audio = d.succeed(d.video, video), d.succeed(d.audio, audio)
}

// succeed returns the stream that goes on: the old one where nothing changed.
func (d *Demuxer) succeed(old, told *elementary) *elementary {
	if old != nil && told != nil && old.pid == told.pid && old.codec == told.codec && old.layout == told.layout {
		return old
	}
	d.finish(old)
	return told
}

// newElementary makes a stream of a PMT's entry, nil when we know none such.
func newElementary(kind byte, pid uint16, descriptors []byte) *elementary {
	e := &elementary{pid: pid, most: maxSound}
	switch kind {
	case typeAVC, typeHEVC:
		e.codec, e.most = media.H264, maxPicture
		if kind == typeHEVC {
			e.codec = media.H265
		}
		e.sets = media.NewParameterSets(e.codec)
	case typeADTS:
		e.codec = media.AAC
	case typePrivate:
		if e.layout = opusLayout(descriptors); e.layout == 0 {
			return nil
		}
		e.codec = media.Opus
	default:
		return nil
	}
	return e
}

// opusLayout finds the channel configuration code of a stream that is
// registered as Opus, 0 when it is none.
func opusLayout(descriptors []byte) (code byte) {
	opus := false
	for len(descriptors) >= 2 {
		tag, n := descriptors[0], int(descriptors[1])
		if n > len(descriptors)-2 {
			return 0
		}
		body := descriptors[2 : 2+n]
		descriptors = descriptors[2+n:]
		switch {
		case tag == tagRegistration && bytes.HasPrefix(body, []byte(formatOpus)):
			opus = true
		case tag == tagExtension && n >= 2 && body[0] == extensionOpus:
			code = body[1]
		}
	}
	if !opus {
		return 0
	}
	return code
}
