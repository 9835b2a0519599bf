package app

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

func TestHooksAndControl(t *testing.T) {
	cfg, settings, err := loadConfig(sources{file: file(t, `
hooks:
  nginx.on_publish: http://user:s3cr3t@127.0.0.1:8000/p?key=s3cr3t
  srs.on_hls: https://back.example/hls
  timeout: 500ms
  fail_open: on
control:
  token: s3cr3t
  allow: 127.0.0.1, 10.0.0.0/8
`)})
	require.NoError(t, err)
	require.True(t, cfg.Hooks.any())
	require.True(t, cfg.Control.on())
	require.Equal(t, "http://user:s3cr3t@127.0.0.1:8000/p?key=s3cr3t", cfg.Hooks.Nginx.OnPublish)
	require.Equal(t, "https://back.example/hls", cfg.Hooks.SRS.OnHLS)
	require.Equal(t, 500*time.Millisecond, cfg.Hooks.Timeout)
	require.Equal(t, 30*time.Second, cfg.Hooks.Update)
	require.True(t, cfg.Hooks.FailOpen)
	require.Len(t, cfg.Control.Allow, 2)
	for _, s := range settings {
		require.NotContains(t, s.shown(), "s3cr3t", s.key.name)
	}

	plain, _, err := loadConfig(sources{})
	require.NoError(t, err)
	require.False(t, plain.Hooks.any())
	require.False(t, plain.Control.on())

	for _, text := range []string{"rtmp://127.0.0.1/", "/p", "http://", "http://a/s3cr3t http://b/", "ftp://a/s3cr3t", "http://a/#s3cr3t"} {
		_, _, err := loadConfig(sources{flags: map[string]string{"hooks.nginx.on_publish": text}})
		require.ErrorContains(t, err, "flag --hooks-nginx-on-publish", text)
		require.NotContains(t, err.Error(), "s3cr3t")
	}
}
