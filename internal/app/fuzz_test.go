package app

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// FuzzValues sets every key to the same text: what is taken is within its
// bounds, and what is refused leaves the default and says why in one line.
func FuzzValues(f *testing.F) {
	for _, text := range []string{
		"127.0.0.1:80", ":0", "[::1]:65535", "off", "on", "200ms", "1h2m3s", "5%", "20GB", "2 GiB", "9223372036854775807B", "0", "-1", "1e3s",
		"text", "debug", "any", "./data", "", "\x00", "100%", "9223372036854775808TB",
	} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		for _, k := range schema() {
			var cfg, untouched Config
			err := k.field(&cfg).Set(text)
			if err != nil {
				require.Equal(t, untouched, cfg, k.name)
				require.NotEmpty(t, err.Error())
				require.NotContains(t, err.Error(), "\n", k.name)
				continue
			}
			require.NoError(t, k.field(&untouched).Set(text))
			require.Equal(t, untouched, cfg, k.name)
			if s, ok := k.field(&cfg).(span); ok {
				require.True(t, s.min <= *s.to && *s.to <= s.max, k.name)
			}
		}
	})
}

// FuzzSize: a size is never negative, however large its number.
func FuzzSize(f *testing.F) {
	for _, text := range []string{"0", "256MB", "2GiB", "2 gib", "9223372036854775807B", "9007199254740993KiB", "-1B", "B", "1.5GB", "+1MB"} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		n, err := parseSize(text)
		if err != nil {
			require.Zero(t, n)
			return
		}
		require.GreaterOrEqual(t, n, int64(0))
		require.True(t, n == 0 || strings.ContainsAny(text, "123456789"))
	})
}
