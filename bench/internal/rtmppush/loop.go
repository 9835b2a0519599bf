package rtmppush

import (
	"context"
	"fmt"
	"time"

	"github.com/rostrumlive/rostrum/bench/internal/flvclip"
)

// Loop is a clip as the bytes that go to the wire. All sessions share it: a
// session costs one write for each message and nothing else.
type Loop struct {
	headers []flvclip.Tag
	steps   []step
	millis  uint32
}

// step is one message, sent `at` milliseconds into the clip. Its time field
// is a step from the message before of the same kind, so it differs for the
// first of each kind, depending on what was before.
type step struct {
	at      uint32
	bytes   []byte
	again   []byte // instead of bytes from the second time round, unless nil
	size    int    // of the message's body
	picture bool
}

// NewLoop prepares a clip.
func NewLoop(c *flvclip.Clip) *Loop {
	l := &Loop{headers: c.Headers, millis: c.Millis}
	last := map[byte]uint32{}
	for _, t := range c.Media {
		last[t.Type] = t.Time
	}
	before := map[byte]uint32{}
	for _, t := range c.Media {
		csid := byte(csidVideo)
		if t.Type == flvclip.Audio {
			csid = csidAudio
		}
		s := step{at: t.Time, size: len(t.Body), picture: t.Type == flvclip.Video}
		m := message{kind: t.Type, body: t.Body}
		if from, ok := before[t.Type]; ok {
			m.time = t.Time - from
		} else {
			m.time = t.Time // from the header, which is at 0
			again := m
			again.time = c.Millis - last[t.Type] + t.Time
			s.again = appendDelta(nil, csid, again)
		}
		s.bytes = appendDelta(nil, csid, m)
		before[t.Type] = t.Time
		l.steps = append(l.steps, s)
	}
	return l
}

// Sent is what a session sent.
type Sent struct {
	Frames   int // pictures
	Messages int
	Bytes    int64 // of the bodies of audio and video messages
	// Behind is the most that a message left late: a large value says that
	// the server, or the machine, could not keep up.
	Behind time.Duration
}

// Play sends the clip over and over in real time, from the moment of the
// call, until ctx ends, which is not an error.
func (l *Loop) Play(ctx context.Context, s *Session) (Sent, error) {
	return l.PlayPast(ctx, s, 0, 0)
}

// PlayPast does so behind a past that it sends first, in less time than it
// plays.
func (l *Loop) PlayPast(ctx context.Context, s *Session, past, within time.Duration) (Sent, error) {
	var sent Sent
	for _, t := range l.headers {
		if err := s.Send(t); err != nil {
			return sent, fmt.Errorf("send header: %w", err)
		}
		if t.Type != flvclip.Script {
			sent.Bytes += int64(len(t.Body))
		}
	}
	began := time.Now()
	timer := time.NewTimer(0)
	defer timer.Stop()
	for round := int64(0); ; round++ {
		for _, step := range l.steps {
			at := time.Duration(round*int64(l.millis)+int64(step.at)) * time.Millisecond
			due := began.Add(within + at - past)
			if at < past {
				due = began.Add(time.Duration(float64(at) * (float64(within) / float64(past))))
			}
			if wait := time.Until(due); wait > 0 {
				timer.Reset(wait)
				select {
				case <-timer.C:
				case <-ctx.Done():
					return sent, nil
				case <-s.done:
					return sent, s.err
				}
			} else if ctx.Err() != nil {
				return sent, nil
			}
			sent.Behind = max(sent.Behind, time.Since(due))
			b := step.bytes
			if round > 0 && step.again != nil {
				b = step.again
			}
			if err := s.write(b); err != nil {
				return sent, fmt.Errorf("send: %w", err)
			}
			sent.Messages++
			sent.Bytes += int64(step.size)
			if step.picture {
				sent.Frames++
			}
		}
	}
}
