package hook

import (
	"net/http"
	"strings"
	"testing"
)

// Whatever a back-end answers, who is let in under another name has one, and
// nothing but a zero lets in with SRS.
func FuzzAnswers(f *testing.F) {
	f.Add(302, "/live/ann", `{"code":0}`)
	f.Add(302, "rtmp://h/x", "0")
	f.Add(200, "http://h", `{"code":"0"}`)
	f.Fuzz(func(t *testing.T, status int, location, body string) {
		a := answer{status: status, location: location, body: []byte(body)}
		v := nginxVerdict(a)
		switch {
		case v.name != "" && (!v.allowed || v.relay != "" || status/100 != 3):
			t.Fatalf("%+v", v)
		case status/100 == 3 && v.allowed && v.name == "" && v.relay == "":
			t.Fatalf("let in under no name: %+v", v)
		}
		if srsAllows(a) && (status != http.StatusOK || !strings.Contains(body, "0")) {
			t.Fatalf("%d %q", status, body)
		}
	})
}
