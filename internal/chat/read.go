package chat

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io"
	"time"
	"unicode/utf8"

	"github.com/gobwas/ws"
)

const (
	maxMessage   = 8 << 10
	maxFragments = 64 // of a message
	// What one connection may send, whatever it is: a person's client sends a few
	// frames in a minute.
	framesBurst     = 200
	framesPerSecond = 40
)

// read takes what the peer sends until the connection ends, and then leaves.
func (c *conn) read(from io.Reader) {
	defer c.leave()
	if code, why := c.listen(from); code != 0 {
		c.shut(code, why)
		c.awaitEnd()
	}
}

// behind reads what came early, and then the rest.
func behind(early []byte, rest io.Reader) io.Reader {
	if len(early) == 0 {
		return rest
	}
	return io.MultiReader(bytes.NewReader(early), rest)
}

// awaitEnd reads past what the peer still sends, so that the system does not
// break off a farewell that is on its way; closeTime bounds it.
func (c *conn) awaitEnd() {
	if c.net.SetReadDeadline(time.Now().Add(closeTime)) != nil {
		return
	}
	_, _ = io.Copy(io.Discard, io.LimitReader(c.net, 1<<20)) // it ends either way
}

// listener is how far the reading of a connection is. It lies beside the stack:
// thousands of goroutines wait in it, whose stacks stay as small as there are,
// 2 KiB, when what they hold there is little.
type listener struct {
	c         *conn
	from      io.Reader
	tokens    float64 // frames that may come at once
	last      time.Time
	message   []byte // of which fragments have come
	fragments int
}

// listen reads frames (RFC 6455 5.2) until there is a reason to close, which is
// 0 when the connection is gone.
func (c *conn) listen(from io.Reader) (code ws.StatusCode, why string) {
	l := &listener{c: c, from: from, tokens: framesBurst, last: time.Now()}
	for over := false; !over; {
		code, why, over = l.take(l.next())
	}
	return code, why
}

// next waits for a frame.
func (l *listener) next() (ws.Header, error) {
	if err := l.c.net.SetReadDeadline(time.Now().Add(l.c.room.s.o.pace.silence)); err != nil {
		return ws.Header{}, io.EOF
	}
	return ws.ReadHeader(l.from)
}

// take reads the payload of a frame, and does what it says. It is over when there
// is a reason to close, or the connection is gone.
func (l *listener) take(h ws.Header, err error) (code ws.StatusCode, why string, over bool) {
	c := l.c
	if err != nil {
		code, why = ended(err)
		return code, why, true
	}
	now := time.Now()
	l.tokens, l.last = min(framesBurst, l.tokens+now.Sub(l.last).Seconds()*framesPerSecond)-1, now
	if l.tokens < 0 {
		c.room.s.stats.Flooded.Add(1)
		return closeFlood, "too many frames", true
	}
	if code, why := fault(h, len(l.message), l.fragments); code != 0 {
		return code, why, true
	}
	payload := make([]byte, h.Length)
	if _, err := io.ReadFull(l.from, payload); err != nil {
		return 0, "", true
	}
	ws.Cipher(payload, h.Mask, 0)
	switch h.OpCode {
	case ws.OpPing:
		c.push(ws.MustCompileFrame(ws.NewPongFrame(payload)))
		return 0, "", false
	case ws.OpPong:
		return 0, "", false
	case ws.OpClose:
		return closeNormal, "", true
	}
	l.fragments++
	if l.message == nil {
		l.message = payload
	} else {
		l.message = append(l.message, payload...)
	}
	if !h.Fin {
		return 0, "", false
	}
	if !utf8.Valid(l.message) {
		return closeNoText, "text is UTF-8", true
	}
	c.heard(l.message)
	l.message, l.fragments = nil, 0
	return 0, "", false
}

func ended(err error) (ws.StatusCode, string) {
	switch {
	case errors.Is(err, ws.ErrHeaderLengthMSB), errors.Is(err, ws.ErrHeaderLengthUnexpected):
		return closeProtocol, "no frame"
	}
	return 0, ""
}

// fault finds what is wrong with a frame, before its payload is read. had and
// fragments are of the message that is under way.
func fault(h ws.Header, had, fragments int) (ws.StatusCode, string) {
	switch {
	case h.Rsv != 0, !h.Masked, h.OpCode.IsReserved():
		return closeProtocol, "no frame of a client"
	case h.OpCode.IsControl() && (h.Length > ws.MaxControlFramePayloadSize || !h.Fin):
		return closeProtocol, "no control frame"
	case h.OpCode.IsControl():
		return 0, ""
	case h.OpCode == ws.OpBinary:
		return closeBinary, "JSON is text"
	case h.OpCode == ws.OpContinuation && fragments == 0, h.OpCode == ws.OpText && fragments > 0:
		return closeProtocol, "a message is out of order"
	case h.Length > maxMessage-int64(had), fragments >= maxFragments:
		return closeTooBig, "a message has 8 KiB at most"
	}
	return 0, ""
}

// request is what a client says.
type request struct {
	Type    string `json:"type"`
	Text    string `json:"text"`
	ReplyTo string `json:"replyTo"`
	Nonce   string `json:"nonce"`
	Emote   string `json:"emote"`
	PollID  string `json:"pollId"`
	Option  *int   `json:"option"`
}

const maxNonce = 64

// SayMessage is what a client sends to say a line, or to do a command.
type SayMessage struct {
	Type    string `json:"type" enum:"message"`
	Text    string `json:"text" doc:"A command where it begins with a slash; two are one."`
	ReplyTo string `json:"replyTo,omitempty" doc:"The id of the line that it answers."`
	Nonce   string `json:"nonce,omitempty" maxLength:"64" doc:"Comes back in the answer."`
}

// ReactMessage is what a client sends to react.
type ReactMessage struct {
	Type  string `json:"type" enum:"react"`
	Emote string `json:"emote" doc:"One of the reactions of hello."`
}

// VoteMessage is what a client sends to vote.
type VoteMessage struct {
	Type   string `json:"type" enum:"vote"`
	PollID string `json:"pollId"`
	Option int    `json:"option" minimum:"0" doc:"Counted from 0."`
}

// FromServer are the kinds of what a client hears.
func FromServer() []any {
	return []any{
		Hello{},
		History{},
		Line{},
		Ack{},
		HeldEvent{},
		Refused{},
		SlowMode{},
		Deleted{},
		BanEvent{},
		YouEvent{},
		ModeEvent{},
		PinEvent{},
		PollEvent{},
		EmoteEvent{},
		SubEvent{},
		ViewersEvent{},
		LiveEvent{},
		Notice{},
		Review{},
		Reviewed{},
		LogEvent{},
	}
}

// FromClient are the kinds of what a client says.
func FromClient() []any { return []any{SayMessage{}, ReactMessage{}, VoteMessage{}} }

// heard does what a client asked for.
func (c *conn) heard(message []byte) {
	var q request
	d := json.NewDecoder(bytes.NewReader(message))
	d.DisallowUnknownFields()
	if err := d.Decode(&q); err != nil || d.More() || len(q.Nonce) > maxNonce {
		c.tell(Notice{Type: "notice", Code: NoticeUnknown, Text: "This is not understood."})
		return
	}
	ctx, cancel := context.WithTimeout(c.room.s.ctx, 30*time.Second)
	defer cancel()
	switch q.Type {
	case "message":
		c.speak(ctx, q)
	case "react":
		if err := c.room.react(ctx, c, q.Emote); err != nil {
			c.refuse(q.Nonce, err)
		}
	case "vote":
		if q.Option == nil {
			c.tell(Notice{Type: "notice", Code: NoticeUnknown, Text: "A vote names an option."})
			return
		}
		if err := c.room.vote(ctx, c.actor(), q.PollID, *q.Option); err != nil {
			c.refuse(q.Nonce, err)
		}
	default:
		c.tell(Notice{Type: "notice", Code: NoticeUnknown, Text: "This is not understood."})
	}
}

// The codes of notices.
const (
	NoticeDone    = "done" // a command
	NoticeHelp    = "help"
	NoticeUnknown = "unknown" // what was said is not understood
)

// Notice is a word to one person. Beside its sentence stands what that is made
// of, for who says it in another language.
type Notice struct {
	Type       string   `json:"type" enum:"notice"`
	Code       string   `json:"code" doc:"Short and stable: done, help or unknown."`
	Text       string   `json:"text" doc:"The same as an English sentence."`
	Command    string   `json:"command,omitempty" doc:"With the code done: the name of the command that was done."`
	Name       string   `json:"name,omitempty" doc:"Whom the command was about."`
	DurationMS int64    `json:"durationMs,omitempty" doc:"The time that the command was given, or took of itself. Absent: none."`
	Value      string   `json:"value,omitempty" doc:"What the command was given, where it is one of a few words, such as on and off."`
	Commands   []string `json:"commands,omitempty" nullable:"false" doc:"With the code help: the commands of moderators."`
}

func (c *conn) tell(event any) { c.push(frame(encode(event))) }
