package broadcast

import (
	"context"
	"errors"
	"net/netip"

	"github.com/rostrumlive/rostrum/internal/account"
	"github.com/rostrumlive/rostrum/internal/live"
)

func refusal(code, reason string) *live.Refusal { return &live.Refusal{Code: code, Reason: reason} }

// Publish is live.Gate: it finds out which channel the encoder may feed, ends
// the broadcast that the channel has on air, and begins a new one.
func (m *Manager) Publish(ctx context.Context, req live.Request) (*live.Publisher, error) {
	c, err := m.admit(ctx, req)
	if err != nil {
		return nil, err
	}
	m.mu.Lock()
	reason, reserved := m.reserved[c.Name]
	m.mu.Unlock()
	if reserved {
		return nil, refusal("reserved", reason)
	}
	return m.Begin(ctx, c, req, Settings{})
}

// admit returns the channel that the request opens. A stream key comes as the
// name, or as `key` beside a channel's name; who logged in needs neither.
func (m *Manager) admit(ctx context.Context, req live.Request) (account.Channel, error) {
	if l := req.Login; l != nil {
		c, _, err := m.opts.Accounts.ChannelByLogin(ctx, l.Channel, l.Key)
		return c, explain(err)
	}
	if plain := req.Query.Get("key"); plain != "" {
		c, _, err := m.opts.Accounts.ChannelByKey(ctx, plain)
		if err != nil {
			return account.Channel{}, explain(err)
		}
		if req.Name != "" && account.FoldName(req.Name) != c.Name {
			return account.Channel{}, refusal("wrong_channel", "The stream key belongs to another channel.")
		}
		return c, nil
	}
	if req.Name == "" {
		return account.Channel{}, refusal("no_key", "The address holds neither a stream key nor a channel's name.")
	}
	c, _, err := m.opts.Accounts.ChannelByKey(ctx, req.Name)
	if err == nil || !errors.Is(err, account.ErrUnknownKey) {
		return c, explain(err)
	}
	if !m.open(req.Remote.Addr()) {
		return account.Channel{}, refusal("unknown_key", "The stream key is not known. Make one with `rostrum channel key NAME`.")
	}
	c, err = m.opts.Accounts.EnsureChannel(ctx, req.Name)
	return c, explain(err)
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
