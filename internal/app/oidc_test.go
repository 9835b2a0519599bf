package app

import (
	"net/http"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/rostrumlive/rostrum/internal/testkit"
)

// A server is told of another site by its configuration, starts while that is
// down, and sends people there when it is up.
func TestAnotherSite(t *testing.T) {
	there := testkit.NewProvider(t, "https://tv.example/sign-in/oidc/callback")
	there.SetDown(true)
	s := startServer(t, t.TempDir(), "--http-url", "https://tv.example", "--oidc-issuer", there.URL, "--oidc-client-id", there.Client,
		"--oidc-client-secret", there.Secret, "--oidc-name", "Example ID", "--oidc-sign-up")
	require.Zero(t, there.Asked(), "nothing is asked at the start")
	_, info := s.get("/api/v1/server")
	require.Contains(t, info, `"oidc":{"name":"Example ID"}`)
	status, page := s.get("/sign-in/oidc")
	require.Equal(t, http.StatusBadGateway, status)
	require.Contains(t, page, "Example ID does not answer")

	there.SetDown(false)
	client := &http.Client{
		Transport:     &http.Transport{DisableKeepAlives: true},
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}
	res, err := client.Get("http://" + s.http + "/sign-in/oidc")
	require.NoError(t, err)
	require.NoError(t, res.Body.Close())
	back := there.Visit(t, res.Header.Get("Location"))
	require.Equal(t, "tv.example", back.Host)
	req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, "http://"+s.http+back.RequestURI(), http.NoBody)
	require.NoError(t, err)
	for _, c := range res.Cookies() {
		req.AddCookie(c)
	}
	res, err = client.Do(req)
	require.NoError(t, err)
	require.NoError(t, res.Body.Close())
	require.Equal(t, http.StatusSeeOther, res.StatusCode)
	require.Equal(t, "/", res.Header.Get("Location"))
	require.Zero(t, s.end())
	require.NotContains(t, s.log.String(), there.Secret)
}
