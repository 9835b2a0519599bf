package outward

import (
	"net/http"
	"net/http/httptest"
	"net/netip"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

func TestPublic(t *testing.T) {
	for _, text := range []string{"8.8.8.8", "1.1.1.1", "172.32.0.1", "100.128.0.1", "2606:4700::1", "2a00:1450:4001::5", "64:ff9b::808:808", "2002:808:808::1"} {
		require.True(t, Public(netip.MustParseAddr(text)), text)
	}
	for _, text := range []string{
		"127.0.0.1", "127.9.9.9", "10.0.0.1", "172.16.0.1", "172.31.255.255", "192.168.1.1", "169.254.169.254", "100.64.0.1", "100.100.100.200",
		"0.0.0.0", "0.1.2.3", "224.0.0.1", "239.1.1.1", "255.255.255.255", "240.0.0.1", "192.0.0.192", "198.18.0.1", "192.0.2.1", "168.63.129.16",
		"::", "::1", "fe80::1", "fe80::1%eth0", "fc00::1", "fd00:ec2::254", "fec0::1", "ff02::1", "::ffff:127.0.0.1", "::ffff:10.0.0.1",
		"::ffff:169.254.169.254", "::127.0.0.1", "::ffff:0:127.0.0.1", "64:ff9b::7f00:1", "64:ff9b::a9fe:a9fe", "64:ff9b:1::808:808",
		"2002:7f00:1::1", "2002:a00:1::1", "2001:0:808:808::1", "2001:db8::1", "100::1", "3fff::1",
	} {
		require.False(t, Public(netip.MustParseAddr(text)), text)
	}
	require.False(t, Public(netip.Addr{}))
	require.False(t, Any(netip.MustParseAddr("::")))
	require.False(t, Any(netip.MustParseAddr("224.0.0.1")))
	require.True(t, Any(netip.MustParseAddr("127.0.0.1")))
}

func TestPublicName(t *testing.T) {
	for _, host := range []string{"example.org", "8.8.8.8", "localhost.example.org", "2606:4700::1"} {
		require.True(t, PublicName(host), host)
	}
	for _, host := range []string{"", "localhost", "LOCALHOST.", "a.localhost", "127.0.0.1", "::1", "10.1.2.3", "fe80::1%eth0"} {
		require.False(t, PublicName(host), host)
	}
}

// A name is looked at when it is dialled, whatever it said before.
func TestDialling(t *testing.T) {
	there := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { http.Redirect(w, r, "/again", http.StatusFound) }))
	defer there.Close()
	ask := func(c *http.Client) (*http.Response, error) {
		defer c.CloseIdleConnections()
		address := strings.Replace(there.URL, "127.0.0.1", "localhost", 1)
		req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, address, http.NoBody)
		require.NoError(t, err)
		return c.Do(req)
	}
	res, err := ask(NewClient(Public, time.Minute, true))
	if err == nil {
		require.NoError(t, res.Body.Close())
	}
	var blocked *BlockedError
	require.ErrorAs(t, err, &blocked)
	res, err = ask(NewClient(Any, time.Minute, true))
	require.NoError(t, err)
	require.NoError(t, res.Body.Close())
	require.Equal(t, http.StatusFound, res.StatusCode, "no redirect is followed")
}
