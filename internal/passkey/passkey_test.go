package passkey

import (
	"encoding/json"
	"errors"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/rostrumlive/rostrum/internal/testkit"
)

var (
	tv    = Site{Origin: "https://tv.example", Name: "TV"}
	alice = User{ID: "01alice", Name: "alice", DisplayName: "Alice"}
)

// made makes a passkey of alice's.
func made(t *testing.T, c *Ceremonies, a *testkit.Authenticator) Key {
	t.Helper()
	options, err := c.BeginMaking(tv, alice, "session")
	require.NoError(t, err)
	k, err := c.FinishMaking(alice, "session", []byte(a.Make(t, options)))
	require.NoError(t, err)
	return k
}

// having finds one passkey, of alice.
func having(k Key) func(string) (User, error) {
	return func(credential string) (User, error) {
		if credential != k.Credential {
			return User{}, errUnknown
		}
		u := alice
		u.Keys = []Key{k}
		return u, nil
	}
}

var errUnknown = errors.New("unknown")

func TestMakeAndSignIn(t *testing.T) {
	for name, synced := range map[string]bool{"on one device": false, "on many": true} {
		t.Run(name, func(t *testing.T) {
			c, a := New(), testkit.NewAuthenticator(tv.Origin)
			a.Synced = synced
			options, err := c.BeginMaking(tv, alice, "session")
			require.NoError(t, err)
			var o testkit.CreationOptions
			require.NoError(t, json.Unmarshal(options, &o))
			require.Equal(t, "tv.example", o.RP.ID)
			require.Equal(t, "TV", o.RP.Name)
			require.Equal(t, "alice", o.User.Name)
			require.Equal(t, "required", o.Selection.ResidentKey)
			require.Equal(t, "preferred", o.Selection.UserVerification)
			require.Equal(t, "none", o.Attestation)
			require.Equal(t, int(lasts.Milliseconds()), o.Timeout)
			response := []byte(a.Make(t, options))
			k, err := c.FinishMaking(alice, "session", response)
			require.NoError(t, err)
			_, err = c.FinishMaking(alice, "session", response)
			require.ErrorIs(t, err, ErrRefused, "once")

			for range 3 {
				options, err := c.BeginSignIn(tv)
				require.NoError(t, err)
				var o testkit.RequestOptions
				require.NoError(t, json.Unmarshal(options, &o))
				require.Equal(t, "tv.example", o.RPID)
				require.Empty(t, o.Allow, "nobody types a name")
				response := []byte(a.Sign(t, options))
				u, next, err := c.FinishSignIn(response, having(k))
				require.NoError(t, err)
				require.Equal(t, alice.ID, u.ID)
				require.Equal(t, k.Credential, next.Credential)
				require.Equal(t, synced, next.Data == k.Data, "a counter is kept")
				_, _, err = c.FinishSignIn(response, having(k))
				require.ErrorIs(t, err, ErrRefused, "once")
				k = next
			}
		})
	}
}

func TestADeviceThatHasOneAlready(t *testing.T) {
	c := New()
	k := made(t, c, testkit.NewAuthenticator(tv.Origin))
	u := alice
	u.Keys = []Key{k}
	options, err := c.BeginMaking(tv, u, "session")
	require.NoError(t, err)
	var o testkit.CreationOptions
	require.NoError(t, json.Unmarshal(options, &o))
	require.Len(t, o.Exclude, 1)
	require.Equal(t, k.Credential, o.Exclude[0].ID)
}

func TestMakingThatIsRefused(t *testing.T) {
	for name, lie := range map[string]func(a *testkit.Authenticator){
		"another page": func(a *testkit.Authenticator) { a.Origin = "https://evil.example" },
		"another port": func(a *testkit.Authenticator) { a.Origin = "https://tv.example:8443" },
		"clear text":   func(a *testkit.Authenticator) { a.Origin = "http://tv.example" },
		"another host": func(a *testkit.Authenticator) { a.Host = "evil.example" },
		"nobody there": func(a *testkit.Authenticator) { a.Absent = true },
	} {
		c, a := New(), testkit.NewAuthenticator(tv.Origin)
		lie(a)
		options, err := c.BeginMaking(tv, alice, "session")
		require.NoError(t, err)
		_, err = c.FinishMaking(alice, "session", []byte(a.Make(t, options)))
		require.ErrorIs(t, err, ErrRefused, name)
	}
	c, a := New(), testkit.NewAuthenticator(tv.Origin)
	options, err := c.BeginMaking(tv, alice, "session")
	require.NoError(t, err)
	_, err = c.FinishMaking(alice, "another session", []byte(a.Make(t, options)))
	require.ErrorIs(t, err, ErrRefused)
	options, err = c.BeginMaking(tv, alice, "session")
	require.NoError(t, err)
	_, err = c.FinishMaking(User{ID: "01mallory"}, "session", []byte(a.Make(t, options)))
	require.ErrorIs(t, err, ErrRefused)
	options, err = c.BeginSignIn(tv)
	require.NoError(t, err)
	_, err = c.FinishMaking(alice, "", []byte(a.Make(t, options)))
	require.ErrorIs(t, err, ErrRefused, "a challenge is for one thing")
	for _, nonsense := range []string{"", "{}", "null", "[]", `{"id":"a"}`} {
		_, err := c.FinishMaking(alice, "session", []byte(nonsense))
		require.ErrorIs(t, err, ErrRefused, nonsense)
		_, _, err = c.FinishSignIn([]byte(nonsense), having(Key{}))
		require.ErrorIs(t, err, ErrRefused, nonsense)
	}
}

func TestSignInsThatAreRefused(t *testing.T) {
	for name, tc := range map[string]struct {
		lie  func(t *testing.T, a *testkit.Authenticator)
		want error
	}{
		"another page":    {func(_ *testing.T, a *testkit.Authenticator) { a.Origin = "https://evil.example" }, ErrRefused},
		"another host":    {func(_ *testing.T, a *testkit.Authenticator) { a.Host = "evil.example" }, ErrRefused},
		"nobody there":    {func(_ *testing.T, a *testkit.Authenticator) { a.Absent = true }, ErrRefused},
		"another key":     {func(t *testing.T, a *testkit.Authenticator) { a.Forge(t) }, ErrRefused},
		"another user":    {func(_ *testing.T, a *testkit.Authenticator) { a.User = []byte("01mallory") }, ErrRefused},
		"no user":         {func(_ *testing.T, a *testkit.Authenticator) { a.User = nil }, ErrRefused},
		"another passkey": {func(_ *testing.T, a *testkit.Authenticator) { a.ID = []byte("0123456789abcdef") }, errUnknown},
		"used elsewhere":  {func(_ *testing.T, a *testkit.Authenticator) { a.Counter = 3 }, ErrCopied},
		"counts no more":  {func(_ *testing.T, a *testkit.Authenticator) { a.Counter = ^uint32(0) }, ErrCopied},
	} {
		t.Run(name, func(t *testing.T) {
			c, a := New(), testkit.NewAuthenticator(tv.Origin)
			a.Counter = 10
			k := made(t, c, a)
			tc.lie(t, a)
			options, err := c.BeginSignIn(tv)
			require.NoError(t, err)
			_, next, err := c.FinishSignIn([]byte(a.Sign(t, options)), having(k))
			require.ErrorIs(t, err, tc.want)
			require.Empty(t, next.Data)
		})
	}
}

func TestSites(t *testing.T) {
	for origin, want := range map[string]string{
		"https://tv.example": "tv.example", "https://TV.example:8443": "tv.example", "http://localhost:8080": "localhost", "http://tv.localhost": "tv.localhost",
		"http://tv.example": "", "https://192.0.2.1": "", "http://127.0.0.1:8080": "", "https://[2001:db8::1]": "", "": "", "https://": "",
	} {
		s := Site{Origin: origin, Name: "TV"}
		require.Equal(t, want, s.host(), origin)
		_, err := New().BeginSignIn(s)
		if want == "" {
			require.ErrorIs(t, err, ErrNoSite)
			_, err = New().BeginMaking(s, alice, "")
			require.ErrorIs(t, err, ErrNoSite)
		} else {
			require.NoError(t, err, origin)
		}
	}
}
