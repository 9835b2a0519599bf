package e2e

import (
	"net"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/rostrumlive/rostrum/internal/testkit"
)

// TestAPasskeyInABrowser: a user makes a passkey on the account page, signs out,
// and signs in by it without typing anything; a passkey that was removed is
// refused.
func TestAPasskeyInABrowser(t *testing.T) {
	t.Parallel()
	s := startServer(t)
	const password = "correct horse battery"
	_, port, err := net.SplitHostPort(s.HTTP)
	require.NoError(t, err)
	site := "http://localhost:" + port // browsers make no passkeys for numbers
	_, code := s.CommandTyping(t, password+"\n", "user", "add", "alice")
	require.Zero(t, code)

	alice := testkit.StartBrowser(t).Open(t, site+"/sign-in")
	alice.Authenticator(t)
	alice.Fill(t, "Name or e-mail address", "alice")
	alice.Fill(t, "Password", password)
	alice.Press(t, "Enter")
	alice.See(t, "alice")
	alice.Go(t, site+"/account/security")
	alice.See(t, "You have no passkeys.")
	alice.Click(t, "button", "Add a passkey")
	alice.See(t, "The passkey is added.")
	alice.See(t, "Chrome on Linux")
	alice.Click(t, "button", "Add a passkey")
	alice.See(t, "has a passkey for your account already")

	signOut := func() {
		t.Helper()
		alice.Click(t, "button", "Your account, alice")
		alice.Click(t, "button", "Sign out")
		alice.See(t, "Sign in")
		alice.Go(t, site+"/sign-in")
	}
	signOut()
	alice.Click(t, "button", "Sign in with a passkey")
	alice.See(t, "alice")
	alice.Go(t, site+"/account/sessions")
	alice.See(t, "by passkey")

	alice.Go(t, site+"/account/security")
	alice.Click(t, "button", "Remove: Chrome on Linux")
	alice.Click(t, "button", "Remove")
	alice.See(t, "You have no passkeys.")
	signOut()
	alice.Click(t, "button", "Sign in with a passkey")
	alice.See(t, "This passkey is not known here")
}
