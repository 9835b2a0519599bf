package rtmp

import (
	"context"
	"errors"
	"time"

	"github.com/rostrumlive/rostrum/internal/live"
)

// The codes of refusals (7.2.2). On BadName before any Publish.Start OBS gives
// up; after a Publish.Start it would come back for ever.
const (
	codeBadName    = "NetStream.Publish.BadName"
	codePlayFailed = "NetStream.Play.Failed"
)

// publish asks the Gate and tells the encoder its answer (7.2.2.6).
func (c *conn) publish(cl *call) error {
	if c.pub != nil {
		// Asked again for what it has; a second stream has no place to go.
		c.status(cl.stream, "error", codeBadName, "This connection publishes already.")
		return nil
	}
	c.published, c.asked = cl.stream, true
	req := parseAddress(c.peer.tcURL, c.peer.app, cl.text(0))
	req.Protocol, req.Remote, req.Encoder, req.Login = "rtmp", c.remote, c.peer.encoder, c.peer.login
	req.Args = rawArguments(c.peer.tcURL, c.peer.app, cl.text(0))
	req.Spoken = live.Spoken{Address: c.peer.tcURL, SWF: c.peer.swf, Page: c.peer.page, Type: cl.text(1)}

	ctx, cancel := context.WithTimeout(c.srv.ctx, c.srv.opts.GateTimeout)
	defer cancel()
	pub, err := c.srv.opts.Gate.Publish(ctx, req)
	if err != nil {
		return c.refused(err)
	}
	c.admitted(pub)
	c.out.event(eventStreamBegin, cl.stream)
	c.status(cl.stream, "status", "NetStream.Publish.Start", "On air.")
	return nil
}

// refused makes the end of a connection from the Gate's error.
func (c *conn) refused(err error) error {
	if c.srv.ctx.Err() != nil {
		return errShutdown
	}
	c.srv.counts.refused.Add(1)
	var no *live.Refusal
	if errors.As(err, &no) {
		return &farewell{code: codeBadName, why: no.Reason}
	}
	return &farewell{code: codeBadName, why: "The server could not take this broadcast in", err: err}
}

// admitted changes the connection from a stranger's to a publisher's.
func (c *conn) admitted(pub *live.Publisher) {
	c.pub = pub
	c.srv.letIn(c.socket)
	c.srv.counts.publishing.Add(1)
	c.log = c.log.With("channel", pub.Channel())
	c.log.Debug("RTMP publish", "encoder", c.peer.encoder)
	c.in.enlarge()
	c.chunks.admit()
	c.src.admit(c.srv.opts.StartTimeout, pub.Kicked())
	c.leave = make(chan struct{})
	c.watch.Go(func() { // awaited by release
		select {
		case <-pub.Kicked():
			_ = c.nc.SetReadDeadline(time.Unix(1, 0)) // a socket that is closed already needs no waking
		case <-c.leave:
		}
	})
}
