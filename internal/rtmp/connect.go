package rtmp

import (
	"fmt"

	"github.com/rostrumlive/rostrum/internal/flv"
	"github.com/rostrumlive/rostrum/internal/live"
)

// Bits of FourCcInfoMask and CapsExMask (E-RTMP, "Enhancing NetConnection
// connect Command").
const (
	canForward          = 0x04
	capsModEx           = 0x04
	capsTimestampOffset = 0x08
)

const (
	maxAddress    = 4 << 10    // bytes of tcUrl, and of app: a long token and more
	dynamicLimit  = byte(2)    // type of Set Peer Bandwidth that binds least (5.4.5)
	peerBandwidth = 25_000_000 // bytes; nobody is held back
)

// peer is what an encoder said of itself and its address in connect.
type peer struct {
	tcURL, app string // may hold a key
	swf, page  string
	encoder    string
	login      *live.Login // nil for who was not asked
}

// connect answers the first command (7.2.1.1).
func (c *conn) connect(cl *call) error {
	o := cl.object()
	c.peer = peer{}
	c.peer.tcURL, _ = o.Get("tcUrl").(string)
	c.peer.app, _ = o.Get("app").(string)
	c.peer.swf, _ = o.Get("swfUrl").(string)
	c.peer.page, _ = o.Get("pageUrl").(string)
	c.peer.encoder, _ = o.Get("flashVer").(string)
	if c.peer.encoder == "" {
		c.peer.encoder, _ = o.Get("flashver").(string) // GStreamer's older elements and cameras
	}
	c.peer.encoder = flv.Printable(c.peer.encoder)
	if max(len(c.peer.tcURL), len(c.peer.app)) > maxAddress {
		why := fmt.Sprintf("An address of more than %d bytes.", maxAddress)
		return c.reject(cl, why, &farewell{why: why})
	}
	if err := c.logIn(cl); err != nil {
		return err
	}

	c.out.control(typeWindowAck, startWindow)
	c.out.control(typePeerBandwidth, peerBandwidth, dynamicLimit)
	c.out.control(typeSetChunkSize, ourChunks)
	c.out.chunkSize = ourChunks

	encoding, _ := o.Get("objectEncoding").(float64) // AMF3 clients close when it is not theirs
	c.command(0, "_result", cl.transaction, enhanced(o, flv.Object{
		{Name: "fmsVer", Value: "FMS/3,5,7,7009"}, // encoders look for a version here
		{Name: "capabilities", Value: 31},
	}), flv.Object{
		{Name: "level", Value: "status"},
		{Name: "code", Value: "NetConnection.Connect.Success"},
		{Name: "description", Value: "Connected."},
		{Name: "objectEncoding", Value: encoding},
	})
	return nil
}

// enhanced adds to our properties what E-RTMP asks for, each in the form that
// the encoder spoke of itself.
func enhanced(asked, ours flv.Object) flv.Object {
	if asked.Get("fourCcList") != nil {
		ours = append(ours, flv.Property{Name: "fourCcList", Value: []any{"avc1", "hvc1", "av01", "mp4a", "Opus"}})
	}
	if asked.Get("videoFourCcInfoMap") != nil {
		ours = append(ours, flv.Property{Name: "videoFourCcInfoMap", Value: carried("avc1", "hvc1", "av01")})
	}
	if asked.Get("audioFourCcInfoMap") != nil {
		ours = append(ours, flv.Property{Name: "audioFourCcInfoMap", Value: carried("mp4a", "Opus")})
	}
	if asked.Get("capsEx") != nil {
		ours = append(ours, flv.Property{Name: "capsEx", Value: capsModEx | capsTimestampOffset})
	}
	return ours
}

func carried(fourCCs ...string) flv.Object {
	var o flv.Object
	for _, cc := range fourCCs {
		o = append(o, flv.Property{Name: cc, Value: canForward})
	}
	return o
}
