package crowd

import (
	"context"
	"fmt"
	"strconv"
	"sync"
	"sync/atomic"
	"time"

	"github.com/rostrumlive/rostrum/bench/internal/keepalive"
	"github.com/rostrumlive/rostrum/internal/testkit"
)

// maxAnswer is what a list or part may take, with its header.
const maxAnswer = 32 << 10

// Reloads are viewers that follow a channel by blocking reloads.
type Reloads struct {
	lists    int
	stop     chan struct{}
	stopping sync.Once
	all      sync.WaitGroup
	failed   faults
	each     []reloader
	joined   atomic.Int64
	// dates are when parts were at their end, for each list; nil when parked.
	dates []map[string]time.Time
}

// Reload has every connection follow one of the lists, in turn, as players do:
// it asks for the next part's list, and then for each part that is new in it.
// With two lists a viewer is two connections. The caller owes Stop.
func (c *Crowd) Reload(lists []string) *Reloads {
	dates := make([]map[string]time.Time, len(lists))
	for i := range dates {
		dates[i] = map[string]time.Time{}
	}
	return c.begin(lists, dates, 0)
}

// Park has every connection wait for the first part of the next segment, over
// and over: all wake together. Each asks again within the given time, spread
// evenly, so that the asking is not in the way of the answers; it is less than
// a segment. The caller owes Stop.
func (c *Crowd) Park(list string, within time.Duration) *Reloads {
	return c.begin([]string{list}, nil, within)
}

func (c *Crowd) begin(lists []string, dates []map[string]time.Time, within time.Duration) *Reloads {
	r := &Reloads{lists: len(lists), stop: make(chan struct{}), each: make([]reloader, len(c.conns)), dates: dates}
	for i, conn := range c.conns {
		v := &r.each[i]
		*v = reloader{of: r, conn: conn, path: lists[i%len(lists)], rest: within * time.Duration(i) / time.Duration(len(c.conns))}
		if i < len(dates) {
			v.dates = dates[i]
		}
		r.all.Go(func() {
			if err := v.run(); err != nil && !r.over() {
				r.failed.add(fmt.Errorf("%s: %w", v.path, err))
			}
		})
	}
	return r
}

func (r *Reloads) over() bool {
	select {
	case <-r.stop:
		return true
	default:
		return false
	}
}

// Joined reports whether every viewer has had its first list, and the first
// fault if there was one.
func (r *Reloads) Joined(context.Context) error {
	if err := r.failed.err(); err != nil {
		return err
	}
	if n := int(r.joined.Load()); n < len(r.each) {
		return fmt.Errorf("%d of %d viewers have a list", n, len(r.each))
	}
	return nil
}

// Stop has each viewer go after its next answer, and returns what went wrong
// until then. It is idempotent.
func (r *Reloads) Stop() error {
	r.stopping.Do(func() { close(r.stop) })
	r.all.Wait()
	return r.failed.err()
}

// arrival is when something was whole at a viewer.
type arrival struct {
	what string // a part's address, or the question
	at   time.Time
}

// reloader is one viewer of one list.
type reloader struct {
	of       *Reloads
	conn     *keepalive.Conn
	path     string
	rest     time.Duration // when parked, between an answer and the next question
	arrivals []arrival
	dates    map[string]time.Time // of the list, for the first who follows it
}

func (v *reloader) run() error {
	buf := make([]byte, maxAnswer)
	question, newest := "", ""
	for first := true; !v.of.over(); first = false {
		list, err := v.conn.Get(v.path+question, buf)
		if err != nil {
			return fmt.Errorf("%s: %w", question, err)
		}
		came := time.Now()
		end, err := next(list)
		if err != nil {
			return err
		}
		if first {
			v.of.joined.Add(1)
		}
		if v.of.dates != nil {
			if newest, err = v.fetch(list, newest, buf); err != nil {
				return err
			}
		} else {
			if !first {
				v.arrivals = append(v.arrivals, arrival{question, came})
			}
			end = position{end.msn + 1, 0}
			v.pause()
		}
		question = "?_HLS_msn=" + strconv.FormatInt(end.msn, 10) + "&_HLS_part=" + strconv.Itoa(end.part)
	}
	return nil
}

// fetch asks for the parts that are new in the list, and returns the newest.
func (v *reloader) fetch(list []byte, newest string, buf []byte) (string, error) {
	if v.dates != nil {
		if err := v.date(list); err != nil {
			return "", err
		}
	}
	parts, err := partsAfter(list, newest)
	if err != nil {
		return "", err
	}
	for _, uri := range parts { // the list's bytes are gone from here on
		if _, err := v.conn.Get(folderOf(v.path).path(uri), buf); err != nil {
			return "", fmt.Errorf("%s: %w", uri, err)
		}
		if newest != "" { // the first is of any age
			v.arrivals = append(v.arrivals, arrival{uri, time.Now()})
		}
		newest = uri
	}
	return newest, nil
}

func (v *reloader) pause() {
	timer := time.NewTimer(v.rest)
	defer timer.Stop()
	select {
	case <-timer.C:
	case <-v.of.stop:
	}
}

// date notes when each part in the list was at its end, by the list's dates.
func (v *reloader) date(list []byte) error {
	m, err := testkit.ParseMedia(string(list))
	if err != nil {
		return err
	}
	var at time.Time
	note := func(parts []testkit.MediaPart, begin time.Time) {
		if !begin.IsZero() {
			at = begin
		}
		for _, p := range parts {
			at = at.Add(p.Duration)
			v.dates[p.URI] = at // what is without a date is in no run's time
		}
	}
	for _, s := range m.Segments {
		note(s.Parts, s.ProgramDateTime)
		if len(s.Parts) == 0 && !s.ProgramDateTime.IsZero() {
			at = s.ProgramDateTime.Add(s.Duration)
		}
	}
	note(m.Parts, m.NextProgramDateTime)
	return nil
}

// Delays are how long after it was there something came to those who waited
// for it.
type Delays struct {
	Millis []float64 // of what each viewer got
	Want   int       // what all viewers should have got
}

// Between returns the delays of what was published from one time to another,
// once the viewers have stopped. What a viewer fetched is timed from when it
// was published by its list's dates: frame, for each list, is how long before a
// part's end its last frame came to the server. An answer to those who were
// parked is timed from the first of them who had it.
func (r *Reloads) Between(from, to time.Time, frame ...time.Duration) Delays {
	var d Delays
	for i := range r.lists {
		since := map[string]time.Time{}
		for what, at := range r.times(i) {
			if r.dates != nil {
				at = at.Add(-frame[i])
			}
			if !at.Before(from) && at.Before(to) {
				since[what] = at
			}
		}
		for j := i; j < len(r.each); j += r.lists {
			d.Want += len(since)
			for _, a := range r.each[j].arrivals {
				if at, ok := since[a.what]; ok {
					d.Millis = append(d.Millis, a.at.Sub(at).Seconds()*1000)
				}
			}
		}
	}
	return d
}

func (r *Reloads) times(list int) map[string]time.Time {
	if r.dates != nil {
		return r.dates[list]
	}
	first := map[string]time.Time{}
	for i := range r.each {
		for _, a := range r.each[i].arrivals {
			if at, ok := first[a.what]; !ok || a.at.Before(at) {
				first[a.what] = a.at
			}
		}
	}
	return first
}
