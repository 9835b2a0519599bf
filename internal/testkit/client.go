package testkit

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"time"
)

// maxBody bounds what a test reads of one answer.
const maxBody = 256 << 20

// Response is an answer, read to its end.
type Response struct {
	Status int
	Header http.Header
	Body   []byte
}

// Get fetches an address as it is: compression is neither asked for nor
// undone unless a header says so. headers are names and values in turn.
func Get(ctx context.Context, address string, headers ...string) (*Response, error) {
	return do(ctx, http.MethodGet, address, headers)
}

// Head is Get for the header alone.
func Head(ctx context.Context, address string, headers ...string) (*Response, error) {
	return do(ctx, http.MethodHead, address, headers)
}

func do(ctx context.Context, method, address string, headers []string) (*Response, error) {
	r, err := http.NewRequestWithContext(ctx, method, address, nil)
	if err != nil {
		return nil, err
	}
	for i := 0; i+1 < len(headers); i += 2 {
		r.Header.Set(headers[i], headers[i+1])
	}
	resp, err := plainTransport.RoundTrip(r) // no redirect is followed
	if err != nil {
		return nil, err
	}
	defer resp.Body.Close()
	body, err := io.ReadAll(io.LimitReader(resp.Body, maxBody))
	if err != nil {
		return nil, fmt.Errorf("read %s: %w", address, err)
	}
	return &Response{Status: resp.StatusCode, Header: resp.Header, Body: body}, nil
}

// plainTransport leaves bodies as they were sent, and no connection behind.
var plainTransport = &http.Transport{DisableCompression: true, DisableKeepAlives: true, Proxy: nil}

// Fetch is Get of an answer that must be 200.
func Fetch(ctx context.Context, address string) ([]byte, error) {
	r, err := Get(ctx, address)
	if err != nil {
		return nil, err
	}
	if r.Status != http.StatusOK {
		return nil, fmt.Errorf("%s answers %d: %.200s", address, r.Status, r.Body)
	}
	return r.Body, nil
}

// Resolve makes an address of a playlist's URI.
func Resolve(base, uri string) (string, error) {
	b, err := url.Parse(base)
	if err != nil {
		return "", err
	}
	u, err := b.Parse(uri)
	if err != nil {
		return "", err
	}
	return u.String(), nil
}

// FetchMultivariant reads and checks a multivariant playlist.
func FetchMultivariant(ctx context.Context, address string) (*Multivariant, error) {
	body, err := Fetch(ctx, address)
	if err != nil {
		return nil, err
	}
	m, err := ParseMultivariant(string(body))
	if err != nil {
		return nil, fmt.Errorf("%s: %w\n%s", address, err, body)
	}
	return m, nil
}

// FetchMedia reads and checks a media playlist.
func FetchMedia(ctx context.Context, address string) (*MediaPlaylist, error) {
	_, p, err := fetchMedia(ctx, address)
	return p, err
}

func fetchMedia(ctx context.Context, address string) (*Response, *MediaPlaylist, error) {
	r, err := Get(ctx, address)
	if err != nil {
		return nil, nil, err
	}
	if r.Status != http.StatusOK {
		return r, nil, fmt.Errorf("%s answers %d: %.200s", address, r.Status, r.Body)
	}
	p, err := ParseMedia(string(r.Body))
	if err == nil {
		err = p.Check()
	}
	if err != nil {
		return r, nil, fmt.Errorf("%s: %w\n%s", address, err, r.Body)
	}
	return r, p, nil
}

// ErrStop is returned by a Follow callback that has seen enough.
var ErrStop = errors.New("seen enough")

// Follow reads a media playlist again and again, by blocking reload where the
// server offers it, checks each text and each step, and hands each to see. It
// ends without an error at EXT-X-ENDLIST or when see returns ErrStop.
func Follow(ctx context.Context, address string, see func(*MediaPlaylist) error) error {
	return FollowAnswers(ctx, address, func(p *MediaPlaylist, _ *Response) error { return see(p) })
}

// FollowAnswers is Follow for those who look at the whole answer.
func FollowAnswers(ctx context.Context, address string, see func(*MediaPlaylist, *Response) error) error {
	var last *MediaPlaylist
	for next := address; ; {
		r, p, err := fetchMedia(ctx, next)
		if err != nil {
			return err
		}
		if last != nil {
			if err := CheckReload(last, p); err != nil {
				return fmt.Errorf("%s: reload: %w", next, err)
			}
			if err := CheckBlocked(last, p); err != nil {
				return fmt.Errorf("%s: %w\n%s", next, err, r.Body)
			}
		}
		last = p
		if err := see(p, r); errors.Is(err, ErrStop) {
			return nil
		} else if err != nil {
			return err
		}
		if p.EndList {
			return nil
		}
		if next, err = reload(ctx, address, p); err != nil {
			return err
		}
	}
}

// reload returns the address to ask next, after a wait where the server will
// not wait for us.
func reload(ctx context.Context, address string, p *MediaPlaylist) (string, error) {
	if !p.CanBlockReload {
		// RFC 8216bis 6.3.4 allows half a target duration; a test looks closer.
		return address, At(ctx, time.Now().Add(p.TargetDuration/8))
	}
	u, err := url.Parse(address)
	if err != nil {
		return "", err
	}
	msn, part := p.Next()
	q := u.Query()
	q.Set("_HLS_msn", fmt.Sprint(msn))
	if p.PartTarget > 0 {
		q.Set("_HLS_part", fmt.Sprint(part))
	}
	u.RawQuery = q.Encode()
	return u.String(), nil
}
