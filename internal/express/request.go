// Package express answers the plainest requests of HTTP/1.1, a GET of media or
// of a playlist, with the handler that net/http would call, and without what
// net/http does around it: a goroutine that waits for the client to go, a
// cancelled context, two buffers and a copy of the header. What is not plain
// in each of its bytes is left to net/http, which sees it as if it came first.
package express

import (
	"bytes"
	"net/http"
	"net/textproto"
	"net/url"
	"slices"
	"strings"
)

var (
	get     = []byte("GET ")
	version = []byte(" HTTP/1.1")
	newline = []byte("\r\n")
)

// What plain requests are for: bodies of a known length that come at once, or
// with the next part.
var (
	trees = [...][]byte{[]byte("/live/"), []byte("/media/")}
	// A viewing's token may stand in front of them.
	mark = []byte("/~")
	ends = [...][]byte{[]byte(".m3u8"), []byte(".m4s"), []byte(".mp4"), []byte(".ts")}
)

// left are the header fields that ask for more than an answer.
var left = map[string]bool{
	"Content-Length": true, "Transfer-Encoding": true, "Expect": true, "Upgrade": true, "Te": true, "Trailer": true,
	"Http2-Settings": true, "Keep-Alive": true, "Proxy-Connection": true,
}

// Parse reads a request, if b is just one and a plain one: the head of a GET
// for media or a playlist in the form that net/http reads the same way
// (RFC 9112 3, 5), without a body. The request does not refer to b.
func Parse(b []byte) (*http.Request, bool) {
	if !bytes.HasPrefix(b, get) || !bytes.HasSuffix(b, []byte("\r\n\r\n")) {
		return nil, false
	}
	line, rest, _ := bytes.Cut(b[:len(b)-len(newline)], newline)
	target, ok := bytes.CutSuffix(line[len(get):], version)
	if !ok || !isPlain(target) {
		return nil, false
	}
	uri := string(target)
	path, query := uri, ""
	if i := bytes.IndexByte(target, '?'); i >= 0 {
		path, query = uri[:i], uri[i+1:]
	}
	r := &http.Request{
		Method: http.MethodGet, URL: &url.URL{Path: path, RawQuery: query}, RequestURI: uri,
		Proto: "HTTP/1.1", ProtoMajor: 1, ProtoMinor: 1, Header: make(http.Header, 8), Body: http.NoBody,
	}
	return r, fields(r, string(rest)) && r.Host != ""
}

// isPlain reports whether a request's target is one of media and needs no
// decoding or cleaning.
func isPlain(target []byte) bool {
	path, _, _ := bytes.Cut(target, []byte("?"))
	if bytes.HasPrefix(path, mark) {
		path = path[1+bytes.IndexByte(path[1:], '/'):] // all of it when nothing is below
	}
	begins := func(tree []byte) bool { return bytes.HasPrefix(path, tree) }
	stops := func(end []byte) bool { return bytes.HasSuffix(path, end) }
	if !slices.ContainsFunc(trees[:], begins) || !slices.ContainsFunc(ends[:], stops) {
		return false
	}
	before, query := byte(0), false
	for _, c := range target {
		switch {
		case c == '?':
			if query {
				return false // a second one is for others to understand
			}
			query = true
		case c == '/' && before == '/', c == '.' && before == '/':
			return false
		case !plain[c]:
			return false
		}
		before = c
	}
	return before != '?'
}

// plain are the characters of our addresses and of what players add to them.
var plain = table("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-._~/=&")

// token are those of a header field's name (RFC 9110 5.6.2).
var token = table("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789!#$%&'*+-.^_`|~")

// hosts are those of a host that needs no second look.
var hosts = table("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-.:[]_")

func table(of string) (t [256]bool) {
	for i := range len(of) {
		t[of[i]] = true
	}
	return t
}

func only(s string, t *[256]bool) bool {
	for i := range len(s) {
		if !t[s[i]] {
			return false
		}
	}
	return s != ""
}

// fields reads the header, each of whose lines ends with CRLF.
func fields(r *http.Request, header string) bool {
	for len(header) > 0 {
		end := 0
		for end < len(header) && (header[end] >= ' ' && header[end] != 0x7f || header[end] == '\t') {
			end++
		}
		if !strings.HasPrefix(header[end:], "\r\n") || !field(r, header[:end]) {
			return false
		}
		header = header[end+2:]
	}
	return true
}

// field takes one line of the header.
func field(r *http.Request, line string) bool {
	colon := 0
	for colon < len(line) && line[colon] != ':' {
		colon++
	}
	if colon == len(line) || !only(line[:colon], &token) {
		return false
	}
	name, value := textproto.CanonicalMIMEHeaderKey(line[:colon]), textproto.TrimString(line[colon+1:])
	switch {
	case left[name]:
		return false
	case name == "Connection":
		return value == "keep-alive"
	case name == "Host":
		ok := r.Host == "" && only(value, &hosts)
		r.Host = value
		return ok
	}
	r.Header[name] = append(r.Header[name], value)
	return true
}
