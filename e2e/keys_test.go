package e2e

import (
	"strings"
	"syscall"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/rostrumlive/rostrum/internal/testkit"
)

// TestKeys: without --open an encoder needs a key; a refused one is told so
// before it may send, and gives up; no key is ever written down.
func TestKeys(t *testing.T) {
	t.Parallel()
	s := startServer(t)
	_, code := s.Command(t, "channel", "add", "kitchen")
	require.Zero(t, code)
	out, code := s.Command(t, "channel", "key", "kitchen")
	require.Zero(t, code)
	key := strings.TrimSpace(out)
	require.Regexp(t, `^live_[0-9a-z]{26,}$`, key)

	clip := testkit.Clip{Seconds: 20}.Path(t)
	wrong := "live_" + strings.Repeat("0", len(key)-len("live_"))
	for name, address := range map[string]string{
		"no key":           "kitchen",
		"an unknown key":   wrong,
		"a key of nobody":  "kitchen?key=" + wrong,
		"another's name":   "garage?key=" + key,
		"an empty key":     "kitchen?key=",
		"an unknown place": "garage",
	} {
		t.Run(name, func(t *testing.T) {
			encoder := testkit.Publish(t, clip, s.PublishURL(address))
			require.NotZero(t, encoder.Wait(t, limit), "ffmpeg must end with an error")
		})
	}

	for name, address := range map[string]string{
		"the key as the name": key,
		"name and key":        "kitchen?key=" + key,
	} {
		t.Run(name, func(t *testing.T) {
			encoder := testkit.Publish(t, clip, s.PublishURL(address))
			now := onAir(t, s, "kitchen")
			body := get(t, s, "/live/kitchen/index.m3u8").Body
			require.NotContains(t, string(body), key, "the key is not a public name")
			encoder.Signal(syscall.SIGTERM)
			archived(t, s, "kitchen", now.Broadcast)
		})
	}

	t.Run("a rotated key", func(t *testing.T) {
		out, code := s.Command(t, "channel", "key", "rotate", "kitchen")
		require.Zero(t, code)
		fresh := strings.TrimSpace(out)
		require.NotEqual(t, key, fresh)
		require.NotZero(t, testkit.Publish(t, clip, s.PublishURL(key)).Wait(t, limit), "the old key is refused")
		testkit.Publish(t, clip, s.PublishURL(fresh))
		onAir(t, s, "kitchen")
		require.NotContains(t, s.Log(), fresh)
	})
	require.NotContains(t, s.Log(), key)
	require.NotContains(t, s.Log(), strings.TrimPrefix(key, "live_"))
	for _, path := range []string{"/api/v1/channels/kitchen", "/api/v1/channels/kitchen/broadcasts", "/api/v1/live"} {
		require.NotContains(t, string(get(t, s, path).Body), key, path)
	}
}

// TestOpenNames: under --open any valid name goes on air, in any case of
// letters and under any app, and others are refused with a reason in the log.
func TestOpenNames(t *testing.T) {
	t.Parallel()
	s := startOpen(t)
	clip := testkit.Clip{Seconds: 20}.Path(t)
	testkit.Publish(t, clip, s.PublishURL("Big-Name_1"))
	onAir(t, s, "big-name_1")
	testkit.Publish(t, clip, "rtmp://"+s.RTMP+"/whatever/elsewhere")
	onAir(t, s, "elsewhere")
	for _, name := range []string{"no%20spaces", "dots.in.it", strings.Repeat("x", 65)} {
		require.NotZero(t, testkit.Publish(t, clip, s.PublishURL(name)).Wait(t, limit), name)
	}
}
