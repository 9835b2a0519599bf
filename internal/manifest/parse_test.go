package manifest

import (
	"errors"
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"
	"time"
)

// parseMedia reads a media playlist as a strict player would: every line must
// be known, in its place, and well formed.
func parseMedia(text string) (*Media, error) {
	if !strings.HasPrefix(text, "#EXTM3U\n") || !strings.HasSuffix(text, "\n") {
		return nil, errors.New("no whole playlist")
	}
	p := mediaParser{m: &Media{}}
	for i, line := range strings.Split(strings.TrimSuffix(text, "\n"), "\n")[1:] {
		if err := p.line(line); err != nil {
			return nil, fmt.Errorf("line %d, %q: %w", i+2, line, err)
		}
	}
	if p.extinf {
		return nil, errors.New("ends after EXTINF")
	}
	p.m.Parts = p.s.Parts
	p.m.NextDiscontinuity, p.m.NextProgramDateTime = p.s.Discontinuity, p.s.ProgramDateTime
	if len(p.m.Parts) > 0 {
		p.m.NextMap = p.current
	}
	return p.m, nil
}

type mediaParser struct {
	m       *Media
	s       Segment // that is being read
	current string  // map
	extinf  bool
	tail    bool // a hint or a report was read
	seen    []string
}

func (p *mediaParser) line(line string) error {
	if !strings.HasPrefix(line, "#") {
		return p.uri(line)
	}
	tag, value, _ := strings.Cut(line, ":")
	if p.m.Ended || p.extinf {
		return errors.New("tag after ENDLIST or EXTINF")
	}
	if ok, err := p.header(tag, value); ok {
		if slices.Contains(p.seen, tag) || len(p.m.Segments) > 0 || len(p.s.Parts) > 0 {
			return errors.New("twice, or too late")
		}
		p.seen = append(p.seen, tag)
		return err
	}
	if p.tail && tag != "#EXT-X-RENDITION-REPORT" {
		return errors.New("behind what is to come")
	}
	return p.body(tag, value)
}

func (p *mediaParser) header(tag, value string) (ok bool, err error) {
	m := p.m
	switch tag {
	case "#EXT-X-VERSION":
		m.Version, err = strconv.Atoi(value)
	case "#EXT-X-INDEPENDENT-SEGMENTS":
		m.IndependentSegments = true
	case "#EXT-X-TARGETDURATION":
		var n int
		n, err = strconv.Atoi(value)
		m.TargetDuration = time.Duration(n) * time.Second
	case "#EXT-X-PLAYLIST-TYPE":
		m.Type = value
	case "#EXT-X-MEDIA-SEQUENCE":
		m.MediaSequence, err = strconv.ParseInt(value, 10, 64)
	case "#EXT-X-DISCONTINUITY-SEQUENCE":
		m.DiscontinuitySequence, err = strconv.ParseInt(value, 10, 64)
	case "#EXT-X-SKIP":
		count, found := strings.CutPrefix(value, "SKIPPED-SEGMENTS=")
		if !found || m.CanSkipUntil < 6*m.TargetDuration || m.Version < 9 {
			return true, errors.New("no delta update")
		}
		m.Skipped, err = strconv.ParseInt(count, 10, 64)
	case "#EXT-X-START":
		offset, found := strings.CutSuffix(strings.TrimPrefix(value, "TIME-OFFSET="), ",PRECISE=YES")
		if !found {
			return true, errors.New("not to the sample")
		}
		m.Start, err = seconds(offset)
	case "#EXT-X-SERVER-CONTROL", "#EXT-X-PART-INF":
		err = p.control(value)
	default:
		return false, nil
	}
	return true, err
}

func (p *mediaParser) control(value string) error {
	return attributes(value, func(name, v string) (err error) {
		switch name {
		case "CAN-BLOCK-RELOAD":
			p.m.CanBlockReload, err = yes(v)
		case "PART-HOLD-BACK":
			p.m.PartHoldBack, err = seconds(v)
		case "HOLD-BACK":
			p.m.HoldBack, err = seconds(v)
		case "CAN-SKIP-UNTIL":
			p.m.CanSkipUntil, err = seconds(v)
		case "PART-TARGET":
			p.m.PartTarget, err = seconds(v)
		default:
			return errors.New("unknown attribute " + name)
		}
		return err
	})
}

func (p *mediaParser) body(tag, value string) (err error) {
	switch tag {
	case "#EXT-X-DISCONTINUITY":
		p.s.Discontinuity = true
	case "#EXT-X-MAP":
		return attributes(value, func(name, v string) error {
			p.current, err = quoted(name, "URI", v)
			return err
		})
	case "#EXT-X-PROGRAM-DATE-TIME":
		p.s.ProgramDateTime, err = time.Parse("2006-01-02T15:04:05.000Z", value)
	case "#EXT-X-PART":
		return p.part(value)
	case "#EXT-X-GAP":
		p.s.Gap = true
	case "#EXTINF":
		p.extinf = true
		p.s.Duration, err = seconds(strings.TrimSuffix(value, ","))
	case "#EXT-X-PRELOAD-HINT":
		p.tail = true
		uri, found := strings.CutPrefix(value, "TYPE=PART,URI=")
		if !found {
			return errors.New("no hint of a part")
		}
		p.m.PreloadHint, err = strconv.Unquote(uri)
	case "#EXT-X-RENDITION-REPORT":
		p.tail = true
		return p.report(value)
	case "#EXT-X-ENDLIST":
		p.m.Ended = true
	default:
		return errors.New("unknown tag")
	}
	return err
}

func (p *mediaParser) part(value string) error {
	var part Part
	err := attributes(value, func(name, v string) (err error) {
		switch name {
		case "DURATION":
			part.Duration, err = seconds(v)
		case "INDEPENDENT":
			part.Independent, err = yes(v)
		case "GAP":
			part.Gap, err = yes(v)
		default:
			part.URI, err = quoted(name, "URI", v)
		}
		return err
	})
	if part.Duration > p.m.PartTarget {
		return errors.New("part over PART-TARGET")
	}
	p.s.Parts = append(p.s.Parts, part)
	return err
}

func (p *mediaParser) report(value string) error {
	r := RenditionReport{LastPart: -1}
	err := attributes(value, func(name, v string) (err error) {
		switch name {
		case "LAST-MSN":
			r.LastMSN, err = strconv.ParseInt(v, 10, 64)
		case "LAST-PART":
			r.LastPart, err = strconv.Atoi(v)
		default:
			r.URI, err = quoted(name, "URI", v)
		}
		return err
	})
	p.m.Reports = append(p.m.Reports, r)
	return err
}

func (p *mediaParser) uri(line string) error {
	if !p.extinf || line == "" {
		return errors.New("address without EXTINF, or none")
	}
	if p.s.Duration.Round(time.Second) > p.m.TargetDuration {
		return errors.New("segment over TARGETDURATION")
	}
	p.s.URI, p.s.Map = line, p.current
	p.m.Segments = append(p.m.Segments, p.s)
	p.s, p.extinf = Segment{}, false
	return nil
}

// attributes splits an attribute list (RFC 8216bis 4.2).
func attributes(list string, each func(name, value string) error) error {
	for list != "" {
		name, rest, found := strings.Cut(list, "=")
		if !found {
			return errors.New("attribute without value")
		}
		end := strings.IndexByte(rest, ',')
		if strings.HasPrefix(rest, `"`) {
			end = strings.IndexByte(rest[1:], '"') + 2
		}
		if end < 0 || end > len(rest) {
			end = len(rest)
		}
		if err := each(name, rest[:end]); err != nil {
			return err
		}
		list = rest[end:]
		if list != "" && (list[0] != ',' || len(list) == 1) {
			return errors.New("attributes run together")
		}
		list = strings.TrimPrefix(list, ",")
	}
	return nil
}

func quoted(name, want, v string) (string, error) {
	if name != want || len(v) < 2 || v[0] != '"' || v[len(v)-1] != '"' {
		return "", errors.New("no quoted " + want)
	}
	return v[1 : len(v)-1], nil
}

func yes(v string) (bool, error) {
	if v != "YES" {
		return false, errors.New("not YES")
	}
	return true, nil
}

// seconds reads a number with exactly five decimals.
func seconds(v string) (time.Duration, error) {
	if dot := strings.IndexByte(v, '.'); dot < 1 || len(v)-dot != 6 {
		return 0, errors.New("not five decimals")
	}
	f, err := strconv.ParseFloat(v, 64)
	return time.Duration(math.Round(f*1e5)) * 10 * time.Microsecond, err
}
