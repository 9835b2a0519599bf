package rtmp

import (
	"encoding/binary"

	"github.com/rostrumlive/rostrum/internal/flv"
)

// maxCommandValues bounds what a command can hold: a connect with every map
// of Enhanced RTMP has a hundred. A byte of a message could be a value, which
// takes thirty-two here.
const maxCommandValues = 512

// handle does what one message asks for.
func (c *conn) handle(m message) error {
	switch m.typ {
	case typeAudio, typeVideo, typeData, typeDataAMF3, typeAggregate:
		return c.mediaMessage(m)
	case typeCommandAMF3:
		return c.invoke(m.stream, withoutAMF3(m.body))
	case typeCommand:
		return c.invoke(m.stream, m.body)
	case typeWindowAck:
		if len(m.body) >= 4 {
			c.window = max(leastWindow, uint64(binary.BigEndian.Uint32(m.body)))
		}
	case typeUserControl:
		if len(m.body) >= 6 && binary.BigEndian.Uint16(m.body) == eventPingRequest {
			c.out.event(eventPingResponse, binary.BigEndian.Uint32(m.body[2:]))
		}
	case typeAck, typePeerBandwidth, typeShared, typeSharedAMF3:
		// Nothing is sent that would need to be held back, and nothing shared.
	default:
		return c.strange(m)
	}
	return nil
}

// withoutAMF3 makes AMF0 of the body of an AMF3 command or data message: a
// byte of zero and then AMF0, of which single values may switch to AMF3.
func withoutAMF3(body []byte) []byte {
	if len(body) > 0 && body[0] == 0 {
		return body[1:]
	}
	return body
}

// call is a command message: a name, a number that its answer repeats, an
// object or null, and what else there is (7.2).
type call struct {
	stream      uint32
	name        string
	transaction float64
	values      []any
}

// text returns the i-th value after the object when it is a string.
func (c *call) text(i int) string {
	if 3+i >= len(c.values) {
		return ""
	}
	s, _ := c.values[3+i].(string)
	return s
}

// object returns the command's object, empty when there is none.
func (c *call) object() flv.Object {
	if len(c.values) < 3 {
		return nil
	}
	return object(c.values[2])
}

func object(v any) flv.Object {
	switch v := v.(type) {
	case flv.Object:
		return v
	case flv.ECMAArray:
		return flv.Object(v)
	}
	return nil
}

// invoke runs one command. What an encoder calls and nobody needs is let pass.
func (c *conn) invoke(stream uint32, body []byte) error {
	// With an error it still gives the values before it.
	values, err := flv.DecodeAMF0Bounded(body, maxCommandValues)
	cl := call{stream: stream, values: values}
	if len(values) > 0 {
		cl.name, _ = values[0].(string)
	}
	if cl.name == "" {
		return c.badTag("a command without a name", err, body)
	}
	if len(values) > 1 {
		cl.transaction, _ = values[1].(float64)
	}
	switch cl.name {
	case "connect":
		return c.connect(&cl)
	case "createStream":
		c.streams++
		c.answer(&cl, c.streams)
	case "releaseStream", "_checkbw":
		c.answer(&cl, flv.Undefined{})
	case "getStreamLength":
		c.answer(&cl, 0)
	case "FCPublish":
		c.answer(&cl, flv.Undefined{})
		// Wirecast and other descendants of FMLE wait for this before they go on.
		c.command(0, "onFCPublish", 0, nil, flv.Object{
			{Name: "level", Value: "status"},
			{Name: "code", Value: "NetStream.Publish.Start"},
			{Name: "description", Value: "Ready."},
		})
	case "publish":
		return c.publish(&cl)
	case "FCUnpublish", "deleteStream", "closeStream":
		if c.pub != nil {
			return errStopped
		}
	case "play", "play2":
		c.published = stream
		return &farewell{code: codePlayFailed, why: "This is a door for encoders: viewers watch by HTTP, on the channel's page."}
	}
	return nil
}

// answer adds the result of a call that asked for one.
func (c *conn) answer(cl *call, result any) {
	if cl.transaction != 0 {
		c.command(0, "_result", cl.transaction, nil, result)
	}
}
