package testkit

import (
	"bufio"
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"net"
	"strings"
	"sync"
	"time"
)

// Encoder is a small RTMP publisher that does what a test tells it, frame by
// frame: what ffmpeg cannot be made to do. Its methods are for one goroutine.
type Encoder struct {
	conn   *net.TCPConn
	in     chunkReader
	out    *bufio.Writer
	stream uint32

	reading sync.WaitGroup // of what the server says while we publish
}

// ErrRefused is returned when the server says no to a publish; the text tells
// its status code.
var ErrRefused = errors.New("publish refused")

const (
	encoderChunk  = 4096
	encoderLimit  = 60 * time.Second // for each answer of the server
	commandChunks = 3                // the chunk streams of commands and media
	mediaChunks   = 6
)

// DialEncoder connects to host:port and publishes under an app and a name. The
// caller ends it with Stop or Break.
func DialEncoder(ctx context.Context, addr, app, name string) (*Encoder, error) {
	var d net.Dialer
	c, err := d.DialContext(ctx, "tcp", addr)
	if err != nil {
		return nil, err
	}
	conn, ok := c.(*net.TCPConn)
	if !ok {
		return nil, fmt.Errorf("%s is not TCP", addr)
	}
	e := &Encoder{conn: conn, in: chunkReader{r: bufio.NewReader(conn), size: 128}, out: bufio.NewWriter(conn)}
	if err := e.publish(addr, app, name); err != nil {
		return nil, errors.Join(err, conn.Close())
	}
	e.reading.Go(func() { _, _ = io.Copy(io.Discard, e.in.r) }) // until the connection ends; nothing in it changes what we send
	return e, conn.SetDeadline(time.Time{})
}

// publish does all up to NetStream.Publish.Start.
func (e *Encoder) publish(addr, app, name string) error {
	if err := e.conn.SetDeadline(time.Now().Add(encoderLimit)); err != nil {
		return err
	}
	hello := make([]byte, 1+1536)
	hello[0] = 3
	if _, err := e.conn.Write(hello); err != nil {
		return err
	}
	answer := make([]byte, 1+2*1536)
	if _, err := io.ReadFull(e.in.r, answer); err != nil {
		return fmt.Errorf("handshake: %w", err)
	}
	if _, err := e.conn.Write(answer[1:1537]); err != nil {
		return err
	}
	e.message(2, 1, 0, 0, binary.BigEndian.AppendUint32(nil, encoderChunk)) // set chunk size
	tcURL := "rtmp://" + addr + "/" + app
	if _, err := e.call(0, "connect", 1, []string{"app", app, "type", "nonprivate", "flashVer", "testkit", "tcUrl", tcURL}); err != nil {
		return err
	}
	e.command(0, "releaseStream", 2, nil, name)
	e.command(0, "FCPublish", 3, nil, name)
	made, err := e.call(0, "createStream", 4, nil)
	if err != nil {
		return err
	}
	id, ok := made[len(made)-1].(float64)
	if !ok {
		return fmt.Errorf("createStream answers %v", made)
	}
	e.stream = uint32(id)
	e.command(e.stream, "publish", 5, nil, name, "live")
	for {
		values, err := e.answer()
		if err != nil {
			return err
		}
		if values[0] != "onStatus" {
			continue
		}
		status, _ := values[len(values)-1].(map[string]any)
		if code := fmt.Sprint(status["code"]); code != "NetStream.Publish.Start" {
			return fmt.Errorf("%w: %s", ErrRefused, code)
		}
		return nil
	}
}

// call sends a command and waits for its _result.
func (e *Encoder) call(stream uint32, name string, number float64, args ...any) ([]any, error) {
	e.command(stream, name, number, args...)
	for {
		values, err := e.answer()
		if err != nil {
			return nil, fmt.Errorf("%s: %w", name, err)
		}
		if len(values) < 2 || values[1] != number {
			continue
		}
		if values[0] != "_result" {
			return nil, fmt.Errorf("%w: %s answers %v", ErrRefused, name, values)
		}
		return values, nil
	}
}

// answer returns the next command that the server sends.
func (e *Encoder) answer() ([]any, error) {
	if err := e.out.Flush(); err != nil {
		return nil, err
	}
	for {
		kind, body, err := e.in.message()
		if err != nil {
			return nil, err
		}
		switch {
		case kind == 1 && len(body) == 4:
			e.in.size = int(binary.BigEndian.Uint32(body) & 0x7fffffff)
		case kind == 20:
			values, err := amfParse(body)
			if err == nil && len(values) == 0 {
				err = fmt.Errorf("empty command")
			}
			return values, err
		}
	}
}

func (e *Encoder) command(stream uint32, name string, number float64, args ...any) {
	e.message(commandChunks, 20, stream, 0, amfAppend(nil, append([]any{name, number}, args...)...))
}

// message buffers one message; a broken connection shows at the next flush.
func (e *Encoder) message(chunks, kind byte, stream, ms uint32, body []byte) {
	short := min(ms, 0xffffff)
	head := []byte{chunks, byte(short >> 16), byte(short >> 8), byte(short), byte(len(body) >> 16), byte(len(body) >> 8), byte(len(body)), kind}
	head = binary.LittleEndian.AppendUint32(head, stream)
	if short == 0xffffff {
		head = binary.BigEndian.AppendUint32(head, ms)
	}
	_, _ = e.out.Write(head) // bufio keeps the error
	size := encoderChunk
	if kind == 1 {
		size = len(body) // before the server knows of our chunks
	}
	for first := true; first || len(body) > 0; first = false {
		if !first {
			_ = e.out.WriteByte(0xc0 | chunks)
			if short == 0xffffff {
				_, _ = e.out.Write(head[len(head)-4:])
			}
		}
		n := min(size, len(body))
		_, _ = e.out.Write(body[:n])
		body = body[n:]
	}
}

// Send sends tags at once, whatever their time.
func (e *Encoder) Send(tags ...Tag) error {
	for _, tag := range tags {
		body := tag.Body
		if tag.Type == tagData && !strings.HasPrefix(string(body), "\x02\x00\x0d@setDataFrame") {
			body = append(amfAppend(nil, "@setDataFrame"), body...)
		}
		e.message(mediaChunks, tag.Type, e.stream, uint32(tag.Time.Milliseconds()), body)
	}
	return e.out.Flush()
}

// Play sends tags each at its time after start.
func (e *Encoder) Play(ctx context.Context, start time.Time, tags []Tag) error {
	for _, tag := range tags {
		if err := At(ctx, start.Add(tag.Time)); err != nil {
			return err
		}
		if err := e.Send(tag); err != nil {
			return err
		}
	}
	return nil
}

// Stop says that the broadcast is over and closes the connection.
func (e *Encoder) Stop() error {
	e.command(0, "FCUnpublish", 6, nil, "")
	e.command(0, "deleteStream", 7, nil, float64(e.stream))
	err := errors.Join(e.out.Flush(), e.conn.CloseWrite())
	err = errors.Join(err, e.conn.SetReadDeadline(time.Now().Add(encoderLimit)))
	e.reading.Wait()
	return errors.Join(err, e.conn.Close())
}

// Drop closes the connection without a word.
func (e *Encoder) Drop() error {
	err := e.conn.Close()
	e.reading.Wait()
	return err
}

// Break drops the connection without a word, by a reset.
func (e *Encoder) Break() error {
	err := errors.Join(e.conn.SetLinger(0), e.conn.Close())
	e.reading.Wait()
	return err
}
