// Package reader is the viewer of the measurements: it follows HLS playlists
// over HTTP and counts the pictures in what it gets, so that a figure stands
// only for media that arrived.
package reader

import (
	"bufio"
	"bytes"
	"context"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
)

// The bounds on what a server may make the reader take.
const (
	maxPlaylist = 4 << 20
	maxSegment  = 64 << 20
	maxLine     = 64 << 10
)

// Playlist is what a reader needs of an HLS playlist: RFC 8216 4.
type Playlist struct {
	Variants []*url.URL // of a multivariant playlist, in order
	Segments []*url.URL // whole segments of a media playlist
	Ended    bool       // EXT-X-ENDLIST
}

// ParsePlaylist reads either kind of playlist. Addresses are made absolute
// against base.
func ParsePlaylist(b []byte, base *url.URL) (*Playlist, error) {
	p := &Playlist{}
	lines := bufio.NewScanner(bytes.NewReader(b))
	lines.Buffer(nil, maxLine)
	first, variant := true, false
	for lines.Scan() {
		line := strings.TrimSpace(lines.Text())
		switch {
		case first && line != "#EXTM3U":
			return nil, fmt.Errorf("not a playlist: begins with %.40q", line)
		case strings.HasPrefix(line, "#EXT-X-STREAM-INF:"):
			variant = true
		case line == "#EXT-X-ENDLIST":
			p.Ended = true
		case line != "" && line[0] != '#':
			u, err := base.Parse(line)
			if err != nil {
				return nil, fmt.Errorf("playlist address: %w", err)
			}
			if variant {
				p.Variants = append(p.Variants, u)
			} else {
				p.Segments = append(p.Segments, u)
			}
			variant = false
		}
		first = false
	}
	if err := lines.Err(); err != nil {
		return nil, fmt.Errorf("read playlist: %w", err)
	}
	if first {
		return nil, fmt.Errorf("not a playlist: empty")
	}
	return p, nil
}

// Get fetches one body of at most limit bytes. Anything but 200 is an error.
func Get(ctx context.Context, client *http.Client, address string, limit int64) ([]byte, error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, address, nil)
	if err != nil {
		return nil, fmt.Errorf("get %s: %w", address, err)
	}
	res, err := client.Do(req)
	if err != nil {
		return nil, err // says method and address
	}
	defer func() { _ = res.Body.Close() }()
	b, err := io.ReadAll(io.LimitReader(res.Body, limit+1))
	if err != nil {
		return nil, fmt.Errorf("get %s: %w", address, err)
	}
	if res.StatusCode != http.StatusOK {
		return nil, fmt.Errorf("get %s: status %d: %.200s", address, res.StatusCode, bytes.TrimSpace(b))
	}
	if int64(len(b)) > limit {
		return nil, fmt.Errorf("get %s: body is over %d bytes", address, limit)
	}
	return b, nil
}

// Media fetches the playlist at the address and, when it is a multivariant
// one, the media playlist of its first variant.
func Media(ctx context.Context, client *http.Client, address string) (*Playlist, *url.URL, error) {
	for range 2 {
		base, err := url.Parse(address)
		if err != nil {
			return nil, nil, fmt.Errorf("playlist address: %w", err)
		}
		b, err := Get(ctx, client, address, maxPlaylist)
		if err != nil {
			return nil, nil, err
		}
		p, err := ParsePlaylist(b, base)
		if err != nil {
			return nil, nil, fmt.Errorf("%s: %w", address, err)
		}
		if len(p.Variants) == 0 {
			return p, base, nil
		}
		address = p.Variants[0].String()
	}
	return nil, nil, fmt.Errorf("%s: a variant leads to variants", address)
}
