package main

import (
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"net/http"
	"time"

	"github.com/rostrumlive/rostrum/bench/internal/flvclip"
	"github.com/rostrumlive/rostrum/bench/internal/reader"
)

// videoTagHeader is what stands before a coded picture in a tag (FLV 10.1
// E.4.3.1).
const videoTagHeader = 5

// compare returns what is missing of each stint that a kill ended. The pictures
// of the recording are told by their sizes: each stint must be there from its
// first picture on without a hole, and the last one as a whole.
func (l *lab) compare(ctx context.Context, clip *flvclip.Clip, stints []stint, kills []kill) ([]time.Duration, error) {
	if len(stints) != len(kills)+1 {
		return nil, fmt.Errorf("%d kills cut the encoder off %d times", len(kills), len(stints)-1)
	}
	if err := l.awaitEnd(ctx); err != nil {
		return nil, err
	}
	kept, err := recorded(ctx, "http://"+l.server.HTTP+"/vod/"+l.broadcast+"/video/source.m3u8")
	if err != nil {
		return nil, err
	}
	var sent []int // sizes of the clip's pictures
	for _, t := range clip.Media {
		if t.Type == flvclip.Video {
			sent = append(sent, len(t.Body)-videoTagHeader)
		}
	}
	missing := make([]time.Duration, len(kills))
	for i, s := range stints {
		n := common(kept, sent, s)
		kept = kept[n:]
		if i == len(kills) {
			if n < len(s.times) {
				return nil, fmt.Errorf("%d of %d pictures are missing that were sent before a clean stop", len(s.times)-n, len(s.times))
			}
			continue
		}
		pictures := max(0, s.before(kills[i].at)-n)
		missing[i] = time.Duration(pictures) * time.Second / time.Duration(flvclip.Standard.FPS)
	}
	if len(kept) > 0 {
		return nil, fmt.Errorf("%d pictures of the recording were not sent, or not in this order", len(kept))
	}
	return missing, nil
}

// common counts the pictures that a recording and a stint begin with.
func common(kept, clip []int, s stint) int {
	n := 0
	for n < len(kept) && n < len(s.times) && kept[n] == clip[(s.first+n)%len(clip)] {
		n++
	}
	return n
}

// awaitEnd waits until the recording is closed.
func (l *lab) awaitEnd(ctx context.Context) error {
	return l.server.WaitFor(ctx, airLimit, func(ctx context.Context) error {
		p, _, err := reader.Media(ctx, http.DefaultClient, "http://"+l.server.HTTP+"/vod/"+l.broadcast+"/index.m3u8")
		if err == nil && !p.Ended {
			err = errors.New("the recording is not closed")
		}
		return err
	})
}

// recorded returns the sizes of all pictures of a recording.
func recorded(ctx context.Context, address string) ([]int, error) {
	p, _, err := reader.Media(ctx, http.DefaultClient, address)
	if err != nil {
		return nil, err
	}
	var all []int
	for _, u := range p.Segments {
		b, err := reader.Get(ctx, http.DefaultClient, u.String(), 64<<20)
		if err != nil {
			return nil, err
		}
		if all, err = appendSizes(all, b); err != nil {
			return nil, fmt.Errorf("%s: %w", u, err)
		}
	}
	return all, nil
}

var errCut = errors.New("a box is cut short")

// appendSizes adds the sizes of a segment's samples, as its truns tell them
// (ISO/IEC 14496-12 8.8.8).
func appendSizes(sizes []int, b []byte) ([]int, error) {
	for len(b) > 0 {
		if len(b) < 8 {
			return nil, errCut
		}
		size := int(binary.BigEndian.Uint32(b))
		if size < 8 || size > len(b) {
			return nil, errCut
		}
		var err error
		switch string(b[4:8]) {
		case "moof", "traf":
			sizes, err = appendSizes(sizes, b[8:size])
		case "trun":
			sizes, err = appendRun(sizes, b[8:size])
		}
		if err != nil {
			return nil, err
		}
		b = b[size:]
	}
	return sizes, nil
}

// What a trun says that it holds, before its samples and of each.
const (
	hasOffset, hasFirstFlags                         = 0x001, 0x004
	hasDuration, hasSize, hasFlags, hasCompositionAt = 0x100, 0x200, 0x400, 0x800
)

func appendRun(sizes []int, b []byte) ([]int, error) {
	if len(b) < 8 {
		return nil, errCut
	}
	has, count := binary.BigEndian.Uint32(b)&0xffffff, int(binary.BigEndian.Uint32(b[4:]))
	if has&hasSize == 0 {
		return nil, errors.New("a trun does not tell the sizes of its samples")
	}
	words := func(bits ...uint32) (n int) {
		for _, bit := range bits {
			if has&bit != 0 {
				n += 4
			}
		}
		return n
	}
	b = b[8:]
	head, before, sample := words(hasOffset, hasFirstFlags), words(hasDuration), words(hasDuration, hasSize, hasFlags, hasCompositionAt)
	if len(b) < head+count*sample {
		return nil, errCut
	}
	for i := range count {
		sizes = append(sizes, int(binary.BigEndian.Uint32(b[head+i*sample+before:])))
	}
	return sizes, nil
}
