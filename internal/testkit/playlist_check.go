package testkit

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"
)

// sumSlack is how far the parts of a segment may miss its EXTINF: a part that
// closes with its last frame guesses that frame's duration.
const sumSlack = 50 * time.Millisecond

// dateSlack is how far a segment's date may miss that of the one before plus
// its duration: milliseconds are rounded, and the clock is slewed.
const dateSlack = 50 * time.Millisecond

// Check returns what RFC 8216bis forbids about the list as it stands, all of
// it joined, or nil.
func (p *MediaPlaylist) Check() error {
	var errs []error
	fail := func(format string, args ...any) { errs = append(errs, fmt.Errorf(format, args...)) }

	p.checkControl(fail)
	var date time.Time
	addresses := map[string]bool{}
	for i, s := range p.Segments {
		msn := p.MediaSequence + int64(i)
		if s.Duration <= 0 {
			fail("segment %d lasts %v", msn, s.Duration)
		}
		if s.Duration.Round(time.Second) > p.TargetDuration { // 4.4.3.1
			fail("segment %d lasts %v, over EXT-X-TARGETDURATION %v", msn, s.Duration, p.TargetDuration)
		}
		switch ts := strings.HasSuffix(s.URI, ".ts"); {
		case ts && (s.Map != "" || len(s.Parts) > 0):
			fail("segment %d of MPEG-TS has an EXT-X-MAP or parts", msn)
		case !ts && s.Map == "" && !s.Gap:
			fail("segment %d has no EXT-X-MAP before it", msn)
		}
		if addresses[s.URI] && !s.Gap {
			fail("segment %d has the address of another one: %s", msn, s.URI)
		}
		addresses[s.URI] = true
		p.checkDate(fmt.Sprint("segment ", msn), s.ProgramDateTime, date, s.Discontinuity, fail)
		if !s.ProgramDateTime.IsZero() {
			date = s.ProgramDateTime
		}
		if !date.IsZero() {
			date = date.Add(s.Duration)
		}
		p.checkParts(fmt.Sprint("segment ", msn), s.Parts, true, fail)
		if len(s.Parts) > 0 {
			var sum time.Duration
			for _, part := range s.Parts {
				sum += part.Duration
			}
			if (sum - s.Duration).Abs() > sumSlack {
				fail("the parts of segment %d last %v, EXTINF says %v", msn, sum, s.Duration)
			}
			if p.IndependentSegments && !s.Parts[0].Independent && !s.Parts[0].Gap {
				fail("EXT-X-INDEPENDENT-SEGMENTS, but segment %d begins with a part that is not INDEPENDENT", msn)
			}
		}
	}
	if len(p.Segments) > 0 && p.Segments[0].ProgramDateTime.IsZero() {
		fail("the first segment has no EXT-X-PROGRAM-DATE-TIME")
	}
	p.checkDate("the segment being made", p.NextProgramDateTime, date, p.NextDiscontinuity, fail)
	p.checkParts("the segment being made", p.Parts, false, fail)
	return errors.Join(errs...)
}

// checkDate compares a segment's date with where the one before it ends. Plain
// live lists say nothing of an outage that changed neither coding nor
// timestamps: there the date may jump ahead. Nowhere does it go back.
func (p *MediaPlaylist) checkDate(where string, is, expected time.Time, discontinuity bool, fail func(string, ...any)) {
	if is.IsZero() || expected.IsZero() {
		return
	}
	mayJump := discontinuity || p.PartTarget == 0 && p.Type == ""
	if off := is.Sub(expected); off < -dateSlack || off > dateSlack && !mayJump {
		fail("%s is dated %v away from where the one before it ends", where, off)
	}
}

// checkControl looks at the tags of the whole list.
func (p *MediaPlaylist) checkControl(fail func(string, ...any)) {
	needs := int64(3) // 8: EXTINF with a fraction
	if p.PartTarget > 0 || p.NextMap != "" || slices.ContainsFunc(p.Segments, func(s MediaSegment) bool { return s.Map != "" }) {
		needs = 6 // EXT-X-MAP in a list that is not of I-frames only
	}
	if p.Version < needs {
		fail("EXT-X-VERSION %d where %d is needed", p.Version, needs)
	}
	if p.HoldBack != 0 && p.HoldBack < 3*p.TargetDuration { // 4.4.3.8
		fail("HOLD-BACK %v is under three target durations of %v", p.HoldBack, p.TargetDuration)
	}
	if p.EndList && (len(p.Parts) > 0 || p.Hint != "") {
		fail("an ended list still makes a segment: %d parts, hint %q", len(p.Parts), p.Hint)
	}
	if p.PartTarget == 0 {
		if p.Hint != "" || p.PartHoldBack != 0 || len(p.Parts) > 0 {
			fail("low-latency tags without EXT-X-PART-INF")
		}
		return
	}
	if p.PartHoldBack < 2*p.PartTarget { // 4.4.3.8: MUST be twice, SHOULD be three times
		fail("PART-HOLD-BACK %v is under two parts of %v", p.PartHoldBack, p.PartTarget)
	}
	if p.CanSkipUntil != 0 && p.CanSkipUntil < 6*p.TargetDuration { // 4.4.3.8
		fail("CAN-SKIP-UNTIL %v is under six target durations of %v", p.CanSkipUntil, p.TargetDuration)
	}
	if !p.CanBlockReload && !p.EndList {
		fail("parts without CAN-BLOCK-RELOAD")
	}
}

// checkParts looks at one segment's parts (4.4.4.9).
func (p *MediaPlaylist) checkParts(where string, parts []MediaPart, complete bool, fail func(string, ...any)) {
	if len(parts) > 0 && p.PartTarget == 0 {
		fail("%s has parts without EXT-X-PART-INF", where)
	}
	for i, part := range parts {
		last := complete && i == len(parts)-1
		switch {
		case part.Duration <= 0:
			fail("part %d of %s lasts %v", i, where, part.Duration)
		case part.Duration > p.PartTarget:
			fail("part %d of %s lasts %v, over PART-TARGET %v", i, where, part.Duration, p.PartTarget)
		case !last && !part.Gap && part.Duration*100 < p.PartTarget*85:
			fail("part %d of %s lasts %v, under 85 %% of PART-TARGET %v", i, where, part.Duration, p.PartTarget)
		}
	}
}
