package importer

import (
	"errors"
	"fmt"
	"regexp"
	"strings"
	"time"

	"gopkg.in/yaml.v3"
)

// mtxReader reads MediaMTX.
type mtxReader struct {
	*draft
	file   string
	values map[string]string // the scalars of the first level
}

// mtxKeys are keys of MediaMTX that are ours as they stand.
var mtxKeys = map[string]string{
	"srtAddress":              "srt.addr",
	"webrtcLocalUDPAddress":   "webrtc.addr",
	"webrtcAdditionalHosts":   "webrtc.public_ips",
	"hlsTrustedProxies":       "http.proxies",
	"hlsServerCert":           "https.cert",
	"hlsServerKey":            "https.key",
	"rtmpServerCert":          "https.cert",
	"rtmpServerKey":           "https.key",
	"hlsSegmentDuration":      "hls.segment",
	"hlsPartDuration":         "hls.part",
	"rtmpAddress":             "rtmp.addr",
	"rtmpsAddress":            "rtmps.addr",
	"metricsAddress":          "metrics.addr",
	"webrtcICEHostNAT1To1IPs": "webrtc.public_ips",
}

// mtxDoors are the keys that stand for nothing when the switch beside them is off.
var mtxDoors = map[string]string{
	"srtAddress": "srt", "webrtcLocalUDPAddress": "webrtc", "webrtcAdditionalHosts": "webrtc", "webrtcICEHostNAT1To1IPs": "webrtc",
	"hlsTrustedProxies": "hls", "hlsAddress": "hls", "rtmpAddress": "rtmp", "metricsAddress": "metrics",
	"hlsServerCert": "hlsEncryption", "hlsServerKey": "hlsEncryption",
	"rtmpServerCert": "rtmpEncryption", "rtmpServerKey": "rtmpEncryption", "rtmpsAddress": "rtmpEncryption",
}

// mtxOff are the switches that are off when they do not stand there.
var mtxOff = map[string]bool{"metrics": true, "hlsEncryption": true, "rtmpEncryption": true}

// isMediaMTX says whether a text has keys that only MediaMTX has.
func isMediaMTX(text []byte) bool {
	top, err := mapping(text)
	if err != nil {
		return false
	}
	for i := 0; i+1 < len(top.Content); i += 2 {
		switch top.Content[i].Value {
		case "rtspAddress", "rtmpAddress", "hlsAddress", "webrtcAddress", "srtAddress", "pathDefaults", "authInternalUsers", "authHTTPAddress", "logDestinations", "hlsVariant":
			return true
		case "paths":
			return top.Content[i+1].Kind == yaml.MappingNode
		}
	}
	return false
}

// mapping returns the mapping that a text is.
func mapping(text []byte) (*yaml.Node, error) {
	var doc yaml.Node
	if err := yaml.Unmarshal(text, &doc); err != nil {
		return nil, err
	}
	if len(doc.Content) == 0 || doc.Content[0].Kind != yaml.MappingNode {
		return nil, errors.New("keys with values are wanted here")
	}
	return doc.Content[0], nil
}

func importMediaMTX(d *draft, name string, text []byte) error {
	top, err := mapping(text)
	if err != nil {
		return fmt.Errorf("%s: %s", name, printable(err.Error()))
	}
	r := &mtxReader{draft: d, file: name, values: map[string]string{}}
	for i := 0; i+1 < len(top.Content); i += 2 {
		if v := resolve(top.Content[i+1]); v.Kind == yaml.ScalarNode && v.Tag != "!!null" {
			r.values[top.Content[i].Value] = v.Value
		}
	}
	for i := 0; i+1 < len(top.Content); i += 2 {
		r.top(top.Content[i], resolve(top.Content[i+1]))
	}
	return nil
}

// resolve follows an alias, once: an alias of an alias cannot be written.
func resolve(n *yaml.Node) *yaml.Node {
	if n.Kind == yaml.AliasNode && n.Alias != nil {
		return n.Alias
	}
	return n
}

// words returns the scalars of a list, or the one scalar that a node is.
func words(n *yaml.Node) []string {
	if n.Kind == yaml.ScalarNode {
		if n.Tag == "!!null" || n.Value == "" {
			return nil
		}
		return []string{n.Value}
	}
	var all []string
	for _, c := range n.Content {
		if c = resolve(c); c.Kind == yaml.ScalarNode && n.Kind == yaml.SequenceNode {
			all = append(all, c.Value)
		}
	}
	return all
}

// top reads a key of the first level.
func (r *mtxReader) top(name, n *yaml.Node) {
	p := place{r.file, name.Line, printable(name.Value)}
	value := strings.Join(words(n), ",")
	switch key := name.Value; {
	case key == "paths":
		r.paths(n)
	case key == "pathDefaults":
		r.path(n, "pathDefaults: ", true)
	case isPathKey(key): // as older versions had it
		r.pathEntry(p, name.Value, n, true)
	case value == "" && len(n.Content) > 0: // more than words
		r.ignore(p, reason(mtxWords, key, mtxUnknown(key)))
	case value == "":
		r.ignore(p, "it has no value")
	case mtxDoors[key] != "" && r.shut(mtxDoors[key]):
		r.ignore(p, mtxDoors[key]+" is off")
	default:
		r.scalar(p, key, value)
	}
}

// shut says whether a switch is off.
func (r *mtxReader) shut(name string) bool {
	value, set := r.values[name]
	if !set {
		return mtxOff[name]
	}
	return isNo(value)
}

func isNo(text string) bool {
	switch strings.ToLower(text) {
	case "no", "false", "off", "n":
		return true
	}
	return false
}

// scalar reads a key of the first level that has a value.
func (r *mtxReader) scalar(p place, key, value string) {
	switch key {
	case "hlsAddress":
		r.hlsAddress(p, value)
	case "rtmpAddress", "rtmpsAddress", "metricsAddress", "srtAddress", "webrtcLocalUDPAddress":
		r.address(p, mtxKeys[key], value, "")
	case "hlsSegmentDuration", "hlsPartDuration":
		length, err := goLength(value)
		if err != nil {
			r.ignore(p, mtxKeys[key]+": "+err.Error())
			return
		}
		r.span(p, mtxKeys[key], length.Round(time.Millisecond), "")
	case "hlsSegmentCount":
		r.segments(p, value)
	case "metrics":
		if isNo(value) {
			r.take(p, "metrics.addr", "off", "")
		} else {
			r.always(p, "metrics.addr says where")
		}
	case "rtmp", "hls":
		if isNo(value) {
			r.differ(p, "it is always on")
		} else {
			r.always(p, "always so")
		}
	case "rtmpDisable", "hlsDisable": // as older versions had it
		if isNo(value) {
			r.always(p, "always so")
		} else {
			r.differ(p, "it is always on")
		}
	case "hlsEncryption":
		if isNo(value) {
			r.always(p, "https.addr is off by itself")
		} else {
			r.always(p, "https.addr says where")
		}
	case "rtmpEncryption":
		r.encryption(p, value)
	case "logLevel":
		r.take(p, "log.level", value, "")
	case "logStructured":
		if isNo(value) {
			r.take(p, "log.format", "text", "")
		} else {
			r.take(p, "log.format", "json", "")
		}
	default:
		if mtxKeys[key] != "" {
			r.take(p, mtxKeys[key], value, "")
			return
		}
		r.ignore(p, reason(mtxWords, key, mtxUnknown(key)))
	}
}

// hlsAddress is where viewers come: by plain HTTP, or by TLS alone.
func (r *mtxReader) hlsAddress(p place, value string) {
	if r.shut("hlsEncryption") {
		r.address(p, "http.addr", value, "")
		return
	}
	address, err := listenAddress(value, "")
	if err != nil {
		r.ignore(p, "https.addr: "+err.Error())
		return
	}
	r.take(p, "https.addr", address, "plain HTTP stays beside it, at http.addr")
}

// segments reads of how many segments a live playlist has.
func (r *mtxReader) segments(p place, value string) {
	length := time.Second // MediaMTX's own
	if text := r.values["hlsSegmentDuration"]; text != "" {
		var err error
		if length, err = goLength(text); err != nil {
			r.ignore(p, "hls.live_window: the length of a segment is not known")
			return
		}
	}
	var count int64
	if _, err := fmt.Sscanf(value, "%d", &count); err != nil || count < 1 || length < 1 || count > int64(maxLength/length) {
		r.ignore(p, "hls.live_window: this is no number of segments")
		return
	}
	r.span(p, "hls.live_window", (time.Duration(count) * length).Round(time.Millisecond), "")
}

func (r *mtxReader) encryption(p place, value string) {
	switch {
	case isNo(value):
		r.always(p, "rtmps.addr is off by itself")
	case value == "strict":
		r.take(p, "rtmps.addr", r.rtmps(), "RTMP without TLS stays beside it, at rtmp.addr")
	default:
		r.take(p, "rtmps.addr", r.rtmps(), "")
	}
}

// rtmps is the address for RTMPS.
func (r *mtxReader) rtmps() string {
	if address, err := listenAddress(r.values["rtmpsAddress"], ""); err == nil {
		return address
	}
	return ":1936" // MediaMTX's own
}

// channelName is what can be the name of a channel.
var channelName = regexp.MustCompile(`^[a-z0-9_-]{1,64}$`)

// paths reads the streams that are named.
func (r *mtxReader) paths(n *yaml.Node) {
	for i := 0; n.Kind == yaml.MappingNode && i+1 < len(n.Content); i += 2 {
		name, value := n.Content[i], resolve(n.Content[i+1])
		p := place{r.file, name.Line, printable("path " + name.Value)}
		folded := strings.ToLower(name.Value)
		switch {
		case folded == "all", folded == "all_others", strings.HasPrefix(folded, "~"):
			r.differ(p, "a channel is made before it is published to, each by its name: rostrum channel add NAME")
		case channelName.MatchString(folded):
			r.differ(p, "make the channel: rostrum channel add "+folded)
		default:
			r.differ(p, "a channel's name has 1 to 64 of a-z, 0-9, _ and -: choose one, and rostrum channel add NAME")
		}
		r.path(value, printable(name.Value)+": ", false)
	}
}

// path reads the settings of one stream, or those of all.
func (r *mtxReader) path(n *yaml.Node, prefix string, all bool) {
	for i := 0; n.Kind == yaml.MappingNode && i+1 < len(n.Content); i += 2 {
		name := n.Content[i]
		r.pathEntry(place{r.file, name.Line, prefix + printable(name.Value)}, name.Value, resolve(n.Content[i+1]), all)
	}
}

// pathEntry reads one setting of a stream, or of all.
func (r *mtxReader) pathEntry(p place, name string, n *yaml.Node, all bool) {
	value := strings.Join(words(n), ",")
	switch {
	case name == "record" && isNo(value):
		r.ignore(p, "a channel is recorded unless it says otherwise: rostrum channel set NAME --record=off")
	case name == "record":
		r.always(p, "a channel is recorded unless it says otherwise")
	case name == "recordDeleteAfter" && all:
		r.keep(p, value)
	case name == "recordDeleteAfter":
		r.ignore(p, "a channel may have a limit of its own beside recordings.max_age, which its page on the dashboard sets")
	case name == "source" && value == "publisher":
		r.always(p, "always so")
	default:
		r.ignore(p, reason(mtxPathWords, name, mtxUnknown(name)))
	}
}

// keep reads how long recordings are kept.
func (r *mtxReader) keep(p place, value string) {
	length, err := goLength(value)
	days := int((length + day - 1) / day)
	switch {
	case err != nil:
		r.ignore(p, "recordings.max_age: "+err.Error())
	case length == 0:
		r.take(p, "recordings.max_age", "off", "")
	case length%day != 0:
		r.take(p, "recordings.max_age", fmt.Sprintf("%dd", days), "it counts whole days")
	default:
		r.take(p, "recordings.max_age", fmt.Sprintf("%dd", days), "")
	}
}
