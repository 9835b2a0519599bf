package webhook

import (
	"net/netip"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/rostrumlive/rostrum/internal/account"
	"github.com/rostrumlive/rostrum/internal/outbox"
	"github.com/rostrumlive/rostrum/internal/store"
)

func TestPublicOnly(t *testing.T) {
	for _, text := range []string{"8.8.8.8", "1.1.1.1", "172.32.0.1", "100.128.0.1", "2606:4700::1", "2a00:1450:4001::5", "64:ff9b::808:808", "2002:808:808::1"} {
		require.True(t, publicOnly(netip.MustParseAddr(text)), text)
	}
	for _, text := range []string{
		"127.0.0.1", "127.9.9.9", "10.0.0.1", "172.16.0.1", "172.31.255.255", "192.168.1.1", "169.254.169.254", "100.64.0.1", "100.100.100.200",
		"0.0.0.0", "0.1.2.3", "224.0.0.1", "239.1.1.1", "255.255.255.255", "240.0.0.1", "192.0.0.192", "198.18.0.1", "192.0.2.1", "168.63.129.16",
		"::", "::1", "fe80::1", "fe80::1%eth0", "fc00::1", "fd00:ec2::254", "fec0::1", "ff02::1", "::ffff:127.0.0.1", "::ffff:10.0.0.1",
		"::ffff:169.254.169.254", "::127.0.0.1", "::ffff:0:127.0.0.1", "64:ff9b::7f00:1", "64:ff9b::a9fe:a9fe", "64:ff9b:1::808:808",
		"2002:7f00:1::1", "2002:a00:1::1", "2001:0:808:808::1", "2001:db8::1", "100::1", "3fff::1",
	} {
		require.False(t, publicOnly(netip.MustParseAddr(text)), text)
	}
	require.False(t, publicOnly(netip.Addr{}))
	require.False(t, anyHost(netip.MustParseAddr("::")))
	require.False(t, anyHost(netip.MustParseAddr("224.0.0.1")))
	require.True(t, anyHost(loopback))
}

// What a name leads to is looked at when it is dialled, not before.
func TestPrivateAddressesAreNotCalled(t *testing.T) {
	s := newSite(t)
	r := receive(t, status(200))
	port := r.url[strings.LastIndex(r.url, ":"):]
	w := s.hook("http://localhost" + port) // while that was allowed
	s.happen()
	s.Service = s.another(Never)
	require.Equal(t, 1, s.work())
	require.Empty(t, r.all())
	d := s.delivery(w, 1)
	require.Equal(t, store.DeliveryWaiting, d.State)
	require.Regexp(t, `^Not called: (127\.0\.0\.1|::1) is not a public address, and this server does not call such for webhooks\.$`, d.Attempts[0].Error)

	s.Service = s.another(SiteOnly)
	ofChannel, err := s.Test(t.Context(), account.CommandLine(), w.ID)
	require.NoError(t, err)
	require.Contains(t, ofChannel.Attempts[0].Error, "Not called")
	site, err := s.Make(t.Context(), account.CommandLine(), "", "http://localhost"+port, []string{string(outbox.ReportMade)})
	require.NoError(t, err)
	ofSite, err := s.Test(t.Context(), account.CommandLine(), site.ID)
	require.NoError(t, err)
	require.Equal(t, store.DeliveryDelivered, ofSite.State)
}
