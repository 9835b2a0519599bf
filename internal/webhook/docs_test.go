package webhook

import (
	"bytes"
	"encoding/json"
	"net/http"
	"os"
	"os/exec"
	"regexp"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/rostrumlive/rostrum/internal/outbox"
	"github.com/rostrumlive/rostrum/internal/store"
)

// page is what people read, and block its first of a language.
func page(t *testing.T) string {
	text, err := os.ReadFile("../../docs/webhooks.md")
	require.NoError(t, err)
	return string(text)
}

func block(t *testing.T, language string) string {
	found := regexp.MustCompile("(?s)```" + language + "\n(.*?)```").FindStringSubmatch(page(t))
	require.NotNil(t, found, language)
	return found[1]
}

func TestThePageTellsOfAllEvents(t *testing.T) {
	var told []outbox.Kind
	for _, row := range regexp.MustCompile("(?m)^\\| `([a-z_.]+)` \\|").FindAllStringSubmatch(page(t), -1) {
		told = append(told, outbox.Kind(row[1]))
	}
	require.Equal(t, append(outbox.Kinds(), outbox.Ping), told)
}

// The example is what the types make of it, member for member.
func TestTheExample(t *testing.T) {
	example := block(t, "json")
	d := json.NewDecoder(bytes.NewReader([]byte(example)))
	d.DisallowUnknownFields()
	var m outbox.EventMessage
	require.NoError(t, d.Decode(&m))
	again, err := json.Marshal(m)
	require.NoError(t, err)
	require.JSONEq(t, example, string(again))
}

// The program takes what we sign, with a secret that was rotated too, and
// nothing else.
func TestTheProgram(t *testing.T) {
	python, err := exec.LookPath("python3")
	require.NoError(t, err, "scripts/test-deps.sh installs it")
	w := store.Webhook{Secret: newSecret(), FormerSecret: newSecret(), FormerUntil: time.Now().Add(time.Hour)}
	h, body := http.Header{}, block(t, "json")
	require.NoError(t, sign(h, w, "e1", time.Now(), []byte(body)))
	old := http.Header{}
	require.NoError(t, sign(old, w, "e1", time.Now().Add(-time.Hour), []byte(body)))
	program := block(t, "python") + `
import json, sys
for secret, headers, body in json.load(sys.stdin):
    print(verify(secret, {k.lower(): v[0] for k, v in headers.items()}, body.encode()))
`
	cases, err := json.Marshal([][]any{
		{w.Secret, h, body}, {w.FormerSecret, h, body}, {newSecret(), h, body}, {w.Secret, h, body + " "}, {w.Secret, old, body},
	})
	require.NoError(t, err)
	command := exec.CommandContext(t.Context(), python, "-c", program)
	command.Stdin = bytes.NewReader(cases)
	out, err := command.CombinedOutput()
	require.NoError(t, err, string(out))
	require.Equal(t, "True\nTrue\nFalse\nFalse\nFalse\n", string(out))
}
