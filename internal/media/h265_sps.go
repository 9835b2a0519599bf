package media

import "fmt"

// hevcProfile is the general part of profile_tier_level (ITU-T H.265 7.3.3).
type hevcProfile struct {
	space, tier, idc byte
	compatibility    uint32
	constraints      [6]byte
	level            byte
}

// hevcSPS is what we need of a sequence parameter set (ITU-T H.265 7.3.2.2).
type hevcSPS struct {
	profile        hevcProfile
	subLayers      uint32 // less one
	nested         bool
	id             uint32
	chromaFormat   uint32
	bitDepthLuma   uint32 // less 8
	bitDepthChroma uint32 // less 8
	width, height  int    // cropped
	rate           Rate
	colour         Colour
}

func parseHEVCSPS(nal []byte) (hevcSPS, error) {
	if HEVCType(nal) != HEVCSPS {
		return hevcSPS{}, fmt.Errorf("NAL unit type %d is no H.265 SPS", HEVCType(nal))
	}
	r := &bitReader{b: unescape(nal, 2)}
	var s hevcSPS
	r.skip(4) // sps_video_parameter_set_id
	s.subLayers = r.u(3)
	s.nested = r.flag()
	s.profile = readHEVCProfile(r, s.subLayers)
	s.id = r.ue()
	s.size(r)
	if r.bad || s.id > 15 || s.width <= 0 || s.height <= 0 || s.width > maxPixels || s.height > maxPixels {
		return hevcSPS{}, fmt.Errorf("H.265 SPS: %w", errShort)
	}
	// What follows the size is read for the usability information alone, and
	// missed rather than refused.
	s.usability(r)
	return s, nil
}

func readHEVCProfile(r *bitReader, subLayers uint32) hevcProfile {
	p := hevcProfile{
		space:         byte(r.u(2)),
		tier:          byte(r.u(1)),
		idc:           byte(r.u(5)),
		compatibility: r.u(32),
	}
	for i := range p.constraints {
		p.constraints[i] = byte(r.u(8))
	}
	p.level = byte(r.u(8))
	if subLayers == 0 {
		return p
	}
	present := r.u(16) // two flags for each sub-layer, padded to eight of them
	for i := range subLayers {
		if present>>(15-2*i)&1 == 1 {
			r.skip(88)
		}
		if present>>(14-2*i)&1 == 1 {
			r.skip(8)
		}
	}
	return p
}

// size reads from chroma_format_idc to the bit depths.
func (s *hevcSPS) size(r *bitReader) {
	s.chromaFormat = r.ue()
	separate := s.chromaFormat == 3 && r.flag()
	width, height := int64(r.ue()), int64(r.ue())
	if r.flag() { // conformance_window_flag (table 6-1 gives the units)
		unitX, unitY := int64(1), int64(1)
		if s.chromaFormat == 1 || s.chromaFormat == 2 {
			unitX = 2
		}
		if s.chromaFormat == 1 {
			unitY = 2
		}
		if separate {
			unitX, unitY = 1, 1
		}
		width -= unitX * (int64(r.ue()) + int64(r.ue()))
		height -= unitY * (int64(r.ue()) + int64(r.ue()))
	}
	s.width, s.height = int(min(width, maxPixels+1)), int(min(height, maxPixels+1))
	s.bitDepthLuma, s.bitDepthChroma = r.ue(), r.ue()
	if s.chromaFormat > 3 || s.bitDepthLuma > 7 || s.bitDepthChroma > 7 {
		r.bad = true
	}
}

// usability reads on from log2_max_pic_order_cnt_lsb_minus4 to the colour and
// the clock of the usability information (E.2.1).
func (s *hevcSPS) usability(r *bitReader) {
	pocBits := int(min(r.ue(), 12)) + 4
	skipSubLayerOrdering(r, s.subLayers)
	for range 6 { // coding and transform block sizes, hierarchy depths
		r.ue()
	}
	if r.flag() { // scaling_list_enabled_flag
		if r.flag() { // sps_scaling_list_data_present_flag
			skipHEVCScalingLists(r)
		}
	}
	r.skip(2)     // amp_enabled_flag, sample_adaptive_offset_enabled_flag
	if r.flag() { // pcm_enabled_flag
		r.skip(8)
		r.ue()
		r.ue()
		r.skip(1)
	}
	skipShortTermSets(r)
	if r.flag() { // long_term_ref_pics_present_flag
		n := r.ue()
		if n > 32 {
			return
		}
		r.skip(int(n) * (pocBits + 1))
	}
	r.skip(2) // sps_temporal_mvp_enabled_flag, strong_intra_smoothing_enabled_flag
	if r.flag() {
		s.colour = readVUIColour(r)
		s.rate = hevcVUIRate(r)
	}
}

// skipSubLayerOrdering passes over the picture buffer's sizes that SPS and
// VPS hold, either for all sub-layers or for the highest.
func skipSubLayerOrdering(r *bitReader, subLayers uint32) {
	n := uint32(1)
	if r.flag() {
		n += subLayers
	}
	for range 3 * n {
		r.ue()
	}
}

// hevcVUIRate reads on behind the colour to the clock.
func hevcVUIRate(r *bitReader) Rate {
	r.skip(3)     // neutral_chroma_indication_flag, field_seq_flag, frame_field_info_present_flag
	if r.flag() { // default_display_window_flag
		for range 4 {
			r.ue()
		}
	}
	return hevcTiming(r)
}

// hevcTiming reads the clock that SPS and VPS both may hold.
func hevcTiming(r *bitReader) Rate {
	if !r.flag() {
		return Rate{}
	}
	units, scale := r.u(32), r.u(32)
	if r.bad {
		return Rate{}
	}
	return NewRate(uint64(scale), uint64(units))
}

// hevcVPSRate reads a video parameter set (7.3.2.1) for its clock. What
// cannot be read gives the zero Rate.
func hevcVPSRate(nal []byte) Rate {
	r := &bitReader{b: unescape(nal, 2)}
	r.skip(12) // id, base layer flags, vps_max_layers_minus1
	subLayers := r.u(3)
	r.skip(17) // vps_temporal_id_nesting_flag, vps_reserved_0xffff_16bits
	readHEVCProfile(r, subLayers)
	skipSubLayerOrdering(r, subLayers)
	maxLayer, sets := r.u(6), r.ue()
	if sets > 1023 {
		return Rate{}
	}
	r.skip(int(sets) * int(maxLayer+1)) // layer_id_included_flag
	return hevcTiming(r)
}
