package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"net"
	"os"
	"sync"
	"time"
)

const (
	// patience is how long a server may take to do what it must: to read, and
	// to close a connection that its peer has ended.
	patience = 10 * time.Second
	// moment is how long a session stays that leaves without a word.
	moment = 20 * time.Millisecond
	// answerKept bounds what is remembered of a server's answer.
	answerKept = 16 << 10
)

// leave is how a session ends.
type leave int

const (
	leaveFIN  leave = iota // end our side, wait for theirs
	leaveCut               // close both sides at once
	leaveRST               // drop the connection
	leaveLate              // drop it after a moment of silence
	leaves
)

// outcome is what a session came to.
type outcome struct {
	admitted bool // the server said that it publishes
	bytes    int
}

// attack sends one session. An error is a fault of the server: one that does
// not accept, does not read, or does not close.
func attack(ctx context.Context, addr string, b []byte, r *rand.Rand) (outcome, error) {
	var d net.Dialer
	nc, err := d.DialContext(ctx, "tcp", addr)
	if err != nil {
		return outcome{}, fmt.Errorf("connect: %w", err)
	}
	conn := nc.(*net.TCPConn)
	defer func() { _ = conn.Close() }()
	if err := conn.SetDeadline(time.Now().Add(patience)); err != nil {
		return outcome{}, fmt.Errorf("set a deadline: %w", err)
	}
	how := leave(r.IntN(int(leaves)))
	pieces := 1 + r.IntN(4)

	var answer bytes.Buffer
	var readErr error
	var reading sync.WaitGroup
	reading.Go(func() {
		if _, readErr = io.CopyN(&answer, conn, answerKept); readErr == nil {
			_, readErr = io.Copy(io.Discard, conn)
		}
	})
	writeErr := write(conn, b, pieces)
	switch how {
	case leaveFIN:
		_ = conn.CloseWrite() // fails where the server has closed before
		reading.Wait()
	case leaveLate:
		time.Sleep(moment) // part of the attack, not of a wait
		fallthrough
	case leaveRST:
		_ = conn.SetLinger(0)
		fallthrough
	default:
		_ = conn.Close()
		reading.Wait()
	}
	out := outcome{bytes: len(b), admitted: bytes.Contains(answer.Bytes(), []byte("NetStream.Publish.Start"))}
	if errors.Is(writeErr, os.ErrDeadlineExceeded) {
		return out, fmt.Errorf("the server took no bytes for %v", patience)
	}
	if how == leaveFIN && errors.Is(readErr, os.ErrDeadlineExceeded) {
		return out, fmt.Errorf("the server did not close a connection within %v of its end", patience)
	}
	return out, nil
}

// write sends b in a number of pieces. That the server closes before the end
// is its right.
func write(conn net.Conn, b []byte, pieces int) error {
	for i := range pieces {
		n := len(b) / (pieces - i)
		if _, err := conn.Write(b[:n]); err != nil {
			return err
		}
		b = b[n:]
	}
	return nil
}
