package audience

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/rostrumlive/rostrum/internal/store"
)

// maxPoints bounds a history: more than a graph has pixels for are summed up.
const maxPoints = 240

// pending is what was counted and is in no row yet.
type pending struct {
	viewings, peak int64
	watched        time.Duration
	minutes        []store.AudienceMinute // oldest first; the newest may not be over
	told           bool                   // players told of something
}

func (p *pending) nothing() bool { return p.viewings == 0 && p.watched == 0 && p.peak == 0 && !p.told }

func (p *pending) add(at time.Time, peak int64, watched time.Duration) {
	if n := len(p.minutes); n > 0 && p.minutes[n-1].At.Equal(at) {
		m := &p.minutes[n-1]
		m.Peak, m.Watched = max(m.Peak, peak), m.Watched+watched
		return
	}
	p.minutes = append(p.minutes, store.AudienceMinute{At: at, Peak: peak, Watched: watched})
}

// note moves what was counted since the last time to its minute.
func (r *Room) note(now time.Time) {
	watched, began := time.Duration(r.watched.Swap(0)), r.began.Swap(0)
	peak := max(r.crest.Swap(r.count.Load()), r.count.Load())
	if peak == 0 && watched == 0 && began == 0 {
		return
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	p := &r.pending
	p.viewings, p.peak, p.watched = p.viewings+began, max(p.peak, peak), p.watched+watched
	p.add(now.UTC().Truncate(time.Minute), peak, watched)
}

func (r *Room) take() pending {
	r.mu.Lock()
	defer r.mu.Unlock()
	p := r.pending
	r.pending = pending{}
	return p
}

// putBack undoes take, but for minutes that are too many to keep.
func (r *Room) putBack(p pending) {
	r.mu.Lock()
	defer r.mu.Unlock()
	newer := r.pending.minutes
	r.pending = pending{
		viewings: p.viewings + r.pending.viewings, peak: max(p.peak, r.pending.peak), watched: p.watched + r.pending.watched,
		minutes: p.minutes[max(0, len(p.minutes)-maxPoints):], told: p.told || r.pending.told,
	}
	for _, m := range newer {
		r.pending.add(m.At, m.Peak, m.Watched)
	}
}

// put adds to the rows. The room's writing is held.
func (r *Room) put(ctx context.Context, tx *store.Tx, p pending) error {
	old, err := qualityOf(ctx, tx.Reader, r.broadcastID)
	if err != nil {
		return err
	}
	r.mu.Lock()
	if !r.restored {
		r.sums.merge(old)
		r.restored = true
	}
	text, err := json.Marshal(r.sums)
	r.mu.Unlock()
	if err != nil {
		return fmt.Errorf("write how it played: %w", err)
	}
	err = tx.AddAudience(ctx, store.Audience{BroadcastID: r.broadcastID, Viewings: p.viewings, Peak: p.peak, Watched: p.watched, Quality: string(text)})
	for _, m := range p.minutes {
		if err != nil {
			return err
		}
		err = tx.AddAudienceMinute(ctx, r.broadcastID, m)
	}
	return err
}

func qualityOf(ctx context.Context, db store.Reader, broadcastID string) (q Quality, err error) {
	a, err := db.Audience(ctx, broadcastID)
	if errors.Is(err, store.ErrNotFound) {
		return q, nil
	}
	if err == nil && a.Quality != "" {
		err = json.Unmarshal([]byte(a.Quality), &q)
	}
	return q, err
}

// Point is one stretch of a history.
type Point struct {
	At   time.Time
	Mean float64 // viewers
	Peak int
}

// History is who watched a broadcast.
type History struct {
	Now      int // while it is on air
	Viewings int64
	Peak     int64
	Watched  time.Duration
	Every    time.Duration // from one point to the next
	Points   []Point       // oldest first; stretches that nobody watched are left out
	Quality  Quality
}

// History tells who watched a broadcast that was on air from one time to another,
// which is now while it is.
func (s *Service) History(ctx context.Context, broadcastID string, from, to time.Time) (History, error) {
	minutes := int64(max(to.Sub(from), 0)/time.Minute) + 1
	h := History{Every: time.Duration((minutes+maxPoints-1)/maxPoints) * time.Minute}
	a, err := s.o.DB.Audience(ctx, broadcastID)
	if err != nil && !errors.Is(err, store.ErrNotFound) {
		return h, err
	}
	h.Viewings, h.Peak, h.Watched = a.Viewings, a.Peak, a.Watched
	rows, err := s.o.DB.AudienceMinutes(ctx, broadcastID, h.Every)
	if err != nil {
		return h, err
	}
	if h.Quality, err = qualityOf(ctx, s.o.DB.Reader, broadcastID); err != nil {
		return h, err
	}
	if r := s.Room(broadcastID); r != nil {
		rows = r.addTo(&h, rows)
	}
	for _, m := range rows {
		first, last := m.At, m.At.Add(h.Every)
		if first.Before(from) {
			first = from
		}
		if last.After(to) {
			last = to
		}
		over := max(last.Sub(first), time.Second)
		h.Points = append(h.Points, Point{At: m.At, Mean: m.Watched.Seconds() / over.Seconds(), Peak: int(m.Peak)})
	}
	return h, nil
}

// addTo adds what is in no row yet.
func (r *Room) addTo(h *History, rows []store.AudienceMinute) []store.AudienceMinute {
	r.note(r.s.o.Now())
	r.mu.Lock()
	defer r.mu.Unlock()
	p := &r.pending
	h.Now, h.Viewings, h.Peak, h.Watched = r.Count(), h.Viewings+p.viewings, max(h.Peak, p.peak), h.Watched+p.watched
	sum := pending{minutes: slices.Clone(rows)}
	for _, m := range p.minutes {
		sum.add(m.At.Truncate(h.Every), m.Peak, m.Watched)
	}
	if r.restored {
		h.Quality = Quality{}
	}
	h.Quality.merge(r.sums)
	return sum.minutes
}
