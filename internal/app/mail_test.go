package app

import (
	"net/http"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/rostrumlive/rostrum/internal/testkit"
)

// send asks the server to do something, over a connection that does not stay.
func (s *running) send(method, path, body string) int {
	s.t.Helper()
	req, err := http.NewRequestWithContext(s.t.Context(), method, "http://"+s.http+path, strings.NewReader(body))
	require.NoError(s.t, err)
	req.Close = true
	req.Header.Set("Content-Type", "application/json")
	res, err := http.DefaultClient.Do(req)
	require.NoError(s.t, err)
	require.NoError(s.t, res.Body.Close())
	return res.StatusCode
}

// A user who forgot the password asks for a link, which comes by mail, and
// works. What waits for a server that is down holds nothing up.
func TestAPasswordByMail(t *testing.T) {
	data := t.TempDir()
	t.Setenv("ROSTRUM_DATA", data)
	code, _, errs := runTyping(t, aPassword, "user", "add", "alice", "--email", "alice@example.org")
	require.Zero(t, code, errs)
	post := testkit.NewMailServer(t)
	post.Ask("rostrum", "hunter2")
	s := startServer(t, data, "--http-url", "https://tv.example", "--smtp-url", "smtp://rostrum:hunter2@"+post.Addr, "--smtp-from", "TV <tv@example.org>")
	_, info := s.get("/api/v1/server")
	require.Contains(t, info, `"mail":true`)
	require.Equal(t, http.StatusAccepted, s.send("POST", "/api/v1/password-resets", `{"login":"nobody"}`))
	require.Equal(t, http.StatusAccepted, s.send("POST", "/api/v1/password-resets", `{"login":"Alice"}`))
	letter := post.Next(t)
	require.Equal(t, "tv@example.org", letter.From)
	require.Equal(t, []string{"alice@example.org"}, letter.To)
	read := letter.Read(t)
	link := regexp.MustCompile(`(?m)^https://tv\.example/reset#(reset_\w{26})$`).FindStringSubmatch(read.Text)
	require.NotNil(t, link, read.Text)
	require.Equal(t, http.StatusNoContent, s.send("PUT", "/api/v1/password", `{"token":"`+link[1]+`","password":"another horse battery"}`))
	require.Equal(t, http.StatusForbidden, s.send("PUT", "/api/v1/password", `{"token":"`+link[1]+`","password":"a third horse battery"}`))
	require.Equal(t, http.StatusCreated, s.send("POST", "/api/v1/sessions", `{"login":"alice","password":"another horse battery"}`))

	post.Close()
	require.Equal(t, http.StatusAccepted, s.send("POST", "/api/v1/password-resets", `{"login":"alice"}`))
	s.await("its failure is told", func() bool { return strings.Contains(s.log.String(), "cannot be mailed") })
	require.Equal(t, http.StatusCreated, s.send("POST", "/api/v1/sessions", `{"login":"alice","password":"another horse battery"}`))
	require.Zero(t, s.end())
	for _, secret := range []string{"hunter2", link[1], "alice@example.org"} {
		require.NotContains(t, s.log.String(), secret)
	}
}

func TestNoMail(t *testing.T) {
	s := startServer(t, t.TempDir())
	_, info := s.get("/api/v1/server")
	require.Contains(t, info, `"mail":false`)
	require.Equal(t, http.StatusNotFound, s.send("POST", "/api/v1/password-resets", `{"login":"alice"}`))
	require.Zero(t, s.end())
}
