package packager

// waiters are the requests that wait for news of a window. A blocking reload is
// woken when what it asks for is there, and not by each part before that:
// thousands may wait for what is to come in seconds, and looking each of them
// up five times a second for nothing takes the processor from those whose part
// is there.
type waiters struct {
	any  chan struct{}            // closed at the next news, made by the first who waits
	news map[reload]chan struct{} // closed when the snapshot answers the reload, or the window turns
}

// on returns the channel that is closed when it is worth looking again for
// what a request asks for.
func (ws *waiters) on(want reload) <-chan struct{} {
	if !want.blocks {
		return ws.next()
	}
	// A part past a segment's last is the next one's first (RFC 8216bis
	// 6.2.5.2), so that there are no more places than segments have parts.
	want.part = min(want.part, maxParts)
	c := ws.news[want]
	if c == nil {
		if ws.news == nil {
			ws.news = map[reload]chan struct{}{}
		}
		c = make(chan struct{})
		ws.news[want] = c
	}
	return c
}

// next returns the channel that is closed at the next news, whatever it is.
func (ws *waiters) next() <-chan struct{} {
	if ws.any == nil {
		ws.any = make(chan struct{})
	}
	return ws.any
}

// tell wakes those whom s answers, and all of them when the window has turned:
// when the encoder went or came back, or nothing comes any more.
func (ws *waiters) tell(s *snapshot, turned bool) {
	if ws.any != nil {
		close(ws.any)
		ws.any = nil
	}
	for want, c := range ws.news {
		if turned || s.has(want.msn, want.part) {
			close(c)
			delete(ws.news, want)
		}
	}
}
