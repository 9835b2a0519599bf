package main

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"math/rand/v2"
	"net"
	"net/http"
	"path"
	"strings"

	"github.com/rostrumlive/rostrum/bench/internal/reader"
)

// pipelined is how many requests a silent viewer sends: their answers are
// more than any buffer holds.
const pipelined = 64

// findEdge reads where the list ends, for kinds that ask for it.
func (c *crowd) findEdge(ctx context.Context) error {
	if c.kind != silent && c.kind != parked {
		return nil
	}
	body, err := reader.Get(ctx, http.DefaultClient, c.list.String(), maxAnswer)
	var e edge
	if err == nil {
		e, err = readEdge(body)
	}
	if ctx.Err() != nil {
		return nil
	}
	if err != nil {
		return err
	}
	c.msn.Store(e.msn)
	part, err := c.list.Parse(e.part)
	if err != nil {
		return fmt.Errorf("a part's address: %w", err)
	}
	// The newest finished segment lies beside its parts.
	c.segment = path.Join(path.Dir(part.Path), fmt.Sprintf("seg%d.m4s", e.msn-1))
	return nil
}

// manyRequests asks for a finished segment, which is a file, and for the
// playlist, which is memory, in turn.
func (c *crowd) manyRequests() string {
	var b strings.Builder
	for range pipelined / 2 {
		for _, p := range []string{c.segment, c.list.Path} {
			fmt.Fprintf(&b, "GET %s HTTP/1.1\r\nHost: %s\r\n\r\n", p, c.addr)
		}
	}
	return b.String()
}

// wait asks for a part of the segment after the one that is being made, the
// last that may be asked for (RFC 8216bis 6.2.5.2), takes the answer and asks
// again, until the connection ends.
func (c *crowd) wait(m *net.TCPConn) {
	const parts = 10 // of a segment of 2 s
	r := bufio.NewReaderSize(m, 1<<10)
	for {
		_, err := fmt.Fprintf(m, "GET %s?_HLS_msn=%d&_HLS_part=%d HTTP/1.1\r\nHost: %s\r\n\r\n", c.list.Path, c.msn.Load()+1, rand.IntN(parts), c.addr)
		if err != nil {
			return
		}
		res, err := http.ReadResponse(r, nil)
		if err != nil {
			return
		}
		_, err = io.Copy(io.Discard, res.Body)
		_ = res.Body.Close() // nothing is left of it
		if err != nil {
			return
		}
	}
}
