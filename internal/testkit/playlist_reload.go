package testkit

import (
	"errors"
	"fmt"
)

// CheckReload returns what RFC 8216bis 6.2.1 and 6.2.2 forbid between two
// readings of the same address, older first, or nil.
func CheckReload(older, newer *MediaPlaylist) error {
	var errs []error
	fail := func(format string, args ...any) { errs = append(errs, fmt.Errorf(format, args...)) }

	if newer.TargetDuration != older.TargetDuration {
		fail("EXT-X-TARGETDURATION went from %v to %v", older.TargetDuration, newer.TargetDuration)
	}
	if newer.PartTarget != older.PartTarget && newer.PartTarget != 0 && older.PartTarget != 0 {
		fail("PART-TARGET went from %v to %v", older.PartTarget, newer.PartTarget)
	}
	if newer.MediaSequence < older.MediaSequence {
		fail("EXT-X-MEDIA-SEQUENCE went back from %d to %d", older.MediaSequence, newer.MediaSequence)
	}
	if older.EndList && !newer.EndList {
		fail("EXT-X-ENDLIST went away")
	}
	oldMSN, oldPart := older.Next()
	newMSN, newPart := newer.Next()
	if newMSN < oldMSN || newMSN == oldMSN && newPart < oldPart {
		fail("the newest part went back from %d.%d to %d.%d", oldMSN, oldPart, newMSN, newPart)
	}
	checkKept(older, newer, fail)
	checkTail(older, newer, fail)
	return errors.Join(errs...)
}

// checkKept compares the segments that both hold.
func checkKept(older, newer *MediaPlaylist, fail func(string, ...any)) {
	numbers := newer.Discontinuities()
	for msn, was := range older.Discontinuities() {
		if is, ok := numbers[msn]; ok && is != was {
			fail("the discontinuity sequence number of segment %d changed from %d to %d", msn, was, is)
			break
		}
	}
	for i := range older.Segments {
		was, msn := &older.Segments[i], older.MediaSequence+int64(i)
		if msn < newer.MediaSequence {
			continue
		}
		is := newer.Segment(msn)
		if is == nil {
			fail("segment %d is gone from the end", msn)
			return
		}
		if is.URI != was.URI || is.Duration != was.Duration || is.Discontinuity != was.Discontinuity || is.Gap != was.Gap || is.Map != was.Map {
			fail("segment %d changed: %s %v, then %s %v", msn, was.URI, was.Duration, is.URI, is.Duration)
		}
		if !was.ProgramDateTime.IsZero() && !is.ProgramDateTime.Equal(was.ProgramDateTime) {
			fail("segment %d changed its date from %v to %v", msn, was.ProgramDateTime, is.ProgramDateTime)
		}
		if len(is.Parts) > 0 { // older ones may lose them all
			checkSameParts(fmt.Sprint("segment ", msn), was.Parts, is.Parts, fail)
		}
	}
	if newer.DiscontinuitySequence < older.DiscontinuitySequence {
		fail("EXT-X-DISCONTINUITY-SEQUENCE went back from %d to %d", older.DiscontinuitySequence, newer.DiscontinuitySequence)
	}
}

// checkTail follows the segment that was being made, and the promise of the
// preload hint.
func checkTail(older, newer *MediaPlaylist, fail func(string, ...any)) {
	msn, part := older.Next()
	parts := newer.Parts
	if s := newer.Segment(msn); s != nil {
		parts = s.Parts
	} else if next, _ := newer.Next(); next != msn {
		return // it came and went while nobody looked
	}
	if len(parts) == 0 && newer.PartTarget == 0 {
		return
	}
	where := fmt.Sprint("segment ", msn)
	checkSameParts(where, older.Parts, parts, fail)
	if older.Hint != "" && len(parts) > part && parts[part].URI != older.Hint {
		fail("the hint promised %s, the part's address is %s", older.Hint, parts[part].URI)
	}
}

func checkSameParts(where string, was, is []MediaPart, fail func(string, ...any)) {
	for i := range was {
		if i >= len(is) {
			fail("%s lost part %d", where, i)
			return
		}
		if is[i] != was[i] {
			fail("part %d of %s changed from %+v to %+v", i, where, was[i], is[i])
		}
	}
}

// CheckBlocked returns an error when a blocking reload for what comes after
// older was answered without it (RFC 8216bis 6.2.5.2). Lists that have ended,
// or that stand still because their encoder is away, have nothing more to give.
func CheckBlocked(older, newer *MediaPlaylist) error {
	if !older.CanBlockReload || older.Hint == "" || newer.EndList || newer.PartTarget > 0 && newer.Hint == "" {
		return nil
	}
	msn, part := older.Next()
	if is, parts := newer.Next(); is < msn || is == msn && parts <= part {
		return fmt.Errorf("a blocking reload for %d.%d was answered without it: the list comes to %d.%d", msn, part, is, parts)
	}
	return nil
}
