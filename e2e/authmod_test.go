package e2e

import (
	"strings"
	"syscall"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/rostrumlive/rostrum/internal/testkit"
)

// TestLogin: an encoder whose user filled in a user name and a password, and
// not a stream key, is on air; one that is wrong is told so, and neither is in
// the log.
func TestLogin(t *testing.T) {
	t.Parallel()
	s, secure, _, _ := startSecure(t)
	key := addChannel(t, s, "studio")
	other := addChannel(t, s, "elsewhere")
	clip := testkit.Clip{Seconds: 20}.Path(t)
	address := func(user, password string) string {
		return "rtmp://" + user + ":" + password + "@" + s.RTMP + "/auth/whatever"
	}
	for name, url := range map[string]string{
		"plain":    address("studio", key),
		"in TLS":   strings.Replace(strings.Replace(address("studio", key), "rtmp:", "rtmps:", 1), s.RTMP, secure, 1),
		"any case": address("Studio", key),
	} {
		t.Run(name, func(t *testing.T) {
			encoder := testkit.Publish(t, clip, url)
			now := onAir(t, s, "studio")
			encoder.Signal(syscall.SIGTERM)
			archived(t, s, "studio", now.Broadcast)
		})
	}
	for name, url := range map[string]string{
		"a wrong password":         address("studio", key[:len(key)-1]),
		"another's key":            address("studio", other),
		"a user that is not there": address("nobody", key),
	} {
		t.Run(name, func(t *testing.T) {
			encoder := testkit.Publish(t, clip, url)
			require.NotZero(t, encoder.Wait(t, limit))
			require.Contains(t, encoder.Log(), "Incorrect username/password")
			require.Contains(t, s.Log(), "The user name and password are not those of a channel")
		})
	}
	t.Run("a revoked key", func(t *testing.T) {
		_, code := s.Command(t, "channel", "key", "rotate", "studio")
		require.Zero(t, code)
		require.NotZero(t, testkit.Publish(t, clip, address("studio", key)).Wait(t, limit))
		requireOffAir(t, s, "/live/studio/index.m3u8")
	})
	t.Run("a key in the address", func(t *testing.T) { // nobody else is asked
		testkit.Publish(t, clip, s.PublishURL(other))
		onAir(t, s, "elsewhere")
	})
	require.NotContains(t, s.Log(), key)
	require.NotContains(t, s.Log(), "response=")
}
