package rtmp

import (
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"

	"github.com/rostrumlive/rostrum/internal/live"
)

// What ends a connection without a word of ours.
var (
	errStopped  = errors.New("the encoder stopped")
	errLate     = errors.New("nothing was published in time")
	errSilent   = errors.New("the encoder fell silent")
	errKicked   = errors.New("sent away")
	errRoom     = errors.New("it was not let in, and made room for newer connections")
	errShutdown = errors.New("the server shuts down")
)

// farewell is an end that the encoder is told of before the connection closes.
type farewell struct {
	code  string // of onStatus; empty when the encoder was told already
	why   string // a sentence for a person
	err   error  // more about it for the log, or nil
	usual bool   // nothing that a person would want to know of
}

func (f *farewell) Error() string {
	if f.err != nil {
		return f.why + ": " + f.err.Error()
	}
	return f.why
}

func (f *farewell) Unwrap() error { return f.err }

// panicked is a fault of ours that ended one connection.
type panicked struct {
	value any
	stack []byte
}

func (p *panicked) Error() string { return fmt.Sprintf("panic: %v", p.value) }

// cause makes of a connection's error the one thing that its last line says.
func (c *conn) cause(err error) error {
	switch {
	case c.srv.ctx.Err() != nil && (errors.Is(err, net.ErrClosed) || errors.Is(err, c.srv.ctx.Err())):
		return errShutdown
	case errors.Is(err, net.ErrClosed): // by us, as the only other reason
		return errRoom
	case errors.Is(err, errKicked):
		return &farewell{code: codeBadName, why: c.pub.Reason().Reason}
	case errors.Is(err, errSilent) && c.intake.video == nil && c.intake.audio == nil:
		// ffmpeg with -f mpegts takes its own bytes for the length of a tag and
		// collects megabytes before it sends the first.
		return &farewell{code: codeBadName, why: "No picture or sound came: with ffmpeg use -f flv."}
	case errors.Is(err, io.EOF):
		return errors.New("the encoder closed the connection")
	}
	return err
}

// end tells a stop, which ends the broadcast, from a loss.
func end(cause error) live.End {
	if errors.Is(cause, errStopped) {
		return live.Stopped
	}
	return live.Lost
}

// level is that of a connection's last line. Somebody must act on faults of
// ours; a connection that said nothing was a probe or a scan.
func (c *conn) level(cause error) slog.Level {
	var p *panicked
	if errors.As(cause, &p) {
		return slog.LevelError
	}
	var f *farewell
	if errors.As(cause, &f) && f.err != nil {
		return slog.LevelError
	}
	if f != nil && f.usual || errors.Is(cause, errRoom) { // of which the server tells once a second
		return slog.LevelDebug
	}
	if c.src.received == 0 && (c.hello == nil || c.hello.read == 0) {
		return slog.LevelDebug
	}
	return slog.LevelInfo
}
