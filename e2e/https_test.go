package e2e

import (
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/rostrumlive/rostrum/internal/testkit"
)

// TestPageByHTTPS: the channel's page plays low-latency parts by HTTP/2, and
// who asks for it by plain HTTP is taken there.
func TestPageByHTTPS(t *testing.T) {
	dir := t.TempDir()
	cert, key := filepath.Join(dir, "cert.pem"), filepath.Join(dir, "key.pem")
	issue(t, cert, key, "first.example")
	s := startOpen(t, "--https-addr", "127.0.0.1:0", "--https-cert", cert, "--https-key", key, "--https-redirect")
	listening := logged(t, s, `listening https=(\S+)`)
	testkit.Publish(t, testkit.LongClip.Path(t), s.PublishURL("stage"))
	onAir(t, s, "stage")

	tab := testkit.StartBrowser(t).Open(t, s.URL("/@stage"))
	requireMoves(t, tab, 90)
	p := tab.Picture(t)
	require.Empty(t, p.Errors)
	require.True(t, p.DecodedAudioBytes > 0, "sound is decoded")
	var at string
	tab.Eval(t, `location.href`, &at)
	require.Equal(t, "https://"+listening[1]+"/@stage", at)
	var protocols map[string]int
	tab.Eval(t, `performance.getEntriesByType('resource').filter((r) => /\/part\d+\.m4s/.test(r.name))
		.reduce((n, r) => ({ ...n, [r.name.slice(0, 6) + ' ' + r.nextHopProtocol]: (n[r.name.slice(0, 6) + ' ' + r.nextHopProtocol] ?? 0) + 1 }), {})`, &protocols)
	require.Positive(t, protocols["https: h2"], "%v", protocols)
	require.Len(t, protocols, 1, "%v", protocols)
}
