package e2e

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/rostrumlive/rostrum/internal/testkit"
)

// TestARevokedKeyDropsItsEncoder: who revokes a stream key, by another process,
// has the encoder off air that came with it; a key that expires ends so too, and
// who uses another key stays.
func TestARevokedKeyDropsItsEncoder(t *testing.T) {
	t.Parallel()
	s := startServer(t)
	clip := testkit.Clip{Seconds: 60}.Path(t)
	make := func(channel string, args ...string) (key, id string) {
		t.Helper()
		if out, code := s.Command(t, "channel", "list"); code != 0 || !strings.Contains(out, channel+" ") {
			_, code := s.Command(t, "channel", "add", channel)
			require.Zero(t, code)
		}
		out, code := s.Command(t, append([]string{"channel", "key", channel}, args...)...)
		require.Zero(t, code)
		key = strings.TrimSpace(out)
		out, code = s.Command(t, "channel", "key", "list", channel)
		require.Zero(t, code)
		for line := range strings.Lines(out) {
			if fields := strings.Fields(line); len(fields) > 1 && fields[1] == key[len(key)-4:] {
				return key, fields[0]
			}
		}
		t.Fatalf("the key is not listed:\n%s", out)
		return "", ""
	}
	kept, _ := make("kitchen")
	lost, id := make("garage")
	testkit.Publish(t, clip, s.PublishURL(kept))
	encoder := testkit.Publish(t, clip, s.PublishURL(lost))
	onAir(t, s, "kitchen")
	now := onAir(t, s, "garage")
	out, code := s.Command(t, "channel", "key", "list", "garage")
	require.Zero(t, code)
	require.Contains(t, out, "127.0.0.1:", "where it was used from")
	require.Contains(t, out, "FMLE/3.0", "and by what")

	began := time.Now()
	_, code = s.Command(t, "channel", "key", "revoke", "garage", id)
	require.Zero(t, code)
	revoked := time.Now()
	require.NotZero(t, encoder.Wait(t, limit), "ffmpeg is sent away")
	t.Logf("the command took %v, the encoder was gone %v after it", revoked.Sub(began).Round(time.Millisecond), time.Since(revoked).Round(time.Millisecond))
	archived(t, s, "garage", now.Broadcast)
	onAir(t, s, "kitchen")

	short, _ := make("garage", "--for", "4s")
	testkit.Eventually(t, limit, func(ctx context.Context) error {
		var c channel
		if err := getJSON(ctx, s, "/api/v1/channels/garage", &c); err != nil || c.Live != nil {
			return fmt.Errorf("the channel is not free: %w", errors.Join(err))
		}
		return nil
	})
	encoder = testkit.Publish(t, clip, s.PublishURL(short))
	require.NotZero(t, encoder.Wait(t, limit), "a key that expires lets its encoder go")
	onAir(t, s, "kitchen")
	require.NotContains(t, s.Log(), lost)
	require.NotContains(t, s.Log(), short)
}
