package doctor

import "github.com/rostrumlive/rostrum/internal/media"

// Syntactic elements of a raw data block (ISO/IEC 14496-3 table 4.85).
const (
	elementSingle = 0
	elementPair   = 1
	elementLFE    = 3
	elementData   = 4
	elementFill   = 6
	elementEnd    = 7
)

const (
	// bookZero is the codebook of a section without spectrum (14496-3 table 4.150).
	bookZero = 0
	// tinyOpus is a packet of Opus that holds no sound: a code and a byte or two,
	// as of DTX (RFC 6716 2.1.9).
	tinyOpus = 3
)

// silent reports whether a frame holds no sound at all. Of AAC nothing is
// decoded: a frame is silent when none of its spectrum is coded. Whatever is not
// understood counts as sound.
func silent(u *media.AccessUnit) bool {
	switch u.Track.Codec {
	case media.AAC:
		r := bits{b: u.Data}
		return r.silentBlock()
	case media.Opus:
		return len(u.Data) <= tinyOpus
	}
	return false
}

// bits reads from the first bit on. Past the end it reads zeros and is bad.
type bits struct {
	b   []byte
	pos int
	bad bool
}

func (r *bits) u(n int) (v int) {
	for range n {
		i := r.pos >> 3
		if i >= len(r.b) {
			r.bad = true
			return 0
		}
		v = v<<1 | int(r.b[i]>>(7-r.pos&7)&1)
		r.pos++
	}
	return v
}

// silentBlock reads a raw data block (14496-3 4.4.2.1) as long as it is silent.
func (r *bits) silentBlock() bool {
	for heard := false; !r.bad; {
		switch r.u(3) {
		case elementSingle, elementLFE:
			r.u(4) // element_instance_tag
			if !r.silentChannel(window{}) {
				return false
			}
			heard = true
		case elementPair:
			if !r.silentPair() {
				return false
			}
			heard = true
		case elementData:
			r.data()
		case elementFill:
			r.fill()
		case elementEnd:
			return heard && !r.bad
		default:
			return false
		}
	}
	return false
}

// window is what ics_info says (4.4.2.1, table 4.6).
type window struct {
	told   bool
	short  bool
	bands  int
	groups int
}

func (r *bits) window() window {
	r.u(1) // ics_reserved_bit
	const eightShort = 2
	w := window{told: true, short: r.u(2) == eightShort, groups: 1}
	r.u(1) // window_shape
	if !w.short {
		w.bands = r.u(6)
		if r.u(1) == 1 { // predictor_data_present
			r.bad = true
		}
		return w
	}
	w.bands = r.u(4)
	for range 7 {
		if r.u(1) == 0 { // scale_factor_grouping
			w.groups++
		}
	}
	return w
}

// silentPair reads a channel_pair_element (table 4.5).
func (r *bits) silentPair() bool {
	r.u(4)
	var w window
	if r.u(1) == 1 { // common_window
		w = r.window()
		if r.u(2) == 1 { // ms_mask_present
			r.skip(w.bands * w.groups)
		}
	}
	for range 2 {
		if !r.silentChannel(w) {
			return false
		}
	}
	return true
}

// silentChannel reads an individual_channel_stream (table 4.50) whose sections
// all have no spectrum: then no scale factor and no coefficient follows.
func (r *bits) silentChannel(w window) bool {
	r.u(8) // global_gain
	if !w.told {
		w = r.window()
	}
	size := 5
	if w.short {
		size = 3
	}
	for range w.groups {
		for band := 0; band < w.bands && !r.bad; {
			if r.u(4) != bookZero {
				return false
			}
			for more := true; more && !r.bad; {
				n := r.u(size)
				band += n
				more = n == 1<<size-1
			}
		}
	}
	extras := r.u(3) // pulse, TNS, gain control: there is nothing that they could shape
	return extras == 0 && !r.bad
}

// data passes over a data_stream_element (table 4.10).
func (r *bits) data() {
	r.u(4)
	align := r.u(1)
	n := r.u(8)
	if n == 255 {
		n += r.u(8)
	}
	if align == 1 {
		r.pos = (r.pos + 7) &^ 7
	}
	r.skip(8 * n)
}

// fill passes over a fill_element (table 4.11).
func (r *bits) fill() {
	n := r.u(4)
	if n == 15 {
		n += r.u(8) - 1
	}
	r.skip(8 * n)
}

func (r *bits) skip(n int) {
	r.pos += n
	r.bad = r.bad || r.pos > 8*len(r.b)
}
