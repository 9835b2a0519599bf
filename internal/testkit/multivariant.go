package testkit

import (
	"fmt"
	"strings"
)

// ParseMultivariant reads a multivariant playlist strictly, and checks what
// must hold inside it: every variant says its bandwidth and codecs, a picture
// its size, and names only groups that exist.
func ParseMultivariant(text string) (*Multivariant, error) {
	list, err := playlistLines(text)
	if err != nil {
		return nil, err
	}
	var (
		m       Multivariant
		pending *Variant
	)
	for i, line := range list {
		tag, value, _ := strings.Cut(line, ":")
		if pending != nil && (line == "" || line[0] == '#') {
			return nil, fmt.Errorf("line %d: EXT-X-STREAM-INF without its address", i+2)
		}
		var err error
		switch {
		case line == "":
		case line[0] != '#':
			if pending == nil {
				return nil, fmt.Errorf("line %d: an address without EXT-X-STREAM-INF", i+2)
			}
			pending.URI, err = line, relative(line)
			m.Variants = append(m.Variants, *pending)
			pending = nil
		case tag == "#EXT-X-VERSION":
			m.Version, err = parseInteger(value)
		case tag == "#EXT-X-INDEPENDENT-SEGMENTS":
			m.IndependentSegments = true
		case tag == "#EXT-X-MEDIA":
			err = m.media(value)
		case tag == "#EXT-X-STREAM-INF":
			pending = &Variant{}
			err = pending.parse(value)
		case strings.HasPrefix(line, "#EXT"):
			err = fmt.Errorf("unknown tag")
		}
		if err != nil {
			return nil, fmt.Errorf("line %d (%s): %w", i+2, line, err)
		}
	}
	if pending != nil {
		return nil, fmt.Errorf("EXT-X-STREAM-INF without its address")
	}
	return &m, m.check()
}

func (m *Multivariant) media(value string) error {
	a, err := parseAttrs(value)
	if err != nil {
		return err
	}
	if a["TYPE"].value != "AUDIO" {
		return fmt.Errorf("a rendition that is not audio")
	}
	var r AudioRendition
	if r.Group, err = a.text("GROUP-ID"); err != nil {
		return err
	}
	if r.Name, err = a.text("NAME"); err != nil {
		return err
	}
	if r.Default, err = a.yes("DEFAULT"); err != nil {
		return err
	}
	if _, err = a.yes("AUTOSELECT"); err != nil {
		return err
	}
	if r.Default && a["AUTOSELECT"].value == "NO" {
		return fmt.Errorf("DEFAULT=YES with AUTOSELECT=NO")
	}
	r.Channels = a["CHANNELS"].value
	if _, ok := a["URI"]; ok {
		if r.URI, err = a.text("URI"); err != nil {
			return err
		}
		err = relative(r.URI)
	}
	m.Audio = append(m.Audio, r)
	return err
}

func (v *Variant) parse(value string) error {
	a, err := parseAttrs(value)
	if err != nil {
		return err
	}
	if v.Bandwidth, err = a.integer("BANDWIDTH"); err != nil {
		return err
	}
	if v.AverageBandwidth, err = a.integer("AVERAGE-BANDWIDTH"); err != nil {
		return err
	}
	if v.Codecs, err = a.text("CODECS"); err != nil {
		return err
	}
	if r, ok := a["RESOLUTION"]; ok {
		if n, err := fmt.Sscanf(r.value, "%dx%d", &v.Width, &v.Height); n != 2 || err != nil || r.quoted {
			return fmt.Errorf("resolution %q", r.value)
		}
	}
	rate, err := a.seconds("FRAME-RATE") // the same form of number
	if err != nil {
		return err
	}
	v.FrameRate = rate.Seconds()
	if r, ok := a["VIDEO-RANGE"]; ok {
		if v.VideoRange = r.value; r.quoted || r.value != "SDR" && r.value != "HLG" && r.value != "PQ" {
			return fmt.Errorf("video range %q", r.value)
		}
	}
	if _, ok := a["AUDIO"]; ok {
		v.Audio, err = a.text("AUDIO")
	}
	return err
}

func (m *Multivariant) check() error {
	if len(m.Variants) == 0 {
		return fmt.Errorf("no variant")
	}
	groups := map[string]bool{}
	for _, r := range m.Audio {
		groups[r.Group] = true
	}
	for _, v := range m.Variants {
		video := strings.Contains(v.Codecs, "avc1.") || strings.Contains(v.Codecs, "hvc1.") || strings.Contains(v.Codecs, "av01.")
		switch {
		case v.Bandwidth <= 0:
			return fmt.Errorf("variant %s has no BANDWIDTH", v.URI)
		case v.AverageBandwidth > v.Bandwidth:
			return fmt.Errorf("variant %s has a higher average bandwidth than its peak", v.URI)
		case v.Audio != "" && !groups[v.Audio]:
			return fmt.Errorf("variant %s names the unknown group %q", v.URI, v.Audio)
		case v.Audio != "" && !strings.Contains(v.Codecs, ","):
			return fmt.Errorf("variant %s has audio that CODECS %q does not tell", v.URI, v.Codecs)
		case video != (v.Width > 0 && v.Height > 0):
			return fmt.Errorf("variant %s has codecs %q and size %dx%d", v.URI, v.Codecs, v.Width, v.Height)
		}
	}
	return nil
}
