package live

import (
	"context"
	"net/netip"
	"net/url"
	"sync"
	"time"

	"github.com/rostrumlive/rostrum/internal/media"
)

// Gate is where a door asks leave to publish. The answer to the encoder is
// given only after Publish returned.
type Gate interface {
	// Publish admits an encoder and returns its hold on the stream that it
	// feeds, or a *Refusal that says why not. Any other error is the server's
	// own trouble. It may block on a database; ctx bounds it.
	Publish(ctx context.Context, req Request) (*Publisher, error)
}

// Request is what an encoder said when it asked to publish. Name, Query, Args
// and Spoken may hold a stream key: never log them.
type Request struct {
	Protocol string         // "rtmp", "srt", …
	Remote   netip.AddrPort // the encoder
	App      string         // the address's path before the name, without slashes at its ends; may be empty
	Name     string         // the address's last part, unescaped, without its query: a channel's name or a stream key; may hold slashes
	Query    url.Values     // arguments of the address and of the name together
	Encoder  string         // what the encoder calls itself, such as "obs-studio/29.0.2"; may be empty
	Args     string         // Query as the encoder wrote it, without the question mark
	Spoken   Spoken         // word for word, for back-ends that know encoders by it
	Login    *Login         // who it has proved to be, which counts in place of App, Name and Query; nil when it was not asked
}

// Spoken is what an encoder that connects as Flash did says of itself. Any of
// it may be empty.
type Spoken struct {
	Address string // where it connected to, such as "rtmp://example.org/live"
	SWF     string
	Page    string
	Type    string // what it publishes as: "live", "record" or "append"
}

// Login is an encoder's proof of a channel's name and stream key. The key may
// have been revoked since.
type Login struct {
	Channel string // its public name
	Key     string // the id of the stream key, which is no secret
}

// Refusal is an error that says in words for a person why an encoder was not
// let in, or was sent away.
type Refusal struct {
	Code   string // short and stable, such as "unknown_key"
	Reason string // one sentence
}

func (r *Refusal) Error() string { return r.Reason }

// End says how an encoder's connection came to its end.
type End uint8

// The ends of a connection.
const (
	// Lost: the connection broke, or fell silent, without a word.
	Lost End = iota
	// Stopped: the encoder said that it was done.
	Stopped
)

// Publisher is one encoder's hold on the stream that it feeds. Its methods
// may be called by several goroutines, its feeds' Write by one each.
type Publisher struct {
	stream *Stream
	ended  func(*Publisher, End, error)
	once   sync.Once

	kicked   chan struct{}
	kickOnce sync.Once
	reason   *Refusal
}

// NewPublisher is called by the Gate. From then on nobody else feeds the
// stream: what an earlier publisher still writes is dropped, and the media
// goes on where it had come to. ended is called once, by the first call of
// Close, on that caller's goroutine.
func NewPublisher(s *Stream, ended func(*Publisher, End, error)) *Publisher {
	p := &Publisher{stream: s, ended: ended, kicked: make(chan struct{})}
	s.change(p)
	return p
}

// Channel is the public name of the channel that is fed: safe to log.
func (p *Publisher) Channel() string { return p.stream.Channel }

// Broadcast is the id of the broadcast that is fed.
func (p *Publisher) Broadcast() string { return p.stream.Broadcast }

// Expect announces the kinds of track that the encoder says it will send, so
// that the first playlist can wait for them a moment. It may be called again
// with more.
func (p *Publisher) Expect(kinds ...media.Kind) { p.stream.expect(p, kinds) }

// Rendition returns the way into the stream's rendition of that name, such as
// "video/source", and makes the rendition at the first call.
func (p *Publisher) Rendition(name string) *Feed {
	return &Feed{publisher: p, rendition: p.stream.rendition(name)}
}

// Began reports whether the encoder feeds the stream and has written anything.
func (p *Publisher) Began() bool { return p.stream.began(p) }

// Silent returns for how long the encoder has written nothing.
func (p *Publisher) Silent() time.Duration { return p.stream.silent(p) }

// Notice tells the channel's owner of something that the encoder sends and that
// cannot be carried. The same notice counts once; past a bound further ones are
// dropped.
func (p *Publisher) Notice(n media.Notice) { p.stream.notice(n) }

// Name says what the media tells of the program that made it. It is fit to be
// shown: printable, and of bounded length.
func (p *Publisher) Name(encoder string) { p.stream.name(p, encoder) }

// Kicked is closed when the encoder must go; Reason then says why.
func (p *Publisher) Kicked() <-chan struct{} { return p.kicked }

// Reason is valid once Kicked is closed.
func (p *Publisher) Reason() *Refusal {
	<-p.kicked
	return p.reason
}

// Kick asks the door to send the encoder away. Only the first call counts.
func (p *Publisher) Kick(why *Refusal) {
	p.kickOnce.Do(func() {
		p.reason = why
		close(p.kicked)
	})
}

// Close is called by the door once it will write no more. err may say more
// about a loss. Only the first call counts.
func (p *Publisher) Close(end End, err error) {
	p.once.Do(func() { p.ended(p, end, err) })
}
