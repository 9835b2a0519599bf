package broadcast

import (
	"context"

	"github.com/rostrumlive/rostrum/internal/live"
)

// LoginSalt is what encoders that log in hash between user name and password.
func (m *Manager) LoginSalt() string { return m.opts.Accounts.AuthSalt() }

// Login finds the stream key that an encoder knows who says it is the user,
// which is a channel's name. proves reports whether the encoder's answer fits
// a verifier. What the encoder did wrong is a *live.Refusal.
func (m *Manager) Login(ctx context.Context, user string, proves func(verifier string) bool) (live.Login, error) {
	c, k, err := m.opts.Accounts.Login(ctx, user, proves)
	if err != nil {
		return live.Login{}, explain(err)
	}
	return live.Login{Channel: c.Name, Key: k.ID}, nil
}
