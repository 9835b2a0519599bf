package reader

import (
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"net/http"
	"time"
)

// Pictures counts the pictures in the segments that a playlist lists now. It fetches every segment.
func Pictures(ctx context.Context, client *http.Client, address string) (int, error) {
	p, _, err := Media(ctx, client, address)
	if err != nil {
		return 0, err
	}
	var ts transportStream // its tables last from segment to segment
	pictures := 0
	for _, u := range p.Segments {
		b, err := Get(ctx, client, u.String(), maxSegment)
		if err != nil {
			return 0, err
		}
		count := fragments
		if len(b) > 0 && b[0] == tsSync {
			count = ts.pictures
		}
		n, err := count(b)
		if err != nil {
			return 0, fmt.Errorf("%s: %w", u, err)
		}
		pictures += n
	}
	return pictures, nil
}

// Await counts until the pictures that were sent are there, at most until ctx
// ends: a server may need a moment to close its last segment, and not every
// one marks the end. It returns the last count that it came to, and an error
// only when it never came to one.
func Await(ctx context.Context, client *http.Client, address string, sent int) (int, error) {
	ticker := time.NewTicker(200 * time.Millisecond)
	defer ticker.Stop()
	count, err := 0, errors.New("nothing was read")
	for {
		n, failed := Pictures(ctx, client, address)
		switch {
		case failed == nil:
			count, err = n, nil
		case err != nil && ctx.Err() == nil:
			err = failed
		}
		if count == sent {
			return count, nil
		}
		select {
		case <-ticker.C:
		case <-ctx.Done():
			return count, err
		}
	}
}

// fragments counts the samples of all movie fragments: sample_count of each
// trun in a traf in a moof (ISO/IEC 14496-12 8.8.8).
func fragments(b []byte) (int, error) { return samples(b, "moof", "traf", "trun") }

// samples goes down the path of boxes, to all that bear its names.
func samples(b []byte, path ...string) (int, error) {
	total := 0
	for len(b) > 0 {
		kind, body, rest, err := box(b)
		if err != nil {
			return 0, err
		}
		b = rest
		if kind != path[0] {
			continue
		}
		if len(path) > 1 {
			n, err := samples(body, path[1:]...)
			if err != nil {
				return 0, err
			}
			total += n
			continue
		}
		if len(body) < 8 {
			return 0, errors.New("trun is cut short")
		}
		total += int(binary.BigEndian.Uint32(body[4:]))
	}
	return total, nil
}

// box splits the first box off (ISO/IEC 14496-12 4.2).
func box(b []byte) (kind string, body, rest []byte, err error) {
	if len(b) < 8 {
		return "", nil, nil, errors.New("box header is cut short")
	}
	size, head := uint64(binary.BigEndian.Uint32(b)), uint64(8)
	switch {
	case size == 0: // to the end
		size = uint64(len(b))
	case size == 1 && len(b) >= 16:
		size, head = binary.BigEndian.Uint64(b[8:]), 16
	}
	if size < head || size > uint64(len(b)) {
		return "", nil, nil, fmt.Errorf("box %q of %d bytes is cut short", b[4:8], size)
	}
	return string(b[4:8]), b[head:size], b[size:], nil
}
