package rtmp

import (
	"bytes"
	"errors"
	"fmt"
	"time"

	"github.com/rostrumlive/rostrum/internal/flv"
	"github.com/rostrumlive/rostrum/internal/live"
	"github.com/rostrumlive/rostrum/internal/media"
)

const (
	// maxBadInRow ends a connection of which nothing can be read any more.
	maxBadInRow = 1000
	tellEvery   = time.Second
	// farthest bounds what stamps may add up to, in milliseconds: 17 years.
	// Beyond 292 years nanoseconds overflow, and 4,300 messages that step by 24
	// days each would be there.
	farthest = 1 << 39
)

// intake is the way from messages to renditions.
type intake struct {
	demux        flv.Demuxer
	clock        unwrapper
	video, audio *live.Feed // nil before their first unit
	bad          badTags
	uncarried    uint64 // frames
}

// badTags counts what could not be read.
type badTags struct {
	total  uint64
	inRow  int
	untold int
	told   time.Time
}

// unwrapper makes a timeline that does not wrap of one that does after 49
// days. A step is the shorter way round, so small steps back stay steps back.
// Who steps so far that no broadcast can be meant begins again where he began.
type unwrapper struct {
	started bool
	last    uint32
	now     int64 // milliseconds
}

func (u *unwrapper) unwrap(ms uint32) int64 {
	if !u.started {
		u.started, u.last, u.now = true, ms, int64(ms)
		return u.now
	}
	u.now += int64(int32(ms - u.last))
	if u.now > farthest || u.now < -farthest {
		u.now = int64(ms)
	}
	u.last = ms
	return u.now
}

// mediaMessage takes a message with audio, video or data. Before the encoder
// was let in it has no place to go.
func (c *conn) mediaMessage(m message) error {
	if c.pub == nil {
		return nil
	}
	ms := c.intake.clock.unwrap(m.timestamp)
	switch m.typ {
	case typeAggregate:
		return c.aggregate(ms, m.body)
	case typeDataAMF3:
		return c.tag(flv.TagScript, ms, withoutAMF3(m.body))
	}
	return c.tag(flv.TagType(m.typ), ms, m.body)
}

// aggregate takes the tags of an aggregate message apart (7.1.6). Their times
// keep their distances; the first is the message's.
func (c *conn) aggregate(ms int64, body []byte) error {
	const head, tail = 11, 4 // of each FLV tag (Adobe FLV 10.1, E.4.1, E.3)
	var first uint32
	for whole := body; len(body) > 0; {
		if len(body) < head || len(body)-head < int(uint24(body[1:])) {
			return c.badTag("an aggregate message that ends within a tag", nil, whole)
		}
		at := uint24(body[4:]) | uint32(body[7])<<24
		if len(body) == len(whole) {
			first = at
		}
		end := head + int(uint24(body[1:]))
		if err := c.tag(flv.TagType(body[0]), ms+int64(int32(at-first)), body[head:end:end]); err != nil {
			return err
		}
		body = body[min(end+tail, len(body)):]
	}
	return nil
}

// tag hands one tag on and its access unit to a rendition.
func (c *conn) tag(typ flv.TagType, ms int64, body []byte) error {
	if len(body) == 0 {
		return nil // some encoders keep a silent track alive like this
	}
	ev, err := c.intake.demux.Tag(typ, ms, body)
	if len(ev.Expect) > 0 {
		c.pub.Expect(ev.Expect...)
	}
	if ev.Encoder != "" {
		c.pub.Name(ev.Encoder)
	}
	if ev.Uncarried > 0 {
		c.intake.uncarried += uint64(ev.Uncarried)
		c.srv.counts.uncarried.Add(uint64(ev.Uncarried))
	}
	if ev.Notice.Code != "" {
		c.pub.Notice(ev.Notice)
		c.log.Info("RTMP publisher sends what cannot be carried", "notice", ev.Notice.String())
	}
	if err != nil {
		return c.badTag("a tag that cannot be read", err, body)
	}
	c.intake.bad.inRow = 0
	if ev.Unit != nil {
		ev.Unit.Arrived = c.src.at
		c.rendition(ev.Unit.Track.Kind()).Write(ev.Unit)
	}
	return nil
}

// rendition returns the source rendition of a kind, made with its first unit.
func (c *conn) rendition(kind media.Kind) *live.Feed {
	at, name := &c.intake.video, "video/source"
	if kind == media.Audio {
		at, name = &c.intake.audio, "audio/source"
	}
	if *at == nil {
		*at = c.pub.Rendition(name)
		c.src.expect(c.srv.opts.SilenceTimeout)
	}
	return *at
}

// strange takes a message of a type that RTMP does not have.
func (c *conn) strange(m message) error {
	return c.badTag(fmt.Sprintf("a message of the unknown type %d", m.typ), nil, m.body)
}

// badTag counts, tells once a second, and gives up on an encoder of which
// nothing can be read.
func (c *conn) badTag(what string, err error, body []byte) error {
	b := &c.intake.bad
	b.total++
	b.inRow++
	b.untold++
	c.srv.counts.badTags.Add(1)
	if holdsTS(body) {
		return &farewell{code: codeBadName, why: "The encoder sends MPEG-TS inside RTMP: with ffmpeg use -f flv."}
	}
	if b.inRow > maxBadInRow {
		return &farewell{code: codeBadName, why: fmt.Sprintf("None of %d messages in a row can be read.", maxBadInRow)}
	}
	if c.src.at.Sub(b.told) >= tellEvery {
		if err == nil {
			err = errors.New(what)
		}
		c.log.Warn("RTMP message skipped", "count", b.untold, "latest", err)
		b.told, b.untold = c.src.at, 0
	}
	return nil
}

// holdsTS reports whether body holds three MPEG-TS packets in a row: ffmpeg
// with -f mpegts and an rtmp:// address cuts them up as if they were tags.
func holdsTS(body []byte) bool {
	const packet, sync = 188, 0x47 // ISO/IEC 13818-1 2.4.3
	for at := 0; at < packet && at+2*packet < len(body); at++ {
		i := bytes.IndexByte(body[at:], sync)
		if i < 0 {
			return false
		}
		at += i
		if at < packet && at+2*packet < len(body) && body[at+packet] == sync && body[at+2*packet] == sync {
			return true
		}
	}
	return false
}
