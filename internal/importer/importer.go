// Package importer reads the configurations of other live-streaming servers,
// nginx with its RTMP module, SRS and MediaMTX, and says what of them our
// own can hold. It owns those servers' words. Which keys this server has, and
// what they take, it asks of a Schema: it must not know the configuration.
package importer

import (
	"cmp"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"
	"unicode"
)

// Server is one whose configurations are read.
type Server string

// The servers, by the names that people give them on the command line.
const (
	Nginx    Server = "nginx"
	SRS      Server = "srs"
	MediaMTX Server = "mediamtx"
)

// MaxBytes bounds a file, and all that it includes.
const MaxBytes = 1 << 20

// Schema is the configuration that is written, as it is in this version.
type Schema interface {
	// Default returns what is in force when nobody sets the key, and whether
	// there is such a key.
	Default(key string) (value string, known bool)
	// Check says what is wrong with a value of a key that there is.
	Check(key, value string) error
	// Bounds returns the least and the most of a key that is a length of
	// time, and zeros of another.
	Bounds(key string) (least, most time.Duration)
	// Clash returns a key of those given that does not go with the others,
	// and why; nil when all do.
	Clash(values map[string]string) (key string, why error)
}

// Options say how a configuration is read.
type Options struct {
	// From is whose configuration it is. When empty it is found out.
	From Server
	// Schema is what is written. It must not be nil.
	Schema Schema
	// Include finds the files that an include names. When nil none is read.
	Include Include
}

// Result is what became of a configuration.
type Result struct {
	Name     string // of the file
	Server   Server
	Settings []Setting // in the order in which they were found
	Notes    []Note    // by file and line
}

// Setting is one key of ours.
type Setting struct {
	Key, Value string
	File       string
	Line       int
	note       int // in the draft
}

// Outcome is what became of a line.
type Outcome string

// The outcomes.
const (
	Taken   Outcome = "taken"
	Differs Outcome = "differs"
	Ignored Outcome = "ignored"
)

// Note says of one line what became of it. It holds no argument of a line that
// may be a secret.
type Note struct {
	File    string
	Line    int
	Subject string // what stands there
	Outcome Outcome
	Text    string
}

// ErrUnknown is returned for a text that is none of the servers' configurations.
var ErrUnknown = errors.New("this looks like no configuration of nginx-rtmp, SRS or MediaMTX")

// Import reads the text of a configuration. name is the file's, for notes and
// for telling whose it is. What cannot be taken is in the Result's notes; an
// error means that the text could not be read at all.
func Import(name string, text []byte, o Options) (*Result, error) {
	if len(text) > MaxBytes {
		return nil, fmt.Errorf("%s is larger than 1 MiB, which no configuration is", name)
	}
	server := cmp.Or(o.From, guess(name, text))
	d := &draft{schema: o.Schema, at: map[string]int{}, files: []string{name}}
	var err error
	switch server {
	case Nginx:
		err = importNginx(d, name, text, o.Include)
	case SRS:
		err = importSRS(d, name, text, o.Include)
	case MediaMTX:
		err = importMediaMTX(d, name, text)
	default:
		err = ErrUnknown
	}
	if err != nil {
		return nil, err
	}
	d.reconcile()
	return &Result{Name: name, Server: server, Settings: d.settings, Notes: d.sorted()}, nil
}

// guess tells whose configuration a text is, by the blocks that only one of the
// servers has and then by the file's name. It is empty when neither says so.
func guess(name string, text []byte) Server {
	if isMediaMTX(text) {
		return MediaMTX
	}
	if all, err := parse(name, text); err == nil {
		for _, d := range all {
			switch {
			case slices.Contains([]string{"vhost", "srs_log_tank", "http_api", "http_server", "rtc_server", "srt_server"}, d.name):
				return SRS
			case d.name == "rtmp" && d.find("server") != nil, d.name == "http" && d.isBlock, d.name == "events":
				return Nginx
			}
		}
	}
	for _, s := range []Server{MediaMTX, SRS, Nginx} {
		if strings.Contains(strings.ToLower(name), string(s)) {
			return s
		}
	}
	return ""
}

// printable is text from a configuration as a terminal may see it: one line of
// bounded length, without control characters.
func printable(text string) string {
	const most = 120
	if len(text) > most {
		text = strings.ToValidUTF8(text[:most], "") + "…"
	}
	return strings.Map(func(r rune) rune {
		if !unicode.IsPrint(r) {
			return unicode.ReplacementChar
		}
		return r
	}, text)
}
