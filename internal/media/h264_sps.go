package media

import "fmt"

// maxPixels bounds a picture's width and its height: the largest that H.264
// and H.265 levels allow is 16888.
const maxPixels = 16888

// avcSPS is what we need of a sequence parameter set (ITU-T H.264 7.3.2.1.1).
type avcSPS struct {
	profile, constraints, level byte
	id                          uint32
	chromaFormat                uint32
	bitDepthLuma                uint32 // less 8
	bitDepthChroma              uint32 // less 8
	width, height               int    // cropped
	rate                        Rate
	colour                      Colour
}

func parseAVCSPS(nal []byte) (avcSPS, error) {
	if AVCType(nal) != AVCSPS {
		return avcSPS{}, fmt.Errorf("NAL unit type %d is no H.264 SPS", AVCType(nal))
	}
	r := &bitReader{b: unescape(nal, 1)}
	s := avcSPS{
		profile:      byte(r.u(8)),
		constraints:  byte(r.u(8)),
		level:        byte(r.u(8)),
		id:           r.ue(),
		chromaFormat: 1,
	}
	separate := false
	if avcHighProfile(s.profile) {
		separate = s.highFields(r)
	}
	r.ue() // log2_max_frame_num_minus4
	skipPicOrderCount(r)
	r.ue()    // max_num_ref_frames
	r.skip(1) // gaps_in_frame_num_value_allowed_flag
	s.size(r, separate)
	if r.bad || s.id > 31 || s.width <= 0 || s.height <= 0 || s.width > maxPixels || s.height > maxPixels {
		return avcSPS{}, fmt.Errorf("H.264 SPS: %w", errShort)
	}
	// Usability information behind the size is a help, no condition: some
	// encoders cut it short.
	if r.flag() {
		s.colour = readVUIColour(r)
		s.rate = avcVUIRate(r)
	}
	return s, nil
}

// avcHighProfile tells the profiles whose SPS has the chroma fields.
func avcHighProfile(profile byte) bool {
	switch profile {
	case 100, 110, 122, 244, 44, 83, 86, 118, 128, 138, 139, 134, 135:
		return true
	}
	return false
}

// highFields reads the fields of the high profiles and returns
// separate_colour_plane_flag.
func (s *avcSPS) highFields(r *bitReader) (separate bool) {
	s.chromaFormat = r.ue()
	if s.chromaFormat > 3 {
		r.bad = true
	}
	lists := 8
	if s.chromaFormat == 3 {
		separate = r.flag()
		lists = 12
	}
	s.bitDepthLuma, s.bitDepthChroma = r.ue(), r.ue()
	if s.bitDepthLuma > 6 || s.bitDepthChroma > 6 {
		r.bad = true
	}
	r.skip(1) // qpprime_y_zero_transform_bypass_flag
	if !r.flag() {
		return separate
	}
	for i := range lists {
		if r.flag() {
			skipAVCScalingList(r, i)
		}
	}
	return separate
}

// skipAVCScalingList passes over list i (7.3.2.1.1.1).
func skipAVCScalingList(r *bitReader, i int) {
	size := 16
	if i >= 6 {
		size = 64
	}
	last, next := int32(8), int32(8)
	for range size {
		if next != 0 {
			next = (last + r.se()) & 0xff
		}
		if next != 0 {
			last = next
		}
	}
}

func skipPicOrderCount(r *bitReader) {
	switch r.ue() {
	case 0:
		r.ue() // log2_max_pic_order_cnt_lsb_minus4
	case 1:
		r.skip(1) // delta_pic_order_always_zero_flag
		r.ue()    // offset_for_non_ref_pic
		r.ue()    // offset_for_top_to_bottom_field
		n := r.ue()
		if n > 255 {
			r.bad = true
			return
		}
		for range n {
			r.ue() // offset_for_ref_frame
		}
	case 2:
	default:
		r.bad = true
	}
}

// size reads the picture's size and its cropping (7-13 to 7-22).
func (s *avcSPS) size(r *bitReader, separate bool) {
	widthMBs, heightUnits := int64(r.ue())+1, int64(r.ue())+1
	fields := int64(1) // in a map unit's height
	if !r.flag() {     // frame_mbs_only_flag
		fields = 2
		r.skip(1) // mb_adaptive_frame_field_flag
	}
	r.skip(1) // direct_8x8_inference_flag
	width, height := widthMBs*16, heightUnits*16*fields
	if r.flag() {
		unitX, unitY := int64(1), fields
		if !separate {
			switch s.chromaFormat {
			case 1:
				unitX, unitY = 2, 2*fields
			case 2:
				unitX = 2
			}
		}
		width -= unitX * (int64(r.ue()) + int64(r.ue()))
		height -= unitY * (int64(r.ue()) + int64(r.ue()))
	}
	// Bounded before the conversion, whatever the width of int.
	s.width, s.height = int(min(width, maxPixels+1)), int(min(height, maxPixels+1))
}

// avcVUIRate reads the clock that follows the colour in the usability
// information (E.1.1). A frame is two ticks (E.2.1, num_units_in_tick).
func avcVUIRate(r *bitReader) Rate {
	if !r.flag() { // timing_info_present_flag
		return Rate{}
	}
	units, scale := r.u(32), r.u(32)
	if r.bad {
		return Rate{}
	}
	return NewRate(uint64(scale), 2*uint64(units))
}

// readVUIColour reads the fields with which the usability information of H.264
// (E.1.1) and H.265 (E.2.1) both begin. The code points are those of H.273.
func readVUIColour(r *bitReader) (c Colour) {
	if r.flag() && r.u(8) == 255 { // aspect_ratio_idc Extended_SAR
		r.skip(32)
	}
	if r.flag() { // overscan_info_present_flag
		r.skip(1)
	}
	if r.flag() { // video_signal_type_present_flag
		r.skip(3) // video_format
		fullRange := r.flag()
		points := [3]uint8{ColourUnspecified, ColourUnspecified, ColourUnspecified}
		if r.flag() { // colour_description_present_flag
			points = [3]uint8{uint8(r.u(8)), uint8(r.u(8)), uint8(r.u(8))}
		}
		c = NewColour(points[0], points[1], points[2], fullRange)
	}
	if r.bad {
		c = Colour{}
	}
	if r.flag() { // chroma_loc_info_present_flag
		r.ue()
		r.ue()
	}
	return c
}
