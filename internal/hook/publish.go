package hook

import (
	"context"
	"errors"
	"time"

	"github.com/rostrumlive/rostrum/internal/live"
)

const (
	// maxKnown bounds the names that are remembered for FailOpen.
	maxKnown = 4096
	// misses is how many times in a row on_update may go unanswered before its
	// session ends, unless FailOpen is set: a back-end that is started anew takes
	// nobody off the air.
	misses = 3
)

// session is an encoder that was let in.
type session struct {
	client
	stop func(*live.Refusal)
	gone chan struct{} // closed at its end
}

func refusal(code, reason string) *live.Refusal { return &live.Refusal{Code: code, Reason: reason} }

func refused() *live.Refusal {
	return refusal("hook_refused", "The site's back-end does not let this stream in.")
}

func unanswered() *live.Refusal {
	return refusal("hook_unanswered", "The site's back-end, which says who may publish, does not answer.")
}

// Ask asks the back-end whether an encoder may publish, within Options.Timeout
// for each dialect. The error is a *live.Refusal, or ctx's own. A hook that is
// not set lets everybody in.
func (s *Service) Ask(ctx context.Context, req live.Request) (live.Leave, error) {
	c := s.encoder(req)
	leave := live.Leave{Client: c.id, Name: c.name}
	if address := s.o.Nginx.OnPublish; address != "" {
		leave.Asked = true
		a, err := s.ask(ctx, c.publishForm(address))
		if err != nil {
			return s.silent(ctx, leave, err)
		}
		v := nginxVerdict(a)
		if !v.allowed {
			return leave, refused()
		}
		if v.name != "" {
			leave.Name, leave.Renamed = v.name, true
		}
		leave.Relay = v.relay
	}
	if address := s.o.SRS.OnPublish; address != "" {
		leave.Asked = true
		a, err := s.ask(ctx, s.srsMessage(c, actionPublish, address))
		if err != nil {
			return s.silent(ctx, leave, err)
		}
		if !srsAllows(a) {
			return leave, refused()
		}
	}
	if leave.Asked && s.o.FailOpen {
		s.remember(c.name, leave)
	}
	return leave, nil
}

// silent decides when the back-end does not answer. A name may be a secret that
// the back-end makes a public one of, so the last that it gave counts.
func (s *Service) silent(ctx context.Context, leave live.Leave, err error) (live.Leave, error) {
	if ctx.Err() != nil {
		return leave, ctx.Err()
	}
	s.grave("the back-end does not say who may publish", err)
	if !s.o.FailOpen {
		return leave, unanswered()
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if name, ok := s.known[leave.Name]; ok && !leave.Renamed {
		leave.Renamed, leave.Name = name != leave.Name, name
	}
	return leave, nil
}

func (s *Service) remember(sent string, leave live.Leave) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if _, ok := s.known[sent]; !ok && len(s.known) >= maxKnown {
		for name := range s.known { // any of them makes room
			delete(s.known, name)
			break
		}
	}
	s.known[sent] = leave.Name
}

// Began is told of an encoder that was let in. stop takes it off the air. The
// end of it is told once, by Gone.
func (s *Service) Began(leave live.Leave, req live.Request, pub *live.Publisher, stop func(*live.Refusal)) {
	c := s.encoderWith(leave, req, pub)
	se := &session{client: c, stop: stop, gone: make(chan struct{})}
	s.mu.Lock()
	if s.closed {
		s.mu.Unlock()
		return
	}
	s.sessions[pub], s.newest[c.broadcast] = se, c
	if s.o.Nginx.OnUpdate != "" {
		s.wg.Go(func() { s.follow(se) }) // ended by Gone, or Close
	}
	s.mu.Unlock()
}

func (s *Service) encoderWith(leave live.Leave, req live.Request, pub *live.Publisher) client {
	c := s.encoder(req)
	c.id, c.stream, c.broadcast = leave.Client, pub.Channel(), pub.Broadcast()
	return c
}

// Gone is told that an encoder feeds its stream no more. Only the first call
// counts, and none for an encoder that has not Began.
func (s *Service) Gone(pub *live.Publisher) {
	s.mu.Lock()
	se := s.sessions[pub]
	delete(s.sessions, pub)
	s.mu.Unlock()
	if se == nil {
		return
	}
	close(se.gone)
	s.tell(se.form(s.o.Nginx.OnPublishDone, callPublishDone))
	s.tell(s.srsMessage(se.client, actionUnpublish, s.o.SRS.OnUnpublish))
}

// follow asks on_update while a session lasts.
func (s *Service) follow(se *session) {
	ticker := time.NewTicker(s.o.Update)
	defer ticker.Stop()
	for missed := 0; ; {
		select {
		case <-ticker.C:
		case <-se.gone:
			return
		case <-s.ctx.Done():
			return
		}
		why := s.update(se.client, &missed)
		if why != nil {
			s.log.Info("hook: sent away by the back-end", "channel", se.stream, "client", se.id, "reason", why.Code)
			se.stop(why)
			return
		}
	}
}

// update asks whether a connection may go on. missed counts the times in a row
// that nobody answered.
func (s *Service) update(c client, missed *int) *live.Refusal {
	a, err := s.ask(s.ctx, c.updateForm(s.o.Nginx.OnUpdate, time.Now()))
	if err == nil {
		*missed = 0
		if goesOn(a) {
			return nil
		}
		return refusal("hook_ended", "The site's back-end asked for the end of this stream.")
	}
	if errors.Is(s.ctx.Err(), context.Canceled) {
		return nil
	}
	s.grave("on_update is not answered", err)
	if *missed++; *missed < misses || s.o.FailOpen {
		return nil
	}
	return unanswered()
}

// Over is told that a broadcast has ended; path is that of its recording's
// address, empty when there is none. channel is its public name.
func (s *Service) Over(channel, broadcast, path string) {
	s.mu.Lock()
	c, ok := s.newest[broadcast]
	delete(s.newest, broadcast)
	s.mu.Unlock()
	if path == "" {
		return
	}
	s.recorded(c, ok, channel, broadcast, path)
}

// Recorded is told that a recording ends while its broadcast goes on; path is
// that of its address.
func (s *Service) Recorded(channel, broadcast, path string) {
	s.mu.Lock()
	c, ok := s.newest[broadcast]
	s.mu.Unlock()
	s.recorded(c, ok, channel, broadcast, path)
}

// recorded tells of a recording with the words of its newest encoder, if it is
// known.
func (s *Service) recorded(c client, known bool, channel, broadcast, path string) {
	if !known { // its encoder was an earlier run's
		c = client{id: s.clients.Add(1), app: "live", name: channel, stream: channel, broadcast: broadcast}
	}
	s.tell(c.recordForm(s.o.Nginx.OnRecordDone, s.o.Origin+path))
	s.tell(s.dvrMessage(c, s.o.SRS.OnDVR, s.o.Origin+path))
}

// WantsSegments reports whether the back-end is told of segments.
func (s *Service) WantsSegments() bool { return s.o.SRS.OnHLS != "" }

// Segment tells the back-end of a segment, and waits for its answer, which
// counts for nothing: a slow one delays those of the same broadcast alone. path
// is that of the segment's address, playlist that of the list with it.
func (s *Service) Segment(ctx context.Context, broadcast string, number int64, length time.Duration, path, playlist string) {
	s.mu.Lock()
	c, ok := s.newest[broadcast]
	s.mu.Unlock()
	if !ok {
		return
	}
	m := s.hlsMessage(c, s.o.SRS.OnHLS, segment{path: path, playlist: playlist, number: number, length: length})
	if _, err := s.ask(ctx, m); err != nil && ctx.Err() == nil {
		s.dropped.Add(1)
		s.grave("the back-end cannot be told of a segment", err)
	}
}
