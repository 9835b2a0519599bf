package rtmp

import (
	"net/url"
	"slices"
	"strings"

	"github.com/rostrumlive/rostrum/internal/live"
)

// maxArguments bounds what a query can make us remember.
const maxArguments = 64

// parseAddress reads where an encoder publishes to from the three places in
// which encoders put it: the address of the connection (tcUrl), the app and
// the stream's name. Each client cuts the address elsewhere:
//
//	rtmp://host/live + key            app "live", name "key"
//	rtmp://host/live/key + nothing    app "live/key", name ""       (OBS)
//	rtmp://host/key                   app "", name "key"            (ffmpeg)
//	rtmp://host/live?token=t + key    app "live?token=t", name "key"
//
// Where there is a name, its border with the app is taken as the client drew
// it, so that names may hold slashes; where there is none the address's last
// part is the name. Arguments are collected from all three, the name's first.
func parseAddress(tcURL, app, name string) live.Request {
	if path, ok := cutHost(name); ok { // the whole address in the name
		tcURL, app, name = name, path, ""
	}
	if path, ok := cutHost(app); ok {
		app = path
	}
	whole, _ := cutHost(tcURL)
	wholePath, wholeQuery := cutQuery(whole)
	appPath, appQuery := cutQuery(app)
	namePath, nameQuery := cutQuery(name)

	req := live.Request{Query: url.Values{}}
	for _, q := range []string{nameQuery, appQuery, wholeQuery} {
		addArguments(req.Query, q)
	}
	appPath, wholePath = joinParts(appPath), joinParts(wholePath)
	req.Name = unescape(strings.Trim(namePath, "/"))
	if req.Name != "" {
		if appPath == "" {
			appPath = withoutName(wholePath, strings.Trim(namePath, "/"))
		}
		req.App = unescape(appPath)
		return req
	}
	if len(wholePath) > len(appPath) {
		appPath = wholePath
	}
	at := strings.LastIndexByte(appPath, '/') + 1
	req.App, req.Name = unescape(strings.TrimSuffix(appPath[:at], "/")), unescape(appPath[at:])
	return req
}

// withoutName returns a path without the name at its end, which some clients
// repeat there.
func withoutName(path, name string) string {
	if path == name {
		return ""
	}
	return strings.TrimSuffix(path, "/"+name)
}

// cutHost returns what stands behind the host of an RTMP address.
func cutHost(s string) (path string, ok bool) {
	scheme, rest, ok := strings.Cut(s, "://")
	if !ok || !strings.HasPrefix(strings.ToLower(scheme), "rtmp") {
		return "", false
	}
	at := strings.IndexAny(rest, "/?")
	if at < 0 {
		return "", true
	}
	return rest[at:], true
}

func cutQuery(s string) (path, query string) {
	path, query, _ = strings.Cut(s, "?")
	return path, query
}

// joinParts takes out the slashes that a careless hand left: at the ends, and
// more than one in a row.
func joinParts(path string) string {
	parts := strings.FieldsFunc(path, func(r rune) bool { return r == '/' })
	return strings.Join(parts, "/")
}

// addArguments adds the pairs of a query that are not there yet. Unlike in
// forms, "+" is not a space: keys and signatures hold it more often.
func addArguments(to url.Values, query string) {
	n := 0
	for pair := range strings.SplitSeq(query, "&") {
		if n++; n > maxArguments {
			return
		}
		if pair == "" {
			continue
		}
		k, v, _ := strings.Cut(pair, "=")
		k, v = unescape(k), unescape(v)
		if !slices.Contains(to[k], v) {
			to[k] = append(to[k], v)
		}
	}
}

// rawArguments returns the arguments that parseAddress collects as they were
// written: signatures are made over them.
func rawArguments(tcURL, app, name string) string {
	var pairs []string
	for _, place := range []string{name, app, tcURL} {
		_, query := cutQuery(place)
		for i, pair := range strings.Split(query, "&") {
			if i < maxArguments && pair != "" && !slices.Contains(pairs, pair) {
				pairs = append(pairs, pair)
			}
		}
	}
	return strings.Join(pairs, "&")
}

// unescape resolves percent-escapes, and leaves alone what is none.
func unescape(s string) string {
	if u, err := url.PathUnescape(s); err == nil {
		return u
	}
	return s
}
