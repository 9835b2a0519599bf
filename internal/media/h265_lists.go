package media

import (
	"cmp"
	"slices"
)

// skipHEVCScalingLists passes over scaling_list_data (ITU-T H.265 7.3.4).
func skipHEVCScalingLists(r *bitReader) {
	for size := range 4 {
		step := 1
		if size == 3 {
			step = 3
		}
		for matrix := 0; matrix < 6 && !r.bad; matrix += step {
			if !r.flag() { // scaling_list_pred_mode_flag
				r.ue()
				continue
			}
			if size > 1 {
				r.ue() // scaling_list_dc_coef_minus8
			}
			for range min(64, 1<<(4+2*size)) {
				r.ue()
			}
		}
	}
}

// maxDeltas bounds the pictures of one reference picture set: the decoded
// picture buffer holds 16.
const maxDeltas = 16

// skipShortTermSets passes over the short-term reference picture sets of an
// SPS. A set may be told by its difference to the one before, whose size must
// be known to find its end; so the sets are worked out and the last is kept.
func skipShortTermSets(r *bitReader) {
	n := r.ue()
	if n > 64 {
		r.bad = true
	}
	var deltas []int64
	for i := uint32(0); i < n && !r.bad; i++ {
		if i > 0 && r.flag() { // inter_ref_pic_set_prediction_flag
			deltas = predictedSet(r, deltas)
		} else {
			deltas = explicitSet(r)
		}
		if len(deltas) > maxDeltas {
			r.bad = true
		}
	}
}

// explicitSet reads a set's distances in picture order count (7.3.7): the
// earlier pictures, nearest first, then the later ones.
func explicitSet(r *bitReader) []int64 {
	before, after := r.ue(), r.ue()
	if before > maxDeltas || after > maxDeltas {
		r.bad = true
		return nil
	}
	deltas := make([]int64, 0, before+after)
	at := int64(0)
	for range before {
		at -= int64(r.ue()) + 1
		deltas = append(deltas, at)
		r.skip(1) // used_by_curr_pic_s0_flag
	}
	at = 0
	for range after {
		at += int64(r.ue()) + 1
		deltas = append(deltas, at)
		r.skip(1) // used_by_curr_pic_s1_flag
	}
	return deltas
}

// predictedSet reads a set that is told by one flag for each picture of the
// reference set and one for the set's own picture, all moved by one distance.
// The result is in the order of (7-61) and (7-62), nearest first on each side,
// which decides what the flags of the next set mean.
func predictedSet(r *bitReader, ref []int64) []int64 {
	negative := r.flag()
	move := int64(r.ue()) + 1
	if negative {
		move = -move
	}
	var deltas []int64
	for _, delta := range append(ref, 0) {
		kept := r.flag() // used_by_curr_pic_flag
		if !kept {
			kept = r.flag() // use_delta_flag
		}
		if kept && delta+move != 0 {
			deltas = append(deltas, delta+move)
		}
	}
	slices.SortFunc(deltas, func(a, b int64) int {
		if (a < 0) != (b < 0) {
			return cmp.Compare(a, b)
		}
		return cmp.Compare(max(a, -a), max(b, -b))
	})
	return deltas
}
