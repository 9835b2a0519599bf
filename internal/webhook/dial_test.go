package webhook

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/rostrumlive/rostrum/internal/account"
	"github.com/rostrumlive/rostrum/internal/outbox"
	"github.com/rostrumlive/rostrum/internal/store"
)

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
	require.Regexp(t, `^Not called: (127\.0\.0\.1|::1) is not a public address, and this server does not call such\.$`, d.Attempts[0].Error)

	require.Equal(t, "private_address", d.Attempts[0].Code)
	require.Contains(t, []string{"127.0.0.1", "::1"}, d.Attempts[0].Detail)

	s.Service = s.another(SiteOnly)
	ofChannel, err := s.Test(t.Context(), account.CommandLine(), w.ID)
	require.NoError(t, err)
	require.Contains(t, ofChannel.Attempts[0].Error, "Not called")
	site, err := s.Make(t.Context(), account.CommandLine(), "", Order{URL: "http://localhost" + port, Events: []string{string(outbox.ReportMade)}})
	require.NoError(t, err)
	ofSite, err := s.Test(t.Context(), account.CommandLine(), site.ID)
	require.NoError(t, err)
	require.Equal(t, store.DeliveryDelivered, ofSite.State)
}
