package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"os/exec"
	"strings"
	"sync"
	"time"

	"github.com/rostrumlive/rostrum/bench/internal/flvclip"
	"github.com/rostrumlive/rostrum/bench/internal/rtmppush"
)

// delaysKept bounds the encoder's delays that are remembered: an hour's.
const delaysKept = 3600 * fps

// source is an encoder: pictures with the time at which they are made, coded
// by ffmpeg without delay, sent by RTMP. The code is drawn before coding, so
// the encoder's own delay is part of every latency that is measured.
type source struct {
	cmd    *exec.Cmd
	in     io.WriteCloser
	stderr strings.Builder
	wg     sync.WaitGroup
	failed chan error // the first failure; of size one, so that nobody waits to tell
	stop   chan struct{}

	mu      sync.Mutex
	session *rtmppush.Session // where to send; nil: nowhere yet
	sending bool              // since the key frame that began it
	zero    uint32            // the coder's time of that key frame
	first   time.Time         // when its first byte was sent
	began   chan struct{}     // closed at first
	painted []time.Time       // when pictures that are not sent yet were made
	delays  []float64         // ms from made to sent
}

// startSource begins to code; nothing is sent yet. The caller owes Close.
func startSource(ctx context.Context) (*source, error) {
	s := &source{failed: make(chan error, 1), stop: make(chan struct{})}
	s.cmd = exec.CommandContext(ctx, "ffmpeg", coder()...)
	s.cmd.Stderr = &s.stderr
	theirs, ours, err := wholePicturePipe()
	if err != nil {
		return nil, err
	}
	defer func() { _ = theirs.Close() }()
	s.cmd.Stdin, s.in = theirs, ours
	out, err := s.cmd.StdoutPipe()
	if err != nil {
		return nil, fmt.Errorf("start the encoder: %w", err)
	}
	if err := s.cmd.Start(); err != nil {
		return nil, fmt.Errorf("start the encoder: %w", err)
	}
	s.wg.Go(func() { s.tell(s.paint()) })
	s.wg.Go(func() { s.tell(s.relay(out)) })
	return s, nil
}

func (s *source) tell(err error) {
	if err == nil {
		return
	}
	select {
	case <-s.stop: // what breaks while it ends is no failure
		return
	default:
	}
	select {
	case s.failed <- err:
	default:
	}
}

// relay sends what ffmpeg writes, once there is a session, from a key frame on.
func (s *source) relay(out io.Reader) error {
	tags := flvclip.NewReader(bufio.NewReader(out))
	var headers []flvclip.Tag
	for {
		t, err := tags.Next()
		if errors.Is(err, io.EOF) {
			return errors.New("the encoder ended: " + s.stderr.String())
		}
		if err != nil {
			return fmt.Errorf("read from the encoder: %w", err)
		}
		if t.Type == flvclip.Script || t.Header() {
			t.Time = 0
			headers = append(headers, t)
			continue
		}
		if err := s.send(t, headers); err != nil {
			return err
		}
	}
}

func (s *source) send(t flvclip.Tag, headers []flvclip.Tag) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	var made time.Time
	if t.Type == flvclip.Video && len(s.painted) > 0 { // one picture in, one out, in order
		made, s.painted = s.painted[0], s.painted[1:]
	}
	if s.session == nil {
		return nil
	}
	if !s.sending {
		if !t.Key() {
			return nil
		}
		s.sending, s.zero, s.first = true, t.Time, time.Now()
		close(s.began)
		for _, h := range headers {
			if err := s.session.Send(h); err != nil {
				return fmt.Errorf("send a header: %w", err)
			}
		}
	}
	if t.Time < s.zero { // sound from before the key frame
		return nil
	}
	t.Time -= s.zero
	if err := s.session.Send(t); err != nil {
		return fmt.Errorf("send: %w", err)
	}
	if !made.IsZero() && len(s.delays) < delaysKept {
		s.delays = append(s.delays, float64(time.Since(made).Microseconds())/1000)
	}
	return nil
}

// Publish sends to the channel from the next key frame on, at most a GOP
// away. The session has leave to publish when it returns.
func (s *source) Publish(ctx context.Context, addr, channel string) error {
	session, err := rtmppush.Dial(ctx, addr, "live", channel)
	if err != nil {
		return fmt.Errorf("publish %s: %w", channel, err)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.session, s.sending, s.began = session, false, make(chan struct{})
	return nil
}

// First waits for the moment at which the first byte of media was sent.
func (s *source) First(ctx context.Context) (time.Time, error) {
	select {
	case <-s.began:
		s.mu.Lock()
		defer s.mu.Unlock()
		return s.first, nil
	case err := <-s.failed:
		return time.Time{}, err
	case <-ctx.Done():
		return time.Time{}, context.Cause(ctx)
	}
}

// Unpublish ends the broadcast; the coder runs on.
func (s *source) Unpublish() error {
	s.mu.Lock()
	session := s.session
	s.session = nil
	s.mu.Unlock()
	if session == nil {
		return nil
	}
	return session.Close()
}

// Delays returns the encoder's delays so far and forgets them: milliseconds
// from a picture's making to its last byte sent.
func (s *source) Delays() []float64 {
	s.mu.Lock()
	defer s.mu.Unlock()
	d := s.delays
	s.delays = nil
	return d
}

// Close ends the broadcast and the coder and waits for both.
func (s *source) Close() error {
	close(s.stop)
	err := s.Unpublish()
	_ = s.cmd.Process.Kill() // its sound has no end, and what it still holds nobody wants
	s.wg.Wait()
	_ = s.cmd.Wait() // tells of the kill alone: what went wrong before, relay told
	select {
	case failed := <-s.failed:
		return errors.Join(err, failed)
	default:
		return err
	}
}
