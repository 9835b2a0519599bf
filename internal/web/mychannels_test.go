package web

import (
	"encoding/json"
	"net/http"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/rostrumlive/rostrum/internal/account"
)

// Who is signed in is told of the channels that he has a place in, and which of
// them are on air.
func TestMyChannels(t *testing.T) {
	s := newSite(t, nil)
	ctx := t.Context()
	u, err := s.accounts.AddUser(ctx, account.CommandLine(), account.NewUser{Name: "ann", Password: "correct horse battery"})
	require.NoError(t, err)
	for _, name := range []string{"first", "second"} {
		_, err := s.accounts.AddChannel(ctx, account.Actor{User: u, Session: "x"}, name)
		require.NoError(t, err)
	}
	s.publish("second")
	token, _, err := s.accounts.MakeToken(ctx, account.Actor{User: u, Session: "x"}, "test", []account.Scope{account.ScopeRead}, time.Time{})
	require.NoError(t, err)

	a := s.get("/api/v1/me", "Authorization", "Bearer "+token)
	require.Equal(t, http.StatusOK, a.status, a.body)
	var me Me
	require.NoError(t, json.Unmarshal([]byte(a.body), &me))
	require.Equal(t, []MyChannel{
		{Name: "first", Title: "first", Place: "owner"},
		{Name: "second", Title: "second", Place: "owner", Live: true},
	}, me.Channels)
}
