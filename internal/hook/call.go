package hook

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"time"
)

const (
	// maxAnswer bounds what is read of an answer, maxAnswerHead its head.
	maxAnswer     = 64 << 10
	maxAnswerHead = 64 << 10
	// A back-end that cannot be reached is tried again after firstPause, and then
	// after twice as long each time, up to lastPause.
	firstPause = 100 * time.Millisecond
	lastPause  = 4 * time.Second

	formType = "application/x-www-form-urlencoded"
	jsonType = "application/json"
)

// newTransport makes one that follows no redirect, asks no proxy and keeps no
// connection: back-ends close them as they like, and a question must not be
// lost to that.
func newTransport(timeout time.Duration) *http.Transport {
	return &http.Transport{
		DialContext:            (&net.Dialer{Timeout: timeout}).DialContext,
		TLSHandshakeTimeout:    timeout,
		DisableKeepAlives:      true,
		DisableCompression:     true,
		MaxResponseHeaderBytes: maxAnswerHead,
	}
}

// message is one POST.
type message struct {
	url  string
	kind string // Content-Type
	body []byte
}

// answer is what a back-end said.
type answer struct {
	status   int
	location string
	body     []byte // at most maxAnswer, of an answer of JSON alone
}

// post sends a message once. Its error says nothing of the address, which may
// hold a secret.
func (s *Service) post(ctx context.Context, m message) (answer, error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, m.url, bytes.NewReader(m.body))
	if err != nil {
		return answer{}, errors.New("the hook's address cannot be used")
	}
	req.Header.Set("Content-Type", m.kind)
	req.Header.Set("User-Agent", "rostrum")
	if u := req.URL.User; u != nil {
		password, _ := u.Password()
		req.SetBasicAuth(u.Username(), password)
	}
	res, err := s.wire.RoundTrip(req) // not a Client, which would go where it is sent
	if err != nil {
		var wrapped *url.Error
		if errors.As(err, &wrapped) {
			err = wrapped.Err
		}
		return answer{}, err
	}
	defer func() { _ = res.Body.Close() }() // what is left of it is of no use
	a := answer{status: res.StatusCode, location: res.Header.Get("Location")}
	if m.kind != jsonType || res.StatusCode != http.StatusOK {
		return a, nil
	}
	a.body, err = io.ReadAll(io.LimitReader(res.Body, maxAnswer+1))
	if err != nil {
		return answer{}, fmt.Errorf("read the answer: %w", err)
	}
	return a, nil
}

// attempt sends a message until the back-end answers, whatever that is, or ctx
// ends.
func (s *Service) attempt(ctx context.Context, m message) (answer, error) {
	for pause := firstPause; ; pause = min(2*pause, lastPause) {
		once, cancel := context.WithTimeout(ctx, s.o.Timeout)
		a, err := s.post(once, m)
		cancel()
		if err == nil {
			return a, nil
		}
		timer := time.NewTimer(pause)
		select {
		case <-timer.C:
		case <-ctx.Done():
			timer.Stop()
			return answer{}, err
		}
	}
}

// ask is attempt within Options.Timeout.
func (s *Service) ask(ctx context.Context, m message) (answer, error) {
	ctx, cancel := context.WithTimeout(ctx, s.o.Timeout)
	defer cancel()
	return s.attempt(ctx, m)
}

// tell has a message sent, without waiting. What the back-end says to it counts
// for nothing, as in both dialects. Nothing is told that has no address.
func (s *Service) tell(m message) {
	if m.url == "" {
		return
	}
	select {
	case s.slots <- struct{}{}:
	default:
		s.dropped.Add(1)
		s.grave("too much waits for the back-end, the newest is dropped", errBusy)
		return
	}
	sent := s.spawn(func() {
		defer func() { <-s.slots }()
		ctx, cancel := context.WithTimeout(s.ctx, s.o.Patience)
		defer cancel()
		if _, err := s.attempt(ctx, m); err != nil {
			s.dropped.Add(1)
			s.grave("the back-end cannot be told", err)
		}
	})
	if !sent {
		<-s.slots
	}
}

var errBusy = errors.New("the back-end is slow")
