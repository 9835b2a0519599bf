package account

import (
	"context"
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"net/netip"
	"time"

	"github.com/rostrumlive/rostrum/internal/outbox"
	"github.com/rostrumlive/rostrum/internal/store"
)

const (
	// networkKey is the setting with the key under which networks are hashed.
	networkKey = "keys.network_key"
	// networkFor is how long a network is known that a key is not used from:
	// after that it is a new one again.
	networkFor = 90 * 24 * time.Hour
	// mostNetworks is how many are known of a key.
	mostNetworks = 64
)

// noteNetwork notes the network from which a key is used, and tells who listens
// when it was not used from there before. A key's first use is no news.
func (s *Service) noteNetwork(ctx context.Context, tx *store.Tx, k Key, by Encoder, now time.Time) error {
	from, ok := networkOf(by.Address)
	if !ok {
		return nil
	}
	hash, err := s.hashNetwork(ctx, tx, from, now)
	if err != nil {
		return err
	}
	day := now.Truncate(24 * time.Hour)
	forget := day.Add(-networkFor)
	known, err := tx.KnowsKeyNetwork(ctx, k.ID, hash, forget)
	if err != nil {
		return err
	}
	if err := tx.PutKeyNetwork(ctx, k.ID, hash, day, forget, mostNetworks); err != nil {
		return err
	}
	// Of keys that are older than this table the last address alone is known.
	if last, ok := networkOf(k.LastUsedFrom); known || k.LastUsedAt.IsZero() || ok && last == from {
		return nil
	}
	return outbox.Put(ctx, tx, outbox.KeyNewAddress, k.ChannelID, now, func(d *outbox.EventData) error {
		d.Key = &outbox.EventKey{ID: k.ID, Label: k.Label, Hint: k.Hint, Network: from.String()}
		return nil
	})
}

// networkOf is the neighbourhood of an encoder's address: what one person's
// address changes within, most times. There is none of what comes from this
// process.
func networkOf(address string) (netip.Prefix, bool) {
	a, err := netip.ParseAddrPort(address)
	if err != nil {
		return netip.Prefix{}, false
	}
	bits, ip := 24, a.Addr().Unmap().WithZone("")
	if ip.Is6() {
		bits = 48
	}
	p, err := ip.Prefix(bits)
	return p, err == nil
}

// hashNetwork makes of a network what tells it from others, and does not tell
// which it is to who has the rows of keys alone.
func (s *Service) hashNetwork(ctx context.Context, tx *store.Tx, p netip.Prefix, now time.Time) (string, error) {
	fresh := make([]byte, 32)
	_, _ = rand.Read(fresh) // does not fail
	value, err := json.Marshal(hex.EncodeToString(fresh))
	if err != nil {
		return "", err
	}
	kept, err := tx.KeepSetting(ctx, networkKey, string(value), now)
	if err != nil {
		return "", err
	}
	h := hmac.New(sha256.New, []byte(kept))
	_, _ = h.Write([]byte(p.String())) // a hash takes everything
	return hex.EncodeToString(h.Sum(nil)[:16]), nil
}
