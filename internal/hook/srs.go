package hook

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"net/http"
	"strconv"
	"time"
)

// The actions of SRS's dialect.
const (
	actionPublish   = "on_publish"
	actionUnpublish = "on_unpublish"
	actionPlay      = "on_play"
	actionStop      = "on_stop"
	actionDVR       = "on_dvr"
	actionHLS       = "on_hls"
)

// defaultVhost is what SRS calls the host of a server that tells no hosts apart.
const defaultVhost = "__defaultVhost__"

// document is a hook of SRS's dialect. What is absent from an action is left
// out.
type document struct {
	ServerID string `json:"server_id"`
	Action   string `json:"action"`
	ClientID string `json:"client_id"`
	IP       string `json:"ip"`
	Vhost    string `json:"vhost"`
	App      string `json:"app"`
	TCURL    string `json:"tcUrl,omitempty"`
	Stream   string `json:"stream"`
	Param    string `json:"param"`
	URL      string `json:"stream_url"`
	StreamID string `json:"stream_id"`

	PageURL *string `json:"pageUrl,omitempty"` // on_play

	CWD  string `json:"cwd,omitempty"`  // on_dvr, on_hls
	File string `json:"file,omitempty"` // on_dvr, on_hls

	Duration *float64 `json:"duration,omitempty"` // on_hls, in seconds, and what follows
	Segment  string   `json:"url,omitempty"`
	M3U8     string   `json:"m3u8,omitempty"`
	M3U8URL  string   `json:"m3u8_url,omitempty"`
	Number   *int64   `json:"seq_no,omitempty"`
}

func (s *Service) document(c client, action string) document {
	d := document{
		ServerID: s.server, Action: action, ClientID: strconv.FormatInt(c.id, 10), IP: c.addr, Vhost: defaultVhost, App: c.app, Stream: c.name,
		URL: "/" + c.app + "/" + c.name,
	}
	if c.args != "" {
		d.Param = "?" + c.args
	}
	sum := sha256.Sum256([]byte(d.URL))
	d.StreamID = "vid-" + hex.EncodeToString(sum[:])[:7]
	switch action {
	case actionPublish:
		d.TCURL = c.spoken.Address
	case actionPlay:
		d.TCURL, d.PageURL = c.spoken.Address, &c.spoken.Page
	}
	return d
}

func (d document) message(address string) message {
	body, err := json.Marshal(d)
	if err != nil { // strings and numbers can all be written
		body = []byte("{}")
	}
	return message{url: address, kind: jsonType, body: body}
}

// srsMessage is a hook that has nothing but what all have.
func (s *Service) srsMessage(c client, action, address string) message {
	return s.document(c, action).message(address)
}

func (s *Service) dvrMessage(c client, address, recording string) message {
	d := s.document(c, actionDVR)
	d.CWD, d.File = s.place(), recording
	return d.message(address)
}

// segment is one of MPEG-TS that can be had.
type segment struct {
	path     string // of its address
	playlist string // path of the playlist that lists it
	number   int64
	length   time.Duration
}

func (s *Service) hlsMessage(c client, address string, seg segment) message {
	d := s.document(c, actionHLS)
	seconds := seg.length.Seconds()
	d.CWD, d.Duration, d.Number = s.place(), &seconds, &seg.number
	d.File, d.Segment = s.o.Origin+seg.path, seg.path[1:]
	d.M3U8, d.M3U8URL = s.o.Origin+seg.playlist, seg.playlist[1:]
	return d.message(address)
}

// place stands for the folder to which files are relative: ours are addresses.
func (s *Service) place() string {
	if s.o.Origin == "" {
		return "/"
	}
	return s.o.Origin
}

// srsAllows reads an answer to a question of SRS's dialect: 200, and a zero or
// an object whose code is the number zero.
func srsAllows(a answer) bool {
	if a.status != http.StatusOK || len(a.body) > maxAnswer {
		return false
	}
	body := bytes.TrimSpace(a.body)
	if string(body) == "0" {
		return true
	}
	var fields map[string]json.RawMessage // names are as they are spelt
	if json.Unmarshal(body, &fields) != nil {
		return false
	}
	return string(fields["code"]) == "0"
}
