package app

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"log/slog"
	"os"
	"sync"
	"time"
)

// newLogger writes to w in the way that c asks for. On a terminal, what a
// person must not overlook is red.
func newLogger(w io.Writer, c LogConfig) *slog.Logger {
	if c.Format == "json" {
		return slog.New(slog.NewJSONHandler(w, &slog.HandlerOptions{Level: c.Level}))
	}
	return slog.New(newLineHandler(w, c.Level, isTerminal(w)))
}

// isTerminal reports whether colours can be shown and are not unwanted.
func isTerminal(w io.Writer) bool {
	f, ok := w.(*os.File)
	if !ok || os.Getenv("NO_COLOR") != "" || os.Getenv("TERM") == "dumb" {
		return false
	}
	info, err := f.Stat()
	return err == nil && info.Mode()&os.ModeCharDevice != 0
}

// lineHandler writes lines for people:
//
//	2026-11-21 14:03:09.120 INFO  live channel=alice
//
// The attributes after the message are slog's text form.
type lineHandler struct {
	out   *lineWriter
	attrs slog.Handler // writes attributes alone, into out.line
}

// lineWriter is what all children of one handler share.
type lineWriter struct {
	colour bool

	mu   sync.Mutex
	w    io.Writer
	line bytes.Buffer
}

func newLineHandler(w io.Writer, least slog.Level, colour bool) *lineHandler {
	out := &lineWriter{w: w, colour: colour}
	return &lineHandler{out: out, attrs: slog.NewTextHandler(&out.line, &slog.HandlerOptions{
		Level: least,
		// The handler writes time, level and message itself.
		ReplaceAttr: func(groups []string, a slog.Attr) slog.Attr {
			if len(groups) > 0 {
				return a
			}
			_, isLevel := a.Value.Any().(slog.Level)
			if a.Key == slog.LevelKey && isLevel || a.Key == slog.MessageKey && a.Value.String() == "" {
				return slog.Attr{}
			}
			return a
		},
	})}
}

// Enabled reports whether lines of that level are written.
func (h *lineHandler) Enabled(ctx context.Context, l slog.Level) bool {
	return h.attrs.Enabled(ctx, l)
}

// WithAttrs returns a handler that ends each line with attrs too.
func (h *lineHandler) WithAttrs(attrs []slog.Attr) slog.Handler {
	return &lineHandler{out: h.out, attrs: h.attrs.WithAttrs(attrs)}
}

// WithGroup returns a handler that puts name before later attributes' keys.
func (h *lineHandler) WithGroup(name string) slog.Handler {
	return &lineHandler{out: h.out, attrs: h.attrs.WithGroup(name)}
}

// Terminal colours (ECMA-48 8.3.117).
const (
	red   = "\x1b[31m"
	plain = "\x1b[0m"
)

// Handle writes one line with a single call of Write.
func (h *lineHandler) Handle(ctx context.Context, r slog.Record) error {
	o := h.out
	o.mu.Lock()
	defer o.mu.Unlock()
	o.line.Reset()
	paint := o.colour && r.Level >= slog.LevelWarn
	if paint {
		o.line.WriteString(red)
	}
	o.line.WriteString(r.Time.Format("2006-01-02 15:04:05.000 "))
	fmt.Fprintf(&o.line, "%-5s ", r.Level)
	o.line.WriteString(r.Message)
	if paint {
		o.line.WriteString(plain)
	}
	o.line.WriteByte(' ')

	bare := slog.NewRecord(time.Time{}, r.Level, "", r.PC)
	r.Attrs(func(a slog.Attr) bool {
		bare.AddAttrs(a)
		return true
	})
	if err := h.attrs.Handle(ctx, bare); err != nil {
		return err
	}
	if text, ok := bytes.CutSuffix(o.line.Bytes(), []byte(" \n")); ok { // no attributes
		o.line.Truncate(len(text))
		o.line.WriteByte('\n')
	}
	_, err := o.w.Write(o.line.Bytes())
	return err
}
