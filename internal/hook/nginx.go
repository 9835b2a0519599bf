package hook

import (
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"
)

// The calls of nginx-rtmp's dialect.
const (
	callPublish       = "publish"
	callPublishDone   = "publish_done"
	callPlay          = "play"
	callPlayDone      = "play_done"
	callUpdatePublish = "update_publish"
	callUpdatePlay    = "update_play"
	callRecordDone    = "record_done"
)

// form is a call of the nginx-rtmp dialect. more is pairs of name and value. A
// stream's own arguments come after, and never in place of what we say: a
// back-end that looks at the last of two would take an encoder's word for ours.
func (c client) form(address, call string, more ...string) message {
	f := url.Values{}
	for _, pair := range [][2]string{
		{"call", call},
		{"addr", c.addr},
		{"clientid", strconv.FormatInt(c.id, 10)},
		{"app", c.app},
		{"flashver", c.flashver},
		{"swfurl", c.spoken.SWF},
		{"tcurl", c.spoken.Address},
		{"pageurl", c.spoken.Page},
		{"name", c.name},
	} {
		f.Set(pair[0], pair[1])
	}
	for i := 0; i+1 < len(more); i += 2 {
		f.Set(more[i], more[i+1])
	}
	ours := map[string]bool{}
	for name := range f {
		ours[name] = true
	}
	for name, values := range c.query {
		if !ours[strings.ToLower(name)] {
			f[name] = values
		}
	}
	return message{url: address, kind: formType, body: []byte(f.Encode())}
}

func (c client) publishForm(address string) message {
	return c.form(address, callPublish, "type", c.spoken.Type)
}

func (c client) playForm(address string) message {
	return c.form(address, callPlay, "start", "4294965296", "duration", "0", "reset", "0")
}

func (c client) updateForm(address string, now time.Time) message {
	call, since := callUpdatePlay, now.Sub(c.began)
	if c.publishing {
		call = callUpdatePublish
	}
	return c.form(address, call,
		"time", strconv.FormatInt(int64(since/time.Second), 10), "timestamp", strconv.FormatInt(since.Milliseconds(), 10))
}

func (c client) recordForm(address, path string) message {
	return c.form(address, callRecordDone, "recorder", "", "path", path)
}

// verdict is what an answer comes to.
type verdict struct {
	allowed bool
	name    string // that the stream is to have; empty: the one that it has
	relay   string // the address of another server to which it is to go on too; empty: none
}

// nginxVerdict reads an answer to a question of the nginx-rtmp dialect.
func nginxVerdict(a answer) verdict {
	switch a.status / 100 {
	case 2:
		return verdict{allowed: true}
	case 3:
		return redirected(a.location)
	}
	return verdict{}
}

// redirected reads where an answer sends a stream to. What it calls the stream
// is the last part of an address, which a framework may have made whole; nothing
// is ever asked for there.
func redirected(location string) verdict {
	lower := strings.ToLower(location)
	if strings.HasPrefix(lower, "rtmp://") || strings.HasPrefix(lower, "rtmps://") {
		return verdict{allowed: true, relay: location}
	}
	if at := strings.IndexAny(location, "?#"); at >= 0 {
		location = location[:at]
	}
	scheme, rest, whole := strings.Cut(location, "://")
	if whole && !strings.Contains(scheme, "/") && !strings.Contains(rest, "/") {
		return verdict{} // a host alone names no stream
	}
	name, err := url.PathUnescape(location[strings.LastIndexByte(location, '/')+1:])
	if err != nil || name == "" {
		return verdict{}
	}
	return verdict{allowed: true, name: name}
}

// goesOn reads an answer to on_update: a redirect is none to an encoder that
// publishes already.
func goesOn(a answer) bool { return a.status >= http.StatusOK && a.status < http.StatusBadRequest }
