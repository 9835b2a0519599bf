package e2e

import (
	"context"
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/rostrumlive/rostrum/internal/testkit"
)

const lostConnection = "The broadcaster lost the connection. Waiting…"

// TestPageOutages: the channel's page says that the encoder is lost, and plays
// on by itself when it is back, after a loss of the server, too; nobody
// reloads it. When the reconnect window is over it is off air.
func TestPageOutages(t *testing.T) {
	b := testkit.StartBrowser(t)
	t.Run("comes back", func(t *testing.T) {
		s := startOpen(t)
		encoder := testkit.PublishTest(t, "60", s.PublishURL("stage"))
		first := onAir(t, s, "stage")
		tab := b.Open(t, s.URL("/@stage"))
		requireMoves(t, tab, 30)
		tab.Eval(t, "window.sameDocument = true", nil)

		encoder.Kill()
		requireText(t, tab, lostConnection, true)
		encoder = testkit.PublishTest(t, "60", s.PublishURL("stage"))
		requireMoves(t, tab, 60)
		requireText(t, tab, lostConnection, false)

		s.Process().Kill()
		encoder.Kill()
		requireText(t, tab, "The connection was lost.", true)
		s.Start(t)
		requireText(t, tab, lostConnection, true)
		testkit.PublishTest(t, "60", s.PublishURL("stage"))
		requireMoves(t, tab, 60)
		requireText(t, tab, lostConnection, false)

		require.Equal(t, first.Broadcast, onAir(t, s, "stage").Broadcast)
		var same bool
		tab.Eval(t, "window.sameDocument === true", &same)
		require.True(t, same, "nobody reloaded the page")
		require.Empty(t, tab.Picture(t).Errors)
	})
	t.Run("stays away", func(t *testing.T) {
		s := startOpen(t, "--reconnect-window=5s")
		encoder := testkit.PublishTest(t, "60", s.PublishURL("stage"))
		now := onAir(t, s, "stage")
		tab := b.Open(t, s.URL("/@stage"))
		requireMoves(t, tab, 30)
		encoder.Kill()
		requireText(t, tab, lostConnection, true)
		archived(t, s, "stage", now.Broadcast)
		requireText(t, tab, "The picture starts here by itself", true)
	})
}

// requireText waits until the page shows a text, or shows it no more.
func requireText(t *testing.T, tab *testkit.Tab, text string, there bool) {
	t.Helper()
	testkit.Eventually(t, limit, func(context.Context) error {
		var shown string
		tab.Eval(t, "document.body.innerText", &shown) // what is hidden is not in it
		if strings.Contains(shown, text) != there {
			return fmt.Errorf("%q is shown: %v; the page says %q", text, !there, shown)
		}
		return nil
	})
}
