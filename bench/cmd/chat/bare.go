package main

import (
	"context"
	"errors"
	"fmt"
	"net"
	"os"
	"strconv"
	"sync"
	"time"

	"golang.org/x/sys/unix"

	"github.com/rostrumlive/rostrum/bench/internal/await"
	"github.com/rostrumlive/rostrum/bench/internal/proc"
	"github.com/rostrumlive/rostrum/bench/internal/report"
)

const (
	// bareSide is the other side of a room.
	bareSide = "bare writes"
	// bareWindow is how often it writes to everybody: as a large room does.
	bareWindow = 100 * time.Millisecond
	// barePause is how long it waits when all have come.
	barePause = 500 * time.Millisecond
)

// bareLine is as long as a line that the product sends.
const bareLine = `{"type":"message","id":"06h1ww30r7qrj2xb2qkh","at":1764259200000,"user":{"id":"06h1ww1vmwjcgqzvrcrw","name":"speaker-5","displayName":"Speaker 5","color":"","badges":[]},` +
	`"text":"at %d 5: about as long as what people say to each other"}`

// bareWriter is the least that a server can do for a room: it takes so many
// connections, and writes to each what is due, one write a window from two
// threads. Nobody speaks, nothing is checked, nothing is kept. That is what the
// machine itself takes for a room, beside which the product's figures stand. It
// goes on, silent, until it is ended. args are the address, and how many sockets,
// lines a second, and seconds.
func bareWriter(ctx context.Context, args []string) error {
	if len(args) != 4 {
		return fmt.Errorf("%d arguments, not 4", len(args))
	}
	var numbers [3]int
	for i := range numbers {
		n, err := strconv.Atoi(args[1+i])
		if err != nil || n < 1 {
			return fmt.Errorf("%q is no number of something", args[1+i])
		}
		numbers[i] = n
	}
	sockets, rate, seconds := numbers[0], numbers[1], numbers[2]
	l, err := net.Listen("tcp", args[0])
	if err != nil {
		return err
	}
	defer context.AfterFunc(ctx, func() { _ = l.Close() })()
	var fds []int
	for range sockets {
		c, err := l.Accept()
		if err != nil {
			return err
		}
		file, fd, err := await.Detach(c)
		if err != nil {
			return err
		}
		defer func() { _ = file.Close() }() // all ends
		fds = append(fds, fd)
	}
	apart := time.Second / time.Duration(rate)
	due := time.Now().Add(barePause)
	until := due.Add(time.Duration(seconds) * time.Second)
	for next := due; due.Before(until); {
		next = next.Add(bareWindow)
		if sleep(ctx, time.Until(next)) != nil {
			return nil // it is ended
		}
		var b []byte
		for now := time.Now(); due.Before(now) && due.Before(until); due = due.Add(apart) {
			text := fmt.Sprintf(bareLine, due.UnixNano())
			b = append(append(b, 0x81, 126, byte(len(text)>>8), byte(len(text))), text...)
		}
		if err := writeAll(fds, b); err != nil {
			return err
		}
	}
	<-ctx.Done()
	return nil
}

// writeAll writes to each, from two threads.
func writeAll(fds []int, b []byte) error {
	var g sync.WaitGroup
	var faults [2]error
	half := len(fds) / 2
	for i, part := range [][]int{fds[:half], fds[half:]} {
		g.Go(func() {
			for _, fd := range part {
				if n, err := unix.Write(fd, b); n < len(b) {
					faults[i] = errors.Join(fmt.Errorf("%d of %d bytes were written", n, len(b)), err)
				}
			}
		})
	}
	g.Wait()
	return errors.Join(faults[:]...)
}

// bare takes a round of the bare writer.
func (l *lab) bare(ctx context.Context, k kind) (r report.Round, err error) {
	self, err := os.Executable()
	if err != nil {
		return r, err
	}
	ports, err := proc.FreePorts(1)
	if err != nil {
		return r, err
	}
	sockets, rate := k.sockets(l.options), k.lines(l.options)
	p, err := proc.Start(self, bareCommand, ports[0], strconv.Itoa(sockets), strconv.Itoa(rate), strconv.Itoa(l.seconds))
	if err != nil {
		return r, err
	}
	defer func() {
		if err != nil {
			fmt.Println(p.Log())
		}
		err = errors.Join(err, p.Stop(5*time.Second))
	}()
	v := &visit{lab: l, kind: k, buf: make([]byte, readBuffer)}
	if v.loop, err = await.New(v.ready, v.lost); err != nil {
		return r, err
	}
	defer func() { err = errors.Join(err, v.leave()) }()
	var d net.Dialer
	dial := func(ctx context.Context) error {
		c, err := d.DialContext(ctx, "tcp", ports[0])
		if err != nil {
			return err
		}
		k := &socket{timed: len(v.listeners)%timedEach == 0, history: make(chan struct{})}
		v.listeners = append(v.listeners, k)
		return v.watch(k, c, nil)
	}
	if err := p.WaitFor(ctx, 10*time.Second, dial); err != nil {
		return r, err
	}
	for range sockets - 1 {
		if err := dial(ctx); err != nil {
			return r, err
		}
	}
	stop, err := cost(p)
	if err != nil {
		return r, err
	}
	if err := sleep(ctx, barePause+time.Duration(l.seconds)*time.Second); err != nil {
		return r, err
	}
	want := int64(rate) * int64(l.seconds) * int64(sockets)
	got, faults := v.settle(ctx, want)
	server, client, err := stop()
	if err != nil {
		return r, err
	}
	r.Figures = v.figures(got, float64(l.seconds), server, client)
	r.Work, r.Fault = told(rate*l.seconds, got, want, faults)
	return r, nil
}
