package broadcast

import (
	"errors"
	"net/netip"
	"net/url"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/rostrumlive/rostrum/internal/account"
	"github.com/rostrumlive/rostrum/internal/live"
)

// A key opens its channel wherever encoders put it, and no other.
func TestKeys(t *testing.T) {
	h := newHouse(t, Closed)
	key := h.key("alice")
	h.key("bob")
	const world = "203.0.113.9:4000"
	for name, req := range map[string]live.Request{
		"as the name":               from(world, key),
		"beside the channel's name": {Name: "alice", Query: url.Values{"key": {key}}},
		"in any case":               {Name: "Alice", Query: url.Values{"key": {key}}},
		"without a name":            {Query: url.Values{"key": {key}}},
	} {
		c, k, err := h.m.admit(t.Context(), req, live.Leave{})
		require.NoError(t, err, name)
		require.Equal(t, "alice", c.Name, name)
		require.NotEmpty(t, k, name)
	}

	other := key[:len(key)-1] + "0" // but for its last character
	if other == key {
		other = key[:len(key)-1] + "1"
	}
	old := h.key("carol")
	_, _, err := h.accounts.RotateKey(t.Context(), account.CommandLine(), "carol", "")
	require.NoError(t, err)
	for name, tc := range map[string]struct {
		code string
		req  live.Request
	}{
		"nothing at all":              {"no_key", from(world, "")},
		"a channel's name":            {"unknown_key", from(world, "alice")},
		"a key of nobody":             {"unknown_key", from(world, other)},
		"a part of it":                {"unknown_key", from(world, key[:len(key)-1])},
		"slashes":                     {"unknown_key", from(world, key+"/x")},
		"a key of another channel":    {"wrong_channel", live.Request{Name: "bob", Query: url.Values{"key": {key}}}},
		"an unknown key in the query": {"unknown_key", live.Request{Name: "alice", Query: url.Values{"key": {"live_x"}}}},
		"a revoked key":               {"revoked_key", from(world, old)},
		"a revoked key in the query":  {"revoked_key", live.Request{Name: "carol", Query: url.Values{"key": {old}}}},
	} {
		_, err := h.m.Publish(t.Context(), tc.req)
		require.NotContains(t, refused(t, tc.code, err), key, name)
	}
	require.Empty(t, h.m.byID, "who is refused leaves nothing")
}

func TestOpenness(t *testing.T) {
	near := []string{
		"127.0.0.1", "127.8.8.8", "::1", "10.1.2.3", "172.16.0.1", "192.168.1.1", "169.254.0.5", "fe80::1", "fe80::1%eth0", "fd00::1",
		"::ffff:127.0.0.1", "::ffff:192.168.1.1", // IPv4 on a socket that is open for both
	}
	far := []string{"203.0.113.9", "172.32.0.1", "2001:db8::1", "::ffff:203.0.113.9", "0.0.0.0", "100.64.0.1", "11.0.0.1"}
	for openness, want := range map[Openness][2]bool{Closed: {false, false}, Private: {true, false}, Any: {true, true}} {
		m := &Manager{opts: Options{Open: openness}}
		for i, list := range [][]string{near, far} {
			for _, addr := range list {
				require.Equal(t, want[i], m.open(netip.MustParseAddr(addr)), "openness %d, %s", openness, addr)
			}
		}
	}
	require.False(t, (&Manager{opts: Options{Open: Private}}).open(netip.Addr{}), "who has no address is not near")
}

func TestOpenMakesChannels(t *testing.T) {
	h := newHouse(t, Private)
	c, _, err := h.m.admit(t.Context(), from("[::ffff:192.168.0.7]:9", "Workshop_1"), live.Leave{})
	require.NoError(t, err)
	require.Equal(t, "workshop_1", c.Name)
	again, _, err := h.m.admit(t.Context(), from("192.168.0.8:9", "WORKSHOP_1"), live.Leave{})
	require.NoError(t, err)
	require.Equal(t, c.ID, again.ID)

	for _, name := range []string{"a b", "ä", strings.Repeat("x", 65), "a/b", "live_" + strings.Repeat("0", 26)} {
		_, _, err := h.m.admit(t.Context(), from("127.0.0.1:9", name), live.Leave{})
		refused(t, "bad_name", err)
	}
	_, _, err = h.m.admit(t.Context(), from("203.0.113.9:9", "workshop_1"), live.Leave{})
	refused(t, "unknown_key", err)

	// A key goes on to mean its channel, and a revoked one is not taken for a name.
	key := h.key("alice")
	c, _, err = h.m.admit(t.Context(), from("127.0.0.1:9", key), live.Leave{})
	require.NoError(t, err)
	require.Equal(t, "alice", c.Name)
	_, _, err = h.accounts.RotateKey(t.Context(), account.CommandLine(), "alice", "")
	require.NoError(t, err)
	_, _, err = h.m.admit(t.Context(), from("127.0.0.1:9", key), live.Leave{})
	refused(t, "revoked_key", err)
}

func TestReservedNames(t *testing.T) {
	h := newHouse(t, Any)
	h.m.Reserve("Demo", "This channel shows the demo.")
	_, err := h.m.Publish(t.Context(), from("127.0.0.1:9", "dEmO"))
	require.Equal(t, "This channel shows the demo.", refused(t, "reserved", err))
	c, err := h.accounts.EnsureChannel(t.Context(), "demo")
	require.NoError(t, err)
	pub, err := h.m.Begin(t.Context(), c, live.Request{Protocol: "demo"}, Settings{})
	require.NoError(t, err, "the name is kept from encoders, not from the server")
	require.Empty(t, h.row(h.m.Live("demo").ID).Remote)
	pub.Close(live.Stopped, nil)
}

// The database's own trouble is no refusal, and leaves the channel free.
func TestTroubleIsNoRefusal(t *testing.T) {
	h := newHouse(t, Any)
	h.exec("CREATE TRIGGER trouble BEFORE INSERT ON broadcasts BEGIN SELECT RAISE(ABORT, 'disk on fire'); END")
	_, err := h.m.Publish(t.Context(), from("127.0.0.1:9", "alice"))
	var no *live.Refusal
	require.Error(t, err)
	require.False(t, errors.As(err, &no))
	require.Nil(t, h.m.Live("alice"))
	require.Zero(t, h.m.Totals().Broadcasts)
	h.exec("DROP TRIGGER trouble")
	pub, _ := h.publish("alice")
	pub.Close(live.Stopped, nil)
}

func TestWhatEncodersSayOfThemselves(t *testing.T) {
	h := newHouse(t, Any)
	req := from("[2001:db8::1]:77", "alice")
	req.Encoder = strings.Repeat("é", maxWords)
	pub, err := h.m.Publish(t.Context(), req)
	require.NoError(t, err)
	row := h.row(h.m.Live("alice").ID)
	require.Equal(t, strings.Repeat("é", maxWords/2), row.Encoder)
	require.Equal(t, "[2001:db8::1]:77", row.Remote)
	require.Equal(t, "rtmp", row.Protocol)
	pub.Close(live.Stopped, nil)
	require.Equal(t, "ab", bounded("a\xffb"))
}
