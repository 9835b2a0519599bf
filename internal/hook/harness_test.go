package hook

import (
	"context"
	"encoding/json"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"

	"github.com/rostrumlive/rostrum/internal/live"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// limit bounds every wait of a test.
const limit = time.Minute

// heard is a hook as a back-end reads it: the call of a form, or the action of
// a document, and its fields.
type heard struct {
	call   string
	path   string
	fields url.Values
}

func (h heard) get(name string) string { return h.fields.Get(name) }

// backEnd is one that was written against the dialects' documentation: it reads
// forms and documents, notes them, and answers what the test says.
type backEnd struct {
	t      *testing.T
	server *httptest.Server
	calls  chan heard

	mu     sync.Mutex
	answer func(w http.ResponseWriter, h heard)
}

func newBackEnd(t *testing.T, answer func(w http.ResponseWriter, h heard)) *backEnd {
	b := &backEnd{t: t, calls: make(chan heard, 1000), answer: answer}
	b.server = httptest.NewServer(http.HandlerFunc(b.hear))
	t.Cleanup(b.server.Close)
	return b
}

func (b *backEnd) hear(w http.ResponseWriter, r *http.Request) {
	if r.Method != http.MethodPost {
		b.t.Errorf("a %s", r.Method)
	}
	h := heard{path: r.URL.Path, fields: url.Values{}}
	switch r.Header.Get("Content-Type") {
	case "application/x-www-form-urlencoded":
		body, _ := io.ReadAll(r.Body)
		fields, err := url.ParseQuery(string(body))
		if err != nil {
			b.t.Errorf("a form that cannot be read: %v", err)
		}
		h.fields, h.call = fields, fields.Get("call")
	case "application/json":
		var all map[string]any
		d := json.NewDecoder(r.Body)
		d.UseNumber()
		if err := d.Decode(&all); err != nil {
			b.t.Errorf("a document that cannot be read: %v", err)
		}
		for name, value := range all {
			switch v := value.(type) {
			case string:
				h.fields.Set(name, v)
			case json.Number:
				h.fields.Set(name, v.String())
			default:
				b.t.Errorf("%s is %T", name, v)
			}
		}
		h.call = h.get("action")
	default:
		b.t.Errorf("Content-Type %q", r.Header.Get("Content-Type"))
	}
	b.calls <- h
	b.mu.Lock()
	answer := b.answer
	b.mu.Unlock()
	answer(w, h)
}

// says changes the answer.
func (b *backEnd) says(answer func(w http.ResponseWriter, h heard)) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.answer = answer
}

// next is the next call, which has to be this.
func (b *backEnd) next(call string) heard {
	b.t.Helper()
	select {
	case h := <-b.calls:
		require.Equal(b.t, call, h.call)
		return h
	case <-time.After(limit):
		b.t.Fatalf("%s was not called", call)
		return heard{}
	}
}

// quiet checks that nothing more was said.
func (b *backEnd) quiet() {
	b.t.Helper()
	select {
	case h := <-b.calls:
		b.t.Fatalf("%s was called", h.call)
	default:
	}
}

func status(code int) func(http.ResponseWriter, heard) {
	return func(w http.ResponseWriter, _ heard) { w.WriteHeader(code) }
}

func says(text string) func(http.ResponseWriter, heard) {
	return func(w http.ResponseWriter, _ heard) { _, _ = io.WriteString(w, text) }
}

func sendsTo(location string) func(http.ResponseWriter, heard) {
	return func(w http.ResponseWriter, _ heard) {
		w.Header()["Location"] = []string{location}
		w.WriteHeader(http.StatusFound)
	}
}

// allNginx are all hooks of the dialect.
func (b *backEnd) allNginx() Nginx {
	u := b.server.URL
	return Nginx{OnPublish: u, OnPublishDone: u, OnPlay: u, OnPlayDone: u, OnUpdate: "", OnRecordDone: u}
}

func (b *backEnd) allSRS() SRS {
	u := b.server.URL
	return SRS{OnPublish: u, OnUnpublish: u, OnPlay: u, OnStop: u, OnDVR: u, OnHLS: u}
}

// journal is the log.
type journal struct {
	mu   sync.Mutex
	text strings.Builder
}

func (j *journal) Write(p []byte) (int, error) {
	j.mu.Lock()
	defer j.mu.Unlock()
	return j.text.Write(p)
}

func (j *journal) String() string {
	j.mu.Lock()
	defer j.mu.Unlock()
	return j.text.String()
}

// secret stands wherever an encoder or an operator may have put one.
const secret = "s3cr3t"

// start makes a service that the test's end closes, and whose log is looked
// through then.
func start(t *testing.T, o Options) *Service {
	t.Helper()
	j := &journal{}
	o.Log = slog.New(slog.NewTextHandler(j, &slog.HandlerOptions{Level: slog.LevelDebug}))
	if o.Timeout == 0 {
		o.Timeout = limit
	}
	s := New(o)
	t.Cleanup(func() {
		ctx, cancel := context.WithTimeout(context.Background(), limit)
		defer cancel()
		s.Close(ctx)
		require.NotContains(t, j.String(), secret)
	})
	return s
}

// obs is what OBS says when it publishes with a secret for a name.
func obs() live.Request {
	return live.Request{
		Protocol: "rtmp", Remote: netip.MustParseAddrPort("[::ffff:192.0.2.7]:5000"), App: "live", Name: secret,
		Query: url.Values{"user": {"Ann Ö"}, "name": {"spoofed"}, "Addr": {"127.0.0.1"}}, Args: "user=Ann%20%C3%96&name=spoofed&Addr=127.0.0.1",
		Encoder: "FMLE/3.0 (compatible; FMSc/1.0)",
		Spoken:  live.Spoken{Address: "rtmp://h/live", SWF: "rtmp://h/live", Page: "http://h/p?a=b&c", Type: "live"},
	}
}

// letIn is an encoder that was let in. Its end has to be told by the test.
func letIn(s *Service, leave live.Leave, req live.Request, stop func(*live.Refusal)) *live.Publisher {
	pub := live.NewPublisher(live.NewStream("ann", "b1", live.Limits{}), func(*live.Publisher, live.End, error) {})
	s.Began(leave, req, pub, stop)
	return pub
}

// refusedAs checks that err is a refusal with that code.
func refusedAs(t *testing.T, code string, err error) {
	t.Helper()
	var no *live.Refusal
	require.ErrorAs(t, err, &no)
	require.Equal(t, code, no.Code)
	require.Regexp(t, `^[A-Z].*\.$`, no.Reason)
	require.NotContains(t, no.Reason, secret)
}

// nobody is an address at which nothing listens: no program takes port 1, as it
// might take one that was free a moment ago.
const nobody = "http://" + secret + ":" + secret + "@127.0.0.1:1/?k=" + secret
