package chat

import (
	"bytes"
	"context"
	"encoding/json"
	"slices"
	"time"

	"github.com/rostrumlive/rostrum/internal/store"
)

const (
	// catchUps is how often a room is compared with the rows after a way to another
	// node was made: at once, and when that node surely knows what is listened for
	// here.
	catchUps = 2
	// catchUpEvery is the time between two comparings.
	catchUpEvery = time.Second
)

// tendBus sees to it that rooms are compared with the rows where something may
// have been said that was not heard here. It is called by tend alone.
func (s *Service) tendBus(now time.Time) {
	rooms := s.all()
	if joins := s.o.Bus.Joins(); joins != s.joins.Load() {
		s.joins.Store(joins)
		for _, r := range rooms {
			r.behind.Store(catchUps)
		}
	}
	rooms = slices.DeleteFunc(rooms, func(r *Room) bool { return r.behind.Load() == 0 })
	if len(rooms) == 0 || now.Sub(s.caughtUp) < catchUpEvery || !s.catchingUp.CompareAndSwap(false, true) {
		return
	}
	s.caughtUp = now
	s.async(func() {
		defer s.catchingUp.Store(false)
		for _, r := range rooms {
			r.behind.Add(-1)
			r.catchUp()
		}
	})
}

// catchUp compares what the room knows with the rows, and tells those who are
// connected what was missed. What comes by the bus later is known by its id.
func (r *Room) catchUp() {
	ctx, cancel := context.WithTimeout(r.s.ctx, 30*time.Second)
	defer cancel()
	r.mu.Lock()
	if r.ended || r.channel.ID == "" { // it reads the rows when it is loaded
		r.mu.Unlock()
		return
	}
	before := make(map[string]bool, len(r.lines))
	for _, l := range r.lines {
		before[l.id] = true
	}
	r.mu.Unlock()
	rows, err := r.s.o.DB.ChatLines(ctx, r.channelID, "", "", history)
	if err == nil {
		r.mu.Lock()
		r.compare(before, rows)
		err = r.rereadSettings(ctx)
		r.mu.Unlock()
	}
	if err != nil {
		r.behind.Add(1)
		r.s.log.Warn("what a chat missed cannot be read; it is tried again", "channel", r.channelID, "error", err)
		return
	}
	r.flushIfDue()
	r.reloadPoll()
	r.reloadEmotes()
	r.recheck()
}

// compare puts what rows have, the newest first, in the place of what is in
// memory. before is what was there before they were read: what came or went since
// is newer than they are. The lock is held.
func (r *Room) compare(before map[string]bool, rows []store.ChatLine) {
	oldest := "" // before it there may be lines that are not among the rows
	if len(rows) == history {
		oldest = rows[len(rows)-1].ID
	}
	stand := make(map[string]bool, len(rows))
	for _, row := range rows {
		stand[row.ID] = true
	}
	var gone []string
	for _, l := range r.lines {
		if before[l.id] && !stand[l.id] && l.id > oldest {
			gone = append(gone, l.id)
		}
	}
	if len(gone) > 0 {
		r.dropLines(func(l *entry) bool { return slices.Contains(gone, l.id) })
		r.append(encode(Deleted{Type: "delete", IDs: gone}))
	}
	for _, row := range slices.Backward(rows) {
		line := []byte(row.Line)
		if !before[row.ID] && r.addLine(&envelope{ID: row.ID, User: row.UserID, Event: line}) {
			r.append(line)
		}
	}
}

// rereadSettings tells everybody of another mode, and of what is pinned. The lock
// is held.
func (r *Room) rereadSettings(ctx context.Context) error {
	mode, pin := encode(modeEvent(r.settings)), r.pin
	if err := r.loadSettings(ctx); err != nil {
		return err
	}
	if now := encode(modeEvent(r.settings)); !bytes.Equal(now, mode) {
		r.append(now)
	}
	if !bytes.Equal(pin, r.pin) {
		e := PinEvent{Type: "pin", Line: r.pin}
		if r.pin == nil {
			e.Line = json.RawMessage("null")
		}
		r.append(encode(e))
	}
	return nil
}
