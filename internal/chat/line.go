package chat

import (
	"bytes"
	"encoding/json"
)

// Person is who said something, as everybody sees it.
type Person struct {
	ID          string   `json:"id"`
	Name        string   `json:"name"`
	DisplayName string   `json:"displayName"`
	Color       string   `json:"color" doc:"As #rrggbb; empty: the page chooses."`
	Badges      []string `json:"badges" nullable:"false" enum:"admin,owner,moderator,member,verified"`
}

// Reply is the line that another one answers.
type Reply struct {
	_    struct{} `nullable:"true"`
	ID   string   `json:"id"`
	Name string   `json:"name"`
	Text string   `json:"text" doc:"Its beginning."`
}

// EmoteAt is a place in a text where an emote stands for it.
type EmoteAt struct {
	Code  string `json:"code"`
	ID    string `json:"id"`
	Start int    `json:"start" doc:"In UTF-16 code units."`
	End   int    `json:"end"`
}

// Line is something that was said. It is sent and kept in this form.
type Line struct {
	Type        string    `json:"type" enum:"message"`
	ID          string    `json:"id"`
	At          int64     `json:"at" doc:"Milliseconds since 1970."`
	BroadcastID string    `json:"broadcastId,omitempty"`
	MediaMS     *int64    `json:"mediaMs,omitempty" doc:"On the broadcast's media time, from its beginning."`
	User        Person    `json:"user"`
	Text        string    `json:"text" doc:"As it was written: the reader escapes it."`
	ReplyTo     *Reply    `json:"replyTo,omitempty"`
	Mentions    []string  `json:"mentions,omitempty"`
	Emotes      []EmoteAt `json:"emotes,omitempty"`
	Action      bool      `json:"action,omitempty" doc:"It was said by /me."`
}

// encode is JSON as clients get it: on one line, and as it was written.
func encode(v any) []byte {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	if err := e.Encode(v); err != nil {
		panic("chat: " + err.Error()) // all that is encoded are plain structs
	}
	return bytes.TrimSuffix(b.Bytes(), []byte("\n"))
}

// decodeLine reads a line that a row holds.
func decodeLine(text string) (l Line, err error) {
	err = json.Unmarshal([]byte(text), &l)
	return l, err
}

// envelope is what goes by the bus.
type envelope struct {
	Kind    string          `json:"k"`
	Node    string          `json:"n"`
	Channel string          `json:"c,omitempty"`
	User    string          `json:"u,omitempty"`
	ID      string          `json:"id,omitempty"`
	IDs     []string        `json:"ids,omitempty"`
	Before  int64           `json:"b,omitempty"`
	Sum     uint64          `json:"s,omitempty"` // of the text, as duplicates are found
	Counts  map[string]int  `json:"r,omitempty"`
	Event   json.RawMessage `json:"e,omitempty"` // what clients get
}

// sumOf tells two texts apart, alike on all nodes.
func sumOf(text string) uint64 {
	// FNV-1a: quick, the same everywhere, and no secret.
	h := uint64(14695981039346656037)
	for i := range len(text) {
		h = (h ^ uint64(text[i])) * 1099511628211
	}
	return h
}
