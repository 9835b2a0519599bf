package main

import (
	"bytes"
	"encoding/binary"
	"math/rand/v2"
	"slices"
)

// prelude is how many messages of a session come before its media: most
// changes leave them alone, since a session that is not let in reaches little.
const prelude = 6

// numbers are those at which counters wrap and bounds lie.
var numbers = []uint32{0, 1, 2, 127, 128, 129, 4096, 0xffff, 0x10000, 0x7fffff, 0xfffffe, 0xffffff, 0x1000000, 0x7fffffff, 0x80000000, 0xfffffff0, 0xffffffff}

// change changes a session's messages in one way.
type change func(r *rand.Rand, all []message, other []message) []message

// changes are the ways, all as likely.
var changes = []change{
	flipBits, cutBody, drop, repeat, swap, lie, resize, shiftTime, freezeTime, setTime, retype, restream, rechunk,
	reformat, splice, overwrite, lengthen, aggregate, interrupt, empty,
}

// session makes a session's bytes, for the channel of that name.
func (rec *recordings) session(r *rand.Rand, name string) []byte {
	if len(rec.raw) > 0 && r.IntN(5) == 0 {
		return spoil(r, bytes.ReplaceAll(rec.raw[r.IntN(len(rec.raw))], []byte(spareName), []byte(name)), 1+r.IntN(4))
	}
	all := publish(name, clone(rec.tags[r.IntN(len(rec.tags))]))
	other := rec.tags[r.IntN(len(rec.tags))]
	for range r.IntN(5) {
		all = changes[r.IntN(len(changes))](r, all, other)
	}
	b := appendSession(nil, all)
	if r.IntN(4) == 0 {
		b = spoil(r, b, 1+r.IntN(3))
	}
	return b
}

// clone lets messages be changed without their recording.
func clone(all []message) []message {
	all = slices.Clone(all)
	for i := range all {
		all[i].body = bytes.Clone(all[i].body)
	}
	return all
}

// spoil changes bytes wherever they stand, the handshake's too.
func spoil(r *rand.Rand, b []byte, times int) []byte {
	for range times {
		if len(b) < 2 {
			return b
		}
		at := r.IntN(len(b))
		n := min(1+r.IntN(64), len(b)-at)
		switch r.IntN(6) {
		case 0:
			b[at] ^= 1 << r.IntN(8)
		case 1:
			b = b[:at]
		case 2:
			b = slices.Delete(b, at, at+n)
		case 3:
			b = slices.Insert(b, at, bytes.Clone(b[at:at+n])...)
		case 4:
			for i := range n {
				b[at+i] = byte(r.Uint32())
			}
		case 5:
			copy(b[at:], binary.BigEndian.AppendUint32(nil, any32(r)))
		}
	}
	return b
}

// pick returns the place of a message, most often one of media.
func pick(r *rand.Rand, all []message) int {
	if len(all) > prelude && r.IntN(8) > 0 {
		return prelude + r.IntN(len(all)-prelude)
	}
	return r.IntN(len(all))
}

func any32(r *rand.Rand) uint32 {
	if r.IntN(4) == 0 {
		return r.Uint32()
	}
	return numbers[r.IntN(len(numbers))]
}

func flipBits(r *rand.Rand, all, _ []message) []message {
	body := all[pick(r, all)].body
	for range 1 + r.IntN(8) {
		if len(body) > 0 {
			body[r.IntN(min(len(body), 64))] ^= 1 << r.IntN(8) // headers come first
		}
	}
	return all
}

func cutBody(r *rand.Rand, all, _ []message) []message {
	m := &all[pick(r, all)]
	m.body = m.body[:r.IntN(len(m.body)+1)]
	return all
}

func empty(r *rand.Rand, all, _ []message) []message {
	all[pick(r, all)].body = nil
	return all
}

func drop(r *rand.Rand, all, _ []message) []message {
	if len(all) < 2 {
		return all
	}
	at := pick(r, all)
	return slices.Delete(all, at, min(len(all)-1, at+1+r.IntN(4)))
}

func repeat(r *rand.Rand, all, _ []message) []message {
	at := pick(r, all)
	return slices.Insert(all, at, clone(all[at:at+1])...)
}

func swap(r *rand.Rand, all, _ []message) []message {
	i, j := pick(r, all), pick(r, all)
	all[i], all[j] = all[j], all[i]
	return all
}

// lie tells another length than a message has.
func lie(r *rand.Rand, all, _ []message) []message {
	all[pick(r, all)].claim = []int32{-1, 1, -64, 4096, 1 << 20, 0xffffff, r.Int32N(1 << 24)}[r.IntN(7)]
	return all
}

// resize changes the size of chunks in the middle, with or without keeping it.
func resize(r *rand.Rand, all, _ []message) []message {
	m := setChunkSize(any32(r))
	m.deaf = r.IntN(3) == 0
	return slices.Insert(all, pick(r, all), m)
}

// shiftTime moves all stamps from one message on.
func shiftTime(r *rand.Rand, all, _ []message) []message {
	by := any32(r)
	for i := pick(r, all); i < len(all); i++ {
		all[i].time += by
	}
	return all
}

// freezeTime lets the encoder's clock stand still.
func freezeTime(r *rand.Rand, all, _ []message) []message {
	at := pick(r, all)
	for i := at; i < len(all); i++ {
		all[i].time = all[at].time
	}
	return all
}

func setTime(r *rand.Rand, all, _ []message) []message {
	for range 1 + r.IntN(8) {
		all[pick(r, all)].time = any32(r)
	}
	return all
}

func retype(r *rand.Rand, all, _ []message) []message {
	all[pick(r, all)].kind = byte(r.IntN(24))
	return all
}

func restream(r *rand.Rand, all, _ []message) []message {
	all[pick(r, all)].stream = any32(r)
	return all
}

// rechunk moves a message to another chunk stream.
func rechunk(r *rand.Rand, all, _ []message) []message {
	all[pick(r, all)].csid = []uint32{2, 3, 4, 5, 6, 63, 64, 319, 320, 65599}[r.IntN(10)]
	return all
}

func reformat(r *rand.Rand, all, _ []message) []message {
	for range 1 + r.IntN(3) {
		all[pick(r, all)].format = byte(r.IntN(4))
	}
	return all
}

// splice goes on with another encoder's media: other codecs, sizes and clocks.
func splice(r *rand.Rand, all, other []message) []message {
	at := pick(r, all)
	tail := clone(other[r.IntN(len(other)):])
	if r.IntN(2) == 0 {
		return append(all[:at:at], tail...)
	}
	return slices.Insert(all, at, tail...)
}

// overwrite puts a number that is a bound into a body: lengths, counts, sizes.
func overwrite(r *rand.Rand, all, _ []message) []message {
	if body := all[pick(r, all)].body; len(body) > 0 {
		b := binary.BigEndian.AppendUint32(nil, any32(r))
		copy(body[r.IntN(min(len(body), 128)):], b[r.IntN(4):])
	}
	return all
}

func lengthen(r *rand.Rand, all, _ []message) []message {
	m := &all[pick(r, all)]
	for range r.IntN(2000) {
		m.body = append(m.body, byte(r.Uint32()))
	}
	return all
}

// aggregate packs a run of media into one message (7.1.6).
func aggregate(r *rand.Rand, all, _ []message) []message {
	at := pick(r, all)
	end := min(len(all), at+1+r.IntN(8))
	var body []byte
	for _, m := range all[at:end] {
		body = uint24(append(body, m.kind), uint32(len(m.body)))
		body = append(uint24(body, m.time&0xffffff), byte(m.time>>24), 0, 0, 0)
		body = append(body, m.body...)
		body = binary.BigEndian.AppendUint32(body, uint32(11+len(m.body)))
	}
	return slices.Replace(all, at, end, message{csid: csidVideo, kind: typeAggregate, stream: 1, time: all[at].time, body: body})
}

// interrupt gives a command where none is due.
func interrupt(r *rand.Rand, all, _ []message) []message {
	commands := []message{
		commandMessage(1, text("publish"), number(8), null(), text("fuzz-another1"), text("live")),
		commandMessage(1, text("play"), number(8), null(), text("fuzz-another1")),
		commandMessage(0, text("closeStream"), number(8), null()),
		commandMessage(0, text("createStream"), number(8), null()),
		commandMessage(0, text("connect"), number(8), object("app", "", "tcUrl", "rtmp://")),
		commandMessage(0, text("FCUnpublish"), number(8), null(), text("")),
		{csid: csidCommand, kind: 17, body: []byte{0, 2, 0, 1, 'x', 0x11, 0x0a, 0x0b, 1}},
		{csid: csidControl, kind: 4, body: []byte{0, 6, 1, 2, 3, 4}},
		{csid: csidControl, kind: 5, body: []byte{0, 0, 0, 1}},
		{csid: csidControl, kind: 2, body: []byte{0, 0, 0, csidVideo}},
		{csid: csidData, kind: 15, stream: 1, body: append([]byte{0}, text("onMetaData")...)},
	}
	return slices.Insert(all, pick(r, all), commands[r.IntN(len(commands))])
}
