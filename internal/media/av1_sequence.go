package media

import "fmt"

// av1Sequence is what we need of a sequence header (AV1 5.5).
type av1Sequence struct {
	profile, level, tier      byte
	highDepth, twelve, mono   bool
	subX, subY, chromaSamples byte
	width, height             int
	rate                      Rate
	colour                    Colour
}

func parseAV1Sequence(payload []byte) (av1Sequence, error) {
	r := &bitReader{b: payload}
	s := av1Sequence{profile: byte(r.u(3))}
	r.skip(1)           // still_picture
	reduced := r.flag() // reduced_still_picture_header
	if reduced {
		s.level = byte(r.u(5))
	} else {
		s.operatingPoints(r)
	}
	widthBits, heightBits := int(r.u(4))+1, int(r.u(4))+1
	s.width, s.height = int(r.u(widthBits))+1, int(r.u(heightBits))+1
	skipAV1Tools(r, reduced)
	s.readColour(r)
	if r.bad || s.profile > 2 {
		return av1Sequence{}, fmt.Errorf("AV1 sequence header: %w", errShort)
	}
	return s, nil
}

// operatingPoints reads timing_info (5.5.3) to the operating points (5.5.1),
// of which the first tells level and tier.
func (s *av1Sequence) operatingPoints(r *bitReader) {
	delayBits := 0
	if r.flag() { // timing_info_present_flag
		units, scale := uint64(r.u(32)), uint64(r.u(32))
		if r.flag() { // equal_picture_interval
			s.rate = NewRate(scale, units*(uint64(r.uvlc())+1))
		}
		if r.flag() { // decoder_model_info_present_flag
			delayBits = int(r.u(5)) + 1
			r.skip(32 + 5 + 5)
		}
	}
	displayDelay := r.flag() // initial_display_delay_present_flag
	for i := range r.u(5) + 1 {
		r.skip(12) // operating_point_idc
		level, tier := byte(r.u(5)), byte(0)
		if level > 7 {
			tier = byte(r.u(1))
		}
		if i == 0 {
			s.level, s.tier = level, tier
		}
		if delayBits > 0 && r.flag() { // decoder_model_present_for_this_op
			r.skip(2*delayBits + 1)
		}
		if displayDelay && r.flag() { // initial_display_delay_present_for_this_op
			r.skip(4)
		}
	}
}

// skipAV1Tools passes over the coding tools between size and colour.
func skipAV1Tools(r *bitReader, reduced bool) {
	if !reduced && r.flag() { // frame_id_numbers_present_flag
		r.skip(7)
	}
	r.skip(3) // use_128x128_superblock, enable_filter_intra, enable_intra_edge_filter
	if !reduced {
		r.skip(4) // interintra, masked compound, warped motion, dual filter
		orderHint := r.flag()
		if orderHint {
			r.skip(2) // enable_jnt_comp, enable_ref_frame_mvs
		}
		screenContent := true // SELECT_SCREEN_CONTENT_TOOLS
		if !r.flag() {        // seq_choose_screen_content_tools
			screenContent = r.flag() // seq_force_screen_content_tools
		}
		if screenContent && !r.flag() { // seq_choose_integer_mv
			r.skip(1) // seq_force_integer_mv
		}
		if orderHint {
			r.skip(3) // order_hint_bits_minus_1
		}
	}
	r.skip(3) // enable_superres, enable_cdef, enable_restoration
}

// readColour reads color_config (5.5.2), whose code points are those of H.273.
func (s *av1Sequence) readColour(r *bitReader) {
	s.highDepth = r.flag()
	if s.profile == 2 && s.highDepth {
		s.twelve = r.flag()
	}
	if s.profile != 1 {
		s.mono = r.flag()
	}
	points := [3]uint8{ColourUnspecified, ColourUnspecified, ColourUnspecified}
	if r.flag() { // color_description_present_flag
		points = [3]uint8{uint8(r.u(8)), uint8(r.u(8)), uint8(r.u(8))}
	}
	sRGB := [3]uint8{1, 13, 0} // BT.709 primaries, sRGB transfer, identity matrix
	fullRange := true          // as sRGB has it, unsaid
	switch {
	case s.mono:
		fullRange = r.flag() // color_range
		s.subX, s.subY = 1, 1
	case points == sRGB:
	default:
		fullRange = r.flag() // color_range
		s.subsampling(r)
		if s.subX == 1 && s.subY == 1 {
			s.chromaSamples = byte(r.u(2))
		}
	}
	s.colour = NewColour(points[0], points[1], points[2], fullRange)
}

func (s *av1Sequence) subsampling(r *bitReader) {
	switch {
	case s.profile == 0:
		s.subX, s.subY = 1, 1
	case s.profile == 1:
	case s.twelve:
		if s.subX = byte(r.u(1)); s.subX == 1 {
			s.subY = byte(r.u(1))
		}
	default:
		s.subX = 1
	}
}

// bitDepth is that of the samples.
func (s *av1Sequence) bitDepth() int {
	switch {
	case s.twelve:
		return 12
	case s.highDepth:
		return 10
	}
	return 8
}
