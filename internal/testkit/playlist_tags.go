package testkit

import (
	"fmt"
	"strings"
	"time"
)

// headTag reads a tag that stands once, before all segments.
func (m *mediaParser) headTag(tag, value string) (err error) {
	switch tag {
	case "#EXT-X-VERSION":
		m.p.Version, err = parseInteger(value)
	case "#EXT-X-TARGETDURATION":
		var s int64
		s, err = parseInteger(value)
		m.p.TargetDuration = time.Duration(s) * time.Second
	case "#EXT-X-MEDIA-SEQUENCE":
		m.p.MediaSequence, err = parseInteger(value)
	case "#EXT-X-DISCONTINUITY-SEQUENCE":
		m.p.DiscontinuitySequence, err = parseInteger(value)
	case "#EXT-X-INDEPENDENT-SEGMENTS":
		m.p.IndependentSegments = true
	case "#EXT-X-PLAYLIST-TYPE":
		if value != "EVENT" && value != "VOD" {
			return fmt.Errorf("unknown type")
		}
		m.p.Type = value
	case "#EXT-X-START":
		a, err := parseAttrs(value)
		if err != nil {
			return err
		}
		if precise, err := a.yes("PRECISE"); err != nil || !precise {
			return fmt.Errorf("a start that is not precise")
		}
		m.p.Start, err = a.seconds("TIME-OFFSET")
		return err
	case "#EXT-X-SERVER-CONTROL":
		return m.serverControl(value)
	case "#EXT-X-PART-INF":
		a, err := parseAttrs(value)
		if err != nil {
			return err
		}
		m.p.PartTarget, err = a.seconds("PART-TARGET")
		if err == nil && m.p.PartTarget == 0 {
			err = fmt.Errorf("no PART-TARGET")
		}
		return err
	default:
		return fmt.Errorf("unknown tag")
	}
	return err
}

func (m *mediaParser) serverControl(value string) error {
	a, err := parseAttrs(value)
	if err != nil {
		return err
	}
	if err := a.only("CAN-BLOCK-RELOAD", "CAN-SKIP-UNTIL", "PART-HOLD-BACK", "HOLD-BACK"); err != nil {
		return err
	}
	if m.p.CanBlockReload, err = a.yes("CAN-BLOCK-RELOAD"); err != nil {
		return err
	}
	if m.p.PartHoldBack, err = a.seconds("PART-HOLD-BACK"); err != nil {
		return err
	}
	if m.p.HoldBack, err = a.seconds("HOLD-BACK"); err != nil {
		return err
	}
	m.p.CanSkipUntil, err = a.seconds("CAN-SKIP-UNTIL")
	return err
}

// segmentTag reads a tag that belongs to the next segment or its parts.
func (m *mediaParser) segmentTag(tag, value string) (err error) {
	if len(m.parts) > 0 && tag != "#EXTINF" && tag != "#EXT-X-PART" && tag != "#EXT-X-GAP" {
		return fmt.Errorf("after parts of the same segment")
	}
	switch tag {
	case "#EXTINF":
		length, _, comma := strings.Cut(value, ",")
		if !comma {
			return fmt.Errorf("no comma after the duration")
		}
		m.seg.Duration, err = parseSeconds(length)
		m.inf = true
	case "#EXT-X-PART":
		return m.part(value)
	case "#EXT-X-MAP":
		a, err := parseAttrs(value)
		if err != nil {
			return err
		}
		if m.mapURI, err = a.text("URI"); err != nil {
			return err
		}
		return relative(m.mapURI)
	case "#EXT-X-GAP":
		m.seg.Gap = true
	case "#EXT-X-DISCONTINUITY":
		if m.seg.Discontinuity {
			return fmt.Errorf("twice")
		}
		m.seg.Discontinuity = true
	case "#EXT-X-PROGRAM-DATE-TIME":
		m.seg.ProgramDateTime, err = parseDate(value)
	}
	return err
}

func (m *mediaParser) part(value string) error {
	a, err := parseAttrs(value)
	if err != nil {
		return err
	}
	if err := a.only("URI", "DURATION", "INDEPENDENT", "GAP"); err != nil {
		return err
	}
	var part MediaPart
	if part.URI, err = a.text("URI"); err != nil {
		return err
	}
	if part.Duration, err = a.seconds("DURATION"); err != nil {
		return err
	}
	if part.Independent, err = a.yes("INDEPENDENT"); err != nil {
		return err
	}
	if part.Gap, err = a.yes("GAP"); err != nil {
		return err
	}
	m.parts = append(m.parts, part)
	return relative(part.URI)
}

// tailTag reads a tag that stands after all segments and parts.
func (m *mediaParser) tailTag(tag, value string) error {
	if tag == "#EXT-X-ENDLIST" {
		m.p.EndList = true
		return nil
	}
	a, err := parseAttrs(value)
	if err != nil {
		return err
	}
	uri, err := a.text("URI")
	if err != nil {
		return err
	}
	if tag == "#EXT-X-PRELOAD-HINT" {
		if m.p.Hint != "" || a["TYPE"].value != "PART" {
			return fmt.Errorf("more than one hint, or one that is not of a part")
		}
		m.p.Hint = uri
		return relative(uri)
	}
	r := Report{URI: uri}
	if r.LastMSN, err = a.integer("LAST-MSN"); err != nil {
		return err
	}
	if r.LastPart, err = a.integer("LAST-PART"); err != nil {
		return err
	}
	m.p.Reports = append(m.p.Reports, r)
	return relative(uri)
}
