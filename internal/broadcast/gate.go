package broadcast

import (
	"context"
	"errors"
	"net/netip"
	"time"

	"github.com/rostrumlive/rostrum/internal/account"
	"github.com/rostrumlive/rostrum/internal/live"
)

// leastKept is how much is kept of a broadcast that is not recorded, while it is
// on air, where one can rewind to its beginning.
const leastKept = time.Hour

func refusal(code, reason string) *live.Refusal { return &live.Refusal{Code: code, Reason: reason} }

// Publish is live.Gate: it finds out which channel the encoder may feed, ends
// the broadcast that the channel has on air, and begins a new one.
func (m *Manager) Publish(ctx context.Context, req live.Request) (*live.Publisher, error) {
	leave, err := m.ask(ctx, req)
	if err != nil {
		return nil, err
	}
	c, key, err := m.admit(ctx, req, leave)
	if err != nil {
		return nil, err
	}
	if why := account.OnAirRefusal(c); why != nil {
		return nil, explain(why)
	}
	m.mu.Lock()
	reason, reserved := m.reserved[c.Name]
	m.mu.Unlock()
	if reserved {
		return nil, refusal("reserved", reason)
	}
	s := Settings{Key: key, Unrecorded: !c.Recorded}
	if s.Unrecorded {
		s.Keep = max(m.opts.HLS.Window, leastKept) // what live playlists and those who rewind may ask for
	}
	pub, err := m.Begin(ctx, c, req, s)
	if err == nil {
		m.began(leave, req, pub)
	}
	return pub, err
}

// admit returns the channel that the request opens, and the id of the stream
// key that did. A key comes as the name, or as `key` beside a channel's name;
// who logged in needs neither, nor who came with the leave of a back-end.
func (m *Manager) admit(ctx context.Context, req live.Request, leave live.Leave) (c account.Channel, key string, err error) {
	var k account.Key
	by := account.Encoder{Address: address(req.Remote), Name: bounded(req.Encoder)}
	if leave.Asked {
		return m.admitNamed(ctx, req, leave, by)
	}
	if l := req.Login; l != nil {
		c, k, err = m.opts.Accounts.ChannelByLogin(ctx, l.Channel, l.Key, by)
		return c, k.ID, explain(err)
	}
	if plain := req.Query.Get("key"); plain != "" {
		c, k, err = m.opts.Accounts.ChannelByKey(ctx, plain, by)
		if err != nil {
			return account.Channel{}, "", explain(err)
		}
		if req.Name != "" && account.FoldName(req.Name) != c.Name && !m.wasCalled(ctx, c, req.Name) {
			return account.Channel{}, "", refusal("wrong_channel", "The stream key belongs to another channel.")
		}
		return c, k.ID, nil
	}
	if req.Name == "" {
		return account.Channel{}, "", refusal("no_key", "The address holds neither a stream key nor a channel's name.")
	}
	c, k, err = m.opts.Accounts.ChannelByKey(ctx, req.Name, by)
	if err == nil || !errors.Is(err, account.ErrUnknownKey) {
		return c, k.ID, explain(err)
	}
	if !m.open(req.Remote.Addr()) {
		return account.Channel{}, "", refusal("unknown_key", "The stream key is not known. Make one on the channel's page, or with `rostrum channel key NAME`.")
	}
	c, err = m.opts.Accounts.EnsureChannel(ctx, req.Name)
	return c, "", explain(err)
}

// wasCalled reports whether a channel had the name before: encoders are set up
// once.
func (m *Manager) wasCalled(ctx context.Context, c account.Channel, name string) bool {
	former, err := m.opts.Accounts.FormerChannel(ctx, name)
	return err == nil && former.ID == c.ID
}

// open reports whether an address may publish without a key.
func (m *Manager) open(from netip.Addr) bool {
	from = from.Unmap()
	switch m.opts.Open {
	case Any:
		return true
	case Private:
		return from.IsLoopback() || from.IsPrivate() || from.IsLinkLocalUnicast()
	}
	return false
}

// explain turns what a person can do something about into a refusal.
func explain(err error) error {
	var known *account.Error
	if errors.As(err, &known) {
		return refusal(known.Code, sentence(known.Reason))
	}
	return err
}

// sentence makes one of a reason that begins in lower case and has no stop.
func sentence(reason string) string {
	if reason == "" {
		return ""
	}
	return string(upper(reason[0])) + reason[1:] + "."
}

func upper(c byte) byte {
	if 'a' <= c && c <= 'z' {
		return c - 'a' + 'A'
	}
	return c
}
