package app

import (
	"net/netip"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestSites(t *testing.T) {
	for text, want := range map[string]string{
		"off": "", "https://TV.example": "https://tv.example", "https://tv.example/": "https://tv.example",
		"http://127.0.0.1:8080": "http://127.0.0.1:8080", "https://[2001:db8::1]:8443": "https://[2001:db8::1]:8443",
	} {
		var got string
		require.NoError(t, site{&got}.Set(text), text)
		require.Equal(t, want, got)
	}
	for _, text := range []string{
		"", "tv.example", "//tv.example", "ftp://tv.example", "https://", "https://tv.example/live", "https://tv.example?a", "https://tv.example#a",
		"https://a@tv.example", "https://tv_1.example/", "https://tv.example\n", `https://tv".example`,
	} {
		require.Error(t, site{new(string)}.Set(text), text)
	}
}

func TestNetworks(t *testing.T) {
	var got []netip.Prefix
	require.NoError(t, networks{&got}.Set("10.1.2.3/8, 192.0.2.1 fd00::/8"))
	require.Equal(t, []netip.Prefix{netip.MustParsePrefix("10.0.0.0/8"), netip.MustParsePrefix("192.0.2.1/32"), netip.MustParsePrefix("fd00::/8")}, got)
	require.NoError(t, networks{&got}.Set("off"))
	require.Empty(t, got)
	for _, text := range []string{"", " , ", "10.0.0.0/33", "proxy.example", "10.0.0.0/8;10.1.0.0/8"} {
		require.Error(t, networks{&got}.Set(text), text)
	}
}
