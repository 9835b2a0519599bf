package importer

import (
	"cmp"
	"fmt"
	"net/url"
	"path/filepath"
	"slices"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"
)

// draft collects the settings and the notes while a configuration is read.
type draft struct {
	schema   Schema
	settings []Setting
	at       map[string]int // key → place in settings
	notes    []Note
	files    []string // in the order in which they were met
}

// place is where something stands.
type place struct {
	file    string
	line    int
	subject string
}

// note writes a line of the report, and returns its number.
func (d *draft) note(p place, outcome Outcome, text string) int {
	if !slices.Contains(d.files, p.file) {
		d.files = append(d.files, p.file)
	}
	d.notes = append(d.notes, Note{File: p.file, Line: p.line, Subject: p.subject, Outcome: outcome, Text: text})
	return len(d.notes) - 1
}

func (d *draft) ignore(p place, why string)  { d.note(p, Ignored, why) }
func (d *draft) always(p place, what string) { d.note(p, Taken, what) }
func (d *draft) differ(p place, how string)  { d.note(p, Differs, how) }

// take sets one of our keys. difference says how what it does here is not what
// the line did; it is empty when it is. The first line that sets a key keeps it.
func (d *draft) take(p place, key, value, difference string) {
	if _, known := d.schema.Default(key); !known {
		d.ignore(p, "this version has no "+key)
		return
	}
	if i, twice := d.at[key]; twice {
		d.again(p, d.settings[i], value)
		return
	}
	if file := key == "https.cert" || key == "https.key"; file && difference == "" && !filepath.IsAbs(value) {
		difference = "a relative path begins where the server is started"
	}
	// A new line in a value would be one in the file.
	if strings.ContainsFunc(value, unicode.IsControl) {
		d.ignore(p, key+" takes no control characters")
		return
	}
	if !utf8.ValidString(value) {
		d.ignore(p, key+" takes UTF-8, which this is not")
		return
	}
	if err := d.schema.Check(key, value); err != nil {
		why := key + " does not take this value"
		if !secretive(key) {
			why = key + ": " + printable(err.Error())
		}
		d.ignore(p, why)
		return
	}
	text := key + " is " + shown(key, value)
	outcome := Taken
	if difference != "" {
		text, outcome = text+": "+difference, Differs
	}
	d.at[key] = len(d.settings)
	d.settings = append(d.settings, Setting{Key: key, Value: value, File: p.file, Line: p.line, note: d.note(p, outcome, text)})
}

// again tells of a line that would set a key which another line has set.
func (d *draft) again(p place, first Setting, value string) {
	if value == first.Value {
		d.always(p, fmt.Sprintf("%s is so by line %d", first.Key, first.Line))
		return
	}
	d.ignore(p, fmt.Sprintf("the whole server has one %s, and line %d has set it", first.Key, first.Line))
}

// span sets a key that is a length of time, brought within its bounds.
func (d *draft) span(p place, key string, length time.Duration, difference string) {
	least, most := d.schema.Bounds(key)
	switch {
	case most == 0: // the key is none, or none of time: take will tell
	case length < least:
		length, difference = least, "this is the least, and "+short(length)+" stands here"
	case length > most:
		length, difference = most, "this is the most, and "+short(length)+" stands here"
	}
	d.take(p, key, short(length), difference)
}

// drop takes a setting back.
func (d *draft) drop(key, why string) {
	i := d.at[key]
	n := &d.notes[d.settings[i].note]
	n.Outcome, n.Text = Ignored, why
	d.settings = slices.Delete(d.settings, i, i+1)
	delete(d.at, key)
	for key, at := range d.at {
		if at > i {
			d.at[key] = at - 1
		}
	}
}

// change gives a setting another value.
func (d *draft) change(key, value, why string) {
	s := &d.settings[d.at[key]]
	s.Value = value
	n := &d.notes[s.note]
	n.Outcome, n.Text = Differs, key+" is "+shown(key, value)+": "+why
}

// reconcile makes the settings go together: lengths of playlists are brought to
// what this server allows, and what still does not go with the rest is dropped.
func (d *draft) reconcile() {
	segment, window, part := d.length("hls.segment"), d.length("hls.live_window"), d.length("hls.part")
	if _, set := d.at["hls.live_window"]; set && window < 6*segment {
		d.change("hls.live_window", short(6*segment), "playlists reach back at least six segments, and "+short(window)+" stands here")
	}
	if _, set := d.at["hls.part"]; set && part > segment/2 {
		d.change("hls.part", short(segment/2), "a part is at most half a segment, and "+short(part)+" stands here")
	}
	for len(d.settings) > 0 {
		values := make(map[string]string, len(d.settings))
		for _, s := range d.settings {
			values[s.Key] = s.Value
		}
		key, why := d.schema.Clash(values)
		if why == nil {
			return
		}
		if _, ours := d.at[key]; !ours {
			key = d.settings[len(d.settings)-1].Key
		}
		d.drop(key, printable(why.Error()))
	}
}

// length returns the time of a key, as it was set or by default.
func (d *draft) length(key string) time.Duration {
	text, _ := d.schema.Default(key)
	if i, set := d.at[key]; set {
		text = d.settings[i].Value
	}
	length, err := time.ParseDuration(text)
	if err != nil {
		return 0
	}
	return length
}

// sorted returns the notes by file and line.
func (d *draft) sorted() []Note {
	order := make(map[string]int, len(d.files))
	for i, name := range d.files {
		order[name] = i
	}
	slices.SortStableFunc(d.notes, func(a, b Note) int {
		return cmp.Or(cmp.Compare(order[a.File], order[b.File]), cmp.Compare(a.Line, b.Line))
	})
	return d.notes
}

// secretive says whether values of a key may hold what a report must not show.
func secretive(key string) bool {
	return strings.HasPrefix(key, "hooks.") || strings.HasPrefix(key, "control.")
}

// shown is a value as the report shows it: of an address its host and path, as
// back-ends are often told their secret in the rest.
func shown(key, value string) string {
	if u, err := url.Parse(value); secretive(key) && err == nil && u.Host != "" {
		value = u.Scheme + "://" + u.Host + u.Path
	}
	return printable(value)
}

// short writes a length of time without the zeros that its String ends with.
func short(length time.Duration) string {
	text := length.String()
	if strings.HasSuffix(text, "m0s") {
		text = strings.TrimSuffix(text, "0s")
	}
	if strings.HasSuffix(text, "h0m") {
		text = strings.TrimSuffix(text, "0m")
	}
	return text
}
