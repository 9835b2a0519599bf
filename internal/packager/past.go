package packager

import (
	"context"
	"sync/atomic"
	"time"

	"github.com/rostrumlive/rostrum/internal/manifest"
)

// rowsAtOnce is how many segments are asked of the archive at a time.
const rowsAtOnce = 4096

// past is the older part of a rewind playlist: the text of all segments that
// delta updates skip. It costs memory only while somebody rewinds, about 110
// bytes for each segment, and what a part costs does not grow with it. One
// goroutine at a time may change it.
type past struct {
	prefix string // of addresses
	text   []byte // appended to, cut at the front; views share its memory
	marks  []mark // one for each entry of text

	first  int64        // number of the first entry, or of the one to come
	next   atomic.Int64 // number of the entry to come
	end    time.Time    // program time at the end of the newest
	length time.Duration
	discs  int64 // discontinuities before the first entry
	bound  int64 // entries that do not begin with a sync sample
	inits  string
	init   int64 // number of the initialisation section in force, -1: none; inits is its address
}

// mark is what is known of an entry besides its text.
type mark struct {
	duration time.Duration
	init     int32 // number of the initialisation section in force, -1: none
	size     uint32
	tagged   bool // its text names the initialisation section
	disc     bool
	bound    bool
}

// view is a past as it was at one moment. It does not change.
type view struct {
	first, count int64
	discs        int64  // discontinuities before the first segment
	independent  bool   // each entry begins with a sync sample
	text         []byte // of the entries
	lead, last   string // addresses of the initialisation sections before the first entry's text and after the last
}

func newPast(prefix string, first, discs int64) *past {
	p := &past{prefix: prefix, first: first, discs: discs, init: -1}
	p.next.Store(first)
	return p
}

// fill lists gaps for what is missing before a segment that begins then: each
// number is listed once. They share the time that they took.
func (p *past) fill(number int64, at time.Time, target time.Duration) {
	missing := number - p.next.Load()
	if missing <= 0 || len(p.marks) == 0 {
		return
	}
	each := max(time.Millisecond, min(target, at.Sub(p.end)/time.Duration(missing)).Truncate(time.Millisecond))
	for range missing {
		p.append(Listed{Number: p.next.Load(), Time: p.end, Duration: each, Gap: true})
	}
}

// append adds an entry. Nothing is missing before it, or it is the first.
func (p *past) append(l Listed) {
	m := mark{duration: l.Duration, disc: l.Discontinuity, bound: !l.Gap && !l.Independent}
	entry, before := p.entry(l), p.inits
	if entry.Map != "" && p.init != l.Init {
		p.init, p.inits, m.tagged = l.Init, entry.Map, true
	}
	m.init = int32(p.init)
	from := len(p.text)
	p.text = entry.AppendTo(p.text, before)
	m.size = uint32(len(p.text) - from)
	p.marks = append(p.marks, m)
	if len(p.marks) == 1 {
		p.first = l.Number
	}
	if m.bound {
		p.bound++
	}
	p.length += l.Duration
	p.end = l.Time.Add(l.Duration)
	p.next.Store(l.Number + 1)
}

func (p *past) entry(l Listed) manifest.Segment {
	known := p.inits
	if l.Init != p.init {
		known = ""
	}
	return l.entry(p.prefix, known)
}

// entry is the segment's in a playlist whose addresses begin so. initURI is the
// address of its initialisation section, "" when that is yet to be made.
func (l Listed) entry(prefix, initURI string) manifest.Segment {
	e := manifest.Segment{
		URI: address(prefix, segmentPrefix, l.Number, mediaSuffix), Duration: l.Duration, ProgramDateTime: l.Time,
		Discontinuity: l.Discontinuity, Gap: l.Gap,
	}
	if l.Gap || l.Init < 0 {
		return e
	}
	if e.Map = initURI; initURI == "" {
		e.Map = address(prefix, initPrefix, l.Init, initSuffix)
	}
	return e
}

// cut forgets the oldest entries until the rest and what follows it, of that
// length, last no longer than reach.
func (p *past) cut(following, reach time.Duration) {
	n := 0
	for ; n < len(p.marks) && p.length+following > reach; n++ {
		m := &p.marks[n]
		p.text = p.text[m.size:]
		p.length -= m.duration
		if m.disc {
			p.discs++
		}
		if m.bound {
			p.bound--
		}
	}
	p.marks = p.marks[n:]
	p.first += int64(n)
}

// view returns the entries before a number, which is at most that of the entry
// to come.
func (p *past) view(before int64) view {
	n := int(before - p.first)
	if n <= 0 {
		return view{first: before, discs: p.discs, independent: true}
	}
	v := view{first: p.first, count: int64(n), discs: p.discs, independent: p.bound == 0}
	end := len(p.text)
	for _, m := range p.marks[n:] {
		end -= int(m.size)
	}
	v.text = p.text[:end:end]
	if m := p.marks[0]; !m.tagged {
		v.lead = p.initURI(m.init)
	}
	v.last = p.initURI(p.marks[n-1].init)
	return v
}

func (p *past) initURI(number int32) string {
	switch {
	case number < 0:
		return ""
	case int64(number) == p.init:
		return p.inits
	}
	return address(p.prefix, initPrefix, int64(number), initSuffix)
}

// readPast reads what of the broadcast lies in the archive before a number and
// is listed within reach; a reach of 0 is all. discs is how many
// discontinuities there are before that number.
func (w *Window) readPast(ctx context.Context, before, discs int64, reach time.Duration, all bool) (*past, error) {
	target := w.packager.opts.TargetDuration()
	var pages [][]Listed
	for until := before; until > 0 && (all || reach > 0); {
		from := max(0, until-rowsAtOnce)
		page, err := w.packager.opts.Archive.Older(ctx, w.packager.Broadcast(), w.Name, from, until)
		if err != nil {
			return nil, err
		}
		first := len(page)
		for first > 0 && page[first-1].Duration <= target { // a list keeps its target duration
			if reach -= page[first-1].Duration; reach < 0 && !all {
				break
			}
			first--
		}
		pages = append(pages, page[first:])
		if first > 0 || len(page) == 0 {
			break
		}
		until = from
	}
	p := newPast(w.prefixes[Rewind], before, discs)
	for i := len(pages) - 1; i >= 0; i-- {
		for _, l := range pages[i] {
			p.fill(l.Number, l.Time, target)
			p.append(l)
			if l.Discontinuity {
				p.discs--
			}
		}
	}
	p.discs = max(0, p.discs)
	return p, nil
}
