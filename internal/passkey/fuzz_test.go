package passkey

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/rostrumlive/rostrum/internal/testkit"
)

// What strangers send is refused, whatever it is.
func FuzzAnswers(f *testing.F) {
	c, a := New(), testkit.NewAuthenticator(tv.Origin)
	options, err := c.BeginMaking(tv, alice, "session")
	require.NoError(f, err)
	f.Add([]byte(a.Make(f, options)))
	options, err = c.BeginSignIn(tv)
	require.NoError(f, err)
	f.Add([]byte(a.Sign(f, options)))
	f.Add([]byte(`{"id":"AA","rawId":"AA","type":"public-key","response":{}}`))
	f.Fuzz(func(t *testing.T, response []byte) {
		empty := New()
		_, err := empty.FinishMaking(alice, "session", response)
		require.ErrorIs(t, err, ErrRefused)
		_, _, err = empty.FinishSignIn(response, having(Key{}))
		require.ErrorIs(t, err, ErrRefused)
	})
}
