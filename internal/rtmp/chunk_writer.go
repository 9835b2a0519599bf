package rtmp

import "encoding/binary"

// The types of messages (5.4, 6.2, 7.1).
const (
	typeSetChunkSize  = 1
	typeAbort         = 2
	typeAck           = 3
	typeUserControl   = 4
	typeWindowAck     = 5
	typePeerBandwidth = 6
	typeAudio         = 8
	typeVideo         = 9
	typeDataAMF3      = 15
	typeSharedAMF3    = 16
	typeCommandAMF3   = 17
	typeData          = 18
	typeShared        = 19
	typeCommand       = 20
	typeAggregate     = 22
)

// The events of user control messages (7.1.7).
const (
	eventStreamBegin  = 0
	eventPingRequest  = 6
	eventPingResponse = 7
)

// The chunk streams of our own messages: 2 is set for control (5.4), the
// others are what other servers use.
const (
	chunksControl = 2
	chunksCommand = 3
	chunksStatus  = 5
	chunksAudio   = 4 // as encoders have them
	chunksVideo   = 6
)

// chunkWriter collects messages until they are flushed.
type chunkWriter struct {
	buf       []byte
	chunkSize int
}

// message adds one message, at time 0: nothing that a server tells an encoder
// has a time.
func (w *chunkWriter) message(chunks, typ uint8, stream uint32, body []byte) {
	w.at(chunks, typ, stream, 0, body)
}

// at adds one message at a time in milliseconds. One that does not fit into three
// bytes follows each header, also of the chunks that go on, as most have it
// (5.3.1.3).
func (w *chunkWriter) at(chunks, typ uint8, stream, ms uint32, body []byte) {
	field := min(ms, farTimestamp)
	w.buf = append(w.buf, chunks, byte(field>>16), byte(field>>8), byte(field), byte(len(body)>>16), byte(len(body)>>8), byte(len(body)), typ)
	w.buf = binary.LittleEndian.AppendUint32(w.buf, stream)
	for {
		if field == farTimestamp {
			w.buf = binary.BigEndian.AppendUint32(w.buf, ms)
		}
		if len(body) <= w.chunkSize {
			break
		}
		w.buf = append(w.buf, body[:w.chunkSize]...)
		w.buf = append(w.buf, 3<<6|chunks)
		body = body[w.chunkSize:]
	}
	w.buf = append(w.buf, body...)
}

// control adds a control message whose body is v and what follows it.
func (w *chunkWriter) control(typ uint8, v uint32, more ...byte) {
	body := binary.BigEndian.AppendUint32(make([]byte, 0, 8), v)
	w.message(chunksControl, typ, 0, append(body, more...))
}

// event adds a user control message.
func (w *chunkWriter) event(event uint16, v uint32) {
	body := binary.BigEndian.AppendUint16(make([]byte, 0, 6), event)
	w.message(chunksControl, typeUserControl, 0, binary.BigEndian.AppendUint32(body, v))
}
