package web

import (
	"bytes"
	"encoding/json"
	"flag"
	"net/http"
	"os"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

var update = flag.Bool("update", false, "rewrite docs/openapi.json")

// schema is as much of JSON Schema as the description of the API uses.
type schema struct {
	Ref                  string `json:"$ref"`
	Type                 any
	Format               string
	Properties           map[string]schema
	Required             []string
	Items                *schema
	AdditionalProperties any
}

// description is as much of OpenAPI 3.1 as is looked at.
type description struct {
	OpenAPI string
	Info    struct{ Title, Version string }
	Paths   map[string]map[string]struct {
		OperationID string
		Summary     string
		Parameters  []struct {
			Name, In string
			Required bool
			Schema   schema
		}
		Responses map[string]struct {
			Description string
			Content     map[string]struct{ Schema schema }
		}
	}
	Components struct{ Schemas map[string]schema }
}

func (s *site) description() (d description) {
	s.t.Helper()
	a := s.get("/api/openapi.json")
	require.Equal(s.t, http.StatusOK, a.status)
	require.NoError(s.t, json.Unmarshal([]byte(a.body), &d))
	return d
}

func TestOpenAPI(t *testing.T) {
	s := newSite(t, nil)
	d := s.description()
	require.Equal(t, "3.1.0", d.OpenAPI)
	require.Equal(t, "Rostrum", d.Info.Title)
	require.Equal(t, "v1", d.Info.Version)
	ids := map[string]bool{}
	for path, operations := range d.Paths {
		for method, o := range operations {
			what := method + " " + path
			require.False(t, ids[o.OperationID], "%s twice", o.OperationID)
			ids[o.OperationID] = true
			require.Regexp(t, `^[A-Z].*\.$`, o.Summary, what)
			var errors, successes int
			for status, r := range o.Responses {
				switch status {
				case "200", "201":
					successes++
					require.Contains(t, d.Components.Schemas, nameOf(r.Content["application/json"].Schema), what)
				case "101", "202", "204":
					successes++
					require.Empty(t, r.Content, what)
				default:
					errors++
					require.Equal(t, "Problem", nameOf(r.Content["application/problem+json"].Schema), "%s %s", what, status)
				}
			}
			require.Equal(t, 1, successes, what)
			require.Positive(t, errors, what)
			declared := map[string]bool{}
			for _, p := range o.Parameters {
				declared[p.Name] = p.In == "path"
			}
			for _, m := range regexp.MustCompile(`\{(\w+)\}`).FindAllStringSubmatch(path, -1) {
				require.True(t, declared[m[1]], "%s of %s", m[1], path)
			}
		}
	}
	for _, path := range []string{ // that scripts rely on
		"/api/v1/server", "/api/v1/live", "/api/v1/channels/{channel}", "/api/v1/channels/{channel}/broadcasts",
		"/api/v1/broadcasts", "/api/v1/broadcasts/{broadcast}", "/api/v1/broadcasts/{broadcast}/events",
		"/api/v1/broadcasts/{broadcast}/downloads",
	} {
		require.Contains(t, d.Paths[path], "get", path)
	}
}

// The description that lies in the repository is the server's own: the pages'
// client is made of it.
func TestDescriptionFile(t *testing.T) {
	const path = "../../docs/openapi.json"
	s := newSite(t, nil)
	var b bytes.Buffer
	require.NoError(t, json.Indent(&b, []byte(s.get("/api/openapi.json").body), "", "  "))
	b.WriteByte('\n')
	if *update {
		require.NoError(t, os.WriteFile(path, b.Bytes(), 0o644))
		return
	}
	file, err := os.ReadFile(path)
	require.NoError(t, err)
	require.Equal(t, string(file), b.String(), "run go test with -update, and npm run api in ui; then read the diff")
}

func nameOf(s schema) string { return strings.TrimPrefix(s.Ref, "#/components/schemas/") }

// What the API answers is what its description says.
func TestAnswersFollowTheDescription(t *testing.T) {
	s := newSite(t, nil)
	over := s.archived("alice")
	_, onAir := s.publish("bob")
	d := s.description()
	for path, address := range map[string]string{
		"/api/v1/server":                           "/api/v1/server",
		"/api/v1/live":                             "/api/v1/live",
		"/api/v1/channels/{channel}":               "/api/v1/channels/bob",
		"/api/v1/channels/{channel} off air":       "/api/v1/channels/alice",
		"/api/v1/channels/{channel}/broadcasts":    "/api/v1/channels/alice/broadcasts",
		"/api/v1/broadcasts":                       "/api/v1/broadcasts?limit=1",
		"/api/v1/broadcasts/{broadcast}":           "/api/v1/broadcasts/" + over.ID,
		"/api/v1/broadcasts/{broadcast}/events":    "/api/v1/broadcasts/" + over.ID + "/events",
		"/api/v1/broadcasts/{broadcast}/downloads": "/api/v1/broadcasts/" + over.ID + "/downloads",
		"/api/v1/broadcasts/{broadcast} on air":    "/api/v1/broadcasts/" + onAir.ID,
		"/api/v1/broadcasts/{broadcast}/chapters":  "/api/v1/broadcasts/" + over.ID + "/chapters",
		"/api/v1/channels/{channel}/clips":         "/api/v1/channels/alice/clips",
		"/api/v1/clips/{clip}":                     "/api/v1/clips/" + s.clipIn(over.ID, 0, 2*time.Second).ID,
	} {
		path, _, _ = strings.Cut(path, " ")
		var v any
		s.json(address, &v)
		d.check(t, address, d.Paths[path]["get"].Responses["200"].Content["application/json"].Schema, v)
	}
	s = newSite(t, func(o *Options) { o.RTMPPort = "" })
	var v any
	s.json("/api/v1/server", &v)
	d.check(t, "a server without RTMP", d.Paths["/api/v1/server"]["get"].Responses["200"].Content["application/json"].Schema, v)
}

// check holds a value to a schema.
func (d *description) check(t *testing.T, at string, s schema, v any) {
	t.Helper()
	if s.Ref != "" {
		s = d.Components.Schemas[nameOf(s)]
	}
	types, many := s.Type.([]any)
	if !many {
		types = []any{s.Type}
	}
	switch v := v.(type) {
	case nil:
		require.Contains(t, types, "null", at)
	case bool:
		require.Contains(t, types, "boolean", at)
	case string:
		require.Contains(t, types, "string", at)
	case float64:
		if v == float64(int64(v)) && s.Format != "double" {
			require.Contains(t, types, "integer", at)
		} else {
			require.Contains(t, types, "number", at)
		}
	case []any:
		require.Contains(t, types, "array", at)
		for _, item := range v {
			d.check(t, at+"[]", *s.Items, item)
		}
	case map[string]any:
		require.Contains(t, types, "object", at)
		for _, name := range s.Required {
			require.Contains(t, v, name, at)
		}
		for name, value := range v {
			require.Contains(t, s.Properties, name, at)
			d.check(t, at+"."+name, s.Properties[name], value)
		}
	}
}
