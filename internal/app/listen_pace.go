package app

import "time"

// blind is how many times as long a write may take where the system does not
// tell how much of it has arrived.
const blind = 30

// watch looks at the connections until close.
func (l *viewers) watch() {
	ticker := time.NewTicker(l.pace.look)
	defer ticker.Stop()
	var told toldViewers
	for {
		select {
		case <-l.stop:
			return
		case now := <-ticker.C:
			l.look(now)
			l.tell(&told)
		}
	}
}

// look cuts off the viewers that do not take what they asked for.
func (l *viewers) look(now time.Time) {
	for _, v := range l.writing() {
		if !v.stands(now, l.pace) {
			continue
		}
		l.cutOff.Add(1)
		l.forget(v)
		abort(v.TCPConn) // the write that waits for it fails, and its goroutine ends
	}
}

// writing lists the connections that a response waits for.
func (l *viewers) writing() []*viewer {
	l.mu.Lock()
	defer l.mu.Unlock()
	var list []*viewer
	for v := range l.open {
		if v.writes.Load()%2 == 1 {
			list = append(list, v)
		}
	}
	return list
}

// stands reports whether a viewer whose response waits for it has taken too
// little of it for too long. What counts is what the viewer acknowledged, not
// what the system took from us: a large buffer takes nothing for minutes while
// a slow viewer empties it.
func (v *viewer) stands(now time.Time, p pace) bool {
	write := v.writes.Load()
	taken, known := acknowledged(v.TCPConn)
	if write != v.write || taken-v.taken >= p.least {
		v.write, v.taken, v.at = write, taken, now
		return false
	}
	patience := p.patience
	if !known {
		patience *= blind
	}
	return now.Sub(v.at) >= patience
}

// toldViewers is what the log has heard of already.
type toldViewers struct{ cutOff, madeRoom, turnedAway, starved int64 }

// tell logs what happened since the last look: one line of each kind.
func (l *viewers) tell(told *toldViewers) {
	since := func(before *int64, now int64) int64 {
		n := now - *before
		*before = now
		return n
	}
	if n := since(&told.cutOff, l.cutOff.Load()); n > 0 {
		l.log.Info("viewers cut off that did not take what they asked for", "count", n)
	}
	if n := since(&told.madeRoom, l.madeRoom.Load()); n > 0 {
		l.log.Warn("idle viewers made room for others: allow the server more open files (LimitNOFILE of systemd)", "count", n, "limit", l.limit)
	}
	if n := since(&told.turnedAway, l.turnedAway.Load()); n > 0 {
		l.log.Warn("viewers turned away: allow the server more open files (LimitNOFILE of systemd)", "count", n, "limit", l.limit)
	}
	if n := since(&told.starved, l.starved.Load()); n > 0 {
		l.log.Error("viewers wait as no file can be opened: allow the server, or the system, more open files", "count", n)
	}
}
