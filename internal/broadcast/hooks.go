package broadcast

import (
	"context"
	"errors"
	"time"

	"github.com/rostrumlive/rostrum/internal/account"
	"github.com/rostrumlive/rostrum/internal/live"
	"github.com/rostrumlive/rostrum/internal/packager"
	"github.com/rostrumlive/rostrum/internal/store"
)

// Hooks are how a site's own back-end takes part (see hook). A session there is
// one encoder's connection.
type Hooks interface {
	// Ask asks for leave for an encoder. The error is a *live.Refusal, or ctx's
	// own. It may take a while, which is that encoder's alone.
	Ask(ctx context.Context, req live.Request) (live.Leave, error)
	// Began is told of an encoder that was let in; stop takes it off the air. It
	// does not wait.
	Began(leave live.Leave, req live.Request, pub *live.Publisher, stop func(*live.Refusal))
	// Gone is told that it feeds its stream no more, once or more often. It does
	// not wait.
	Gone(pub *live.Publisher)
	// Recorded is told that recording was stopped while a broadcast goes on, with
	// the path of the recording's address. It does not wait.
	Recorded(channel, broadcast, path string)
	// Over is told that a broadcast has ended, with the path of its recording's
	// address, empty when nothing was kept that Recorded was not told of. It does
	// not wait.
	Over(channel, broadcast, path string)
	// WantsSegments reports whether Segment is to be called.
	WantsSegments() bool
	// Segment is told of a segment of MPEG-TS, by its address and that of the
	// list with it. It waits for the back-end; ctx bounds it.
	Segment(ctx context.Context, broadcast string, number int64, length time.Duration, path, playlist string)
}

// Relays go on with what is on air to other servers (see restream).
type Relays interface {
	// Begin relays what an encoder feeds to an address, as the address says or else
	// under a name. It does not wait.
	Begin(pub *live.Publisher, stream *live.Stream, address, name string)
	// End is told that an encoder feeds its stream no more, once or more often. It
	// does not wait.
	End(pub *live.Publisher)
}

// began tells of an encoder that was let in.
func (m *Manager) began(leave live.Leave, req live.Request, pub *live.Publisher) {
	if m.opts.Hooks != nil {
		m.opts.Hooks.Began(leave, req, pub, func(why *live.Refusal) { m.stopFor(pub, why) })
	}
	b := m.Get(pub.Broadcast())
	if b == nil {
		return
	}
	b.mu.Lock()
	if b.pub == pub {
		b.source.Client = leave.Client
	}
	b.mu.Unlock()
	if m.opts.Relays != nil && leave.Relay != "" {
		m.opts.Relays.Begin(pub, b.stream, leave.Relay, pub.Channel())
	}
}

// ask asks the back-end, where there is one. What it says of a name is not
// believed yet.
func (m *Manager) ask(ctx context.Context, req live.Request) (live.Leave, error) {
	if m.opts.Hooks == nil {
		return live.Leave{}, nil
	}
	return m.opts.Hooks.Ask(ctx, req)
}

// admitNamed returns the channel that an encoder feeds by a back-end's leave,
// which is made when it is not there. A stream key of ours is still one, where
// the back-end gave it no other name: it must not become the name of a channel.
func (m *Manager) admitNamed(ctx context.Context, req live.Request, leave live.Leave, by account.Encoder) (account.Channel, string, error) {
	if l := req.Login; l != nil && !leave.Renamed {
		c, k, err := m.opts.Accounts.ChannelByLogin(ctx, l.Channel, l.Key, by)
		return c, k.ID, explain(err)
	}
	if !leave.Renamed {
		c, k, err := m.opts.Accounts.ChannelByKey(ctx, leave.Name, by)
		if err == nil || !errors.Is(err, account.ErrUnknownKey) {
			return c, k.ID, explain(err)
		}
	}
	c, err := m.opts.Accounts.EnsureChannel(ctx, leave.Name)
	return c, "", explain(err)
}

// stopFor ends the broadcast that an encoder feeds, unless another does by now.
func (m *Manager) stopFor(pub *live.Publisher, why *live.Refusal) {
	if b := m.Get(pub.Broadcast()); b != nil {
		b.endOf(pub, why.Reason)
	}
	pub.Kick(why)
}

// gone tells the back-end of an encoder's end.
func (b *Broadcast) gone(pub *live.Publisher) {
	if h := b.m.opts.Hooks; h != nil {
		h.Gone(pub)
	}
	if r := b.m.opts.Relays; r != nil {
		r.End(pub)
	}
}

// tellSegments tells the back-end of segments until the media ends or the server
// stops. One that is too slow for them misses some.
func (b *Broadcast) tellSegments(ctx context.Context, h Hooks) {
	tail := b.packager.Completions()
	for {
		piece, err := tail.Next(ctx)
		if err != nil {
			return
		}
		seg := piece.Segment
		sound := b.packager.Window("audio/source")
		if seg.Gap || piece.Window.Name != "video/source" && (piece.Window != sound || b.packager.Window("video/source") != nil) {
			continue
		}
		with := ""
		if sound != nil && sound != piece.Window {
			with = sound.Name
		}
		address := packager.TSAddress("/media/"+b.ID+"/", piece.Window.Name, with, seg.Number)
		h.Segment(ctx, b.ID, seg.Number, seg.Duration, address, "/live/"+b.Channel.Name+"/ts/index.m3u8")
	}
}

// own reports whether the channel is the server's own.
func (b *Broadcast) own() bool {
	b.m.mu.Lock()
	defer b.m.mu.Unlock()
	_, own := b.m.reserved[b.Channel.Name]
	return own
}

// tellOver tells the back-end of the recording, when the row says that there is
// one. The server's own channels are not its business.
func (b *Broadcast) tellOver() {
	h := b.m.opts.Hooks
	b.mu.Lock()
	untold := b.untold
	b.mu.Unlock()
	if h == nil || b.own() {
		return
	}
	path := ""
	ctx, cancel := context.WithTimeout(b.m.ctx, askRules)
	defer cancel()
	row, err := b.m.opts.DB.Broadcast(ctx, b.ID)
	if err != nil {
		b.log.Warn("the back-end cannot be told of the recording", "error", err)
	} else if row.State == store.StateArchived && row.Recorded && untold {
		path = b.pathOf(b.newestPart(ctx))
	}
	h.Over(row.ChannelName, b.ID, path)
}
