package importer

import (
	"strings"
	"time"
)

// srsReader reads SRS.
type srsReader struct {
	*draft
	vhosts int
}

// srsHooks are the directives of http_hooks that are keys of ours, in the same
// dialect.
var srsHooks = map[string]string{
	"on_publish":   "hooks.srs.on_publish",
	"on_unpublish": "hooks.srs.on_unpublish",
	"on_play":      "hooks.srs.on_play",
	"on_stop":      "hooks.srs.on_stop",
	"on_dvr":       "hooks.srs.on_dvr",
	"on_hls":       "hooks.srs.on_hls",
}

// srsLevels are ours for srs_log_level, and for srs_log_level_v2.
var srsLevels = map[string]map[string]string{
	"srs_log_level":    {"verbose": "debug", "info": "debug", "trace": "info", "warn": "warn", "error": "error"},
	"srs_log_level_v2": {"trace": "debug", "debug": "debug", "info": "info", "warn": "warn", "error": "error"},
}

func importSRS(d *draft, name string, text []byte, include Include) error {
	all, err := parse(name, text)
	if err != nil {
		return err
	}
	r := &srsReader{draft: d}
	all = d.expand(all, include, 0)
	for _, one := range all {
		if one.name == "vhost" {
			r.vhosts++
		}
	}
	for _, one := range all {
		if one.isBlock {
			r.topBlock(one)
		} else {
			r.top(one)
		}
	}
	return nil
}

// top reads a directive outside of all blocks.
func (r *srsReader) top(d *directive) {
	p := d.place()
	switch {
	case len(d.args) == 0:
		r.ignore(p, "it has no value")
	case d.name == "listen":
		r.listen(d, "rtmp.addr")
	case srsLevels[d.name] != nil:
		level, ok := srsLevels[d.name][d.arg(0)]
		if !ok {
			r.ignore(p, "log.level has nothing like it")
			return
		}
		r.take(p, "log.level", level, "")
	default:
		r.ignore(p, reason(srsMain, d.name, unheardOf))
	}
}

// listen reads the first of the addresses of a listen line; there may be several.
func (r *srsReader) listen(d *directive, key string) {
	difference := ""
	if len(d.args) > 1 {
		difference = "the server listens at one address, and this is the first"
	}
	address, err := listenAddress(d.arg(0), "")
	if err != nil {
		r.ignore(d.place(), key+": "+err.Error())
		return
	}
	r.take(d.place(), key, address, difference)
}

// topBlock reads a block outside of all others.
func (r *srsReader) topBlock(d *directive) {
	switch d.name {
	case "vhost":
		r.vhost(d)
	case "rtmp": // its listen is on with the block
		r.service(d, map[string]string{"listen": "rtmp.addr"}, true)
	case "rtmps":
		r.service(d, map[string]string{"listen": "rtmps.addr", "cert": "https.cert", "key": "https.key"}, false)
	case "http_server":
		r.service(d, map[string]string{"listen": "http.addr"}, false)
	case "exporter":
		r.service(d, map[string]string{"listen": "metrics.addr"}, false)
	case "srt_server":
		r.service(d, map[string]string{"listen": "srt.addr"}, false)
	case "rtc_server":
		r.service(d, map[string]string{"listen": "webrtc.addr", "candidate": "webrtc.public_ips"}, false)
	default:
		r.ignore(d.place(), reason(srsMain, d.name, unheardOf))
	}
}

// service reads a block that opens a door. keys are ours, by the directive's name.
func (r *srsReader) service(b *directive, keys map[string]string, on bool) {
	if !enabled(b, on) {
		r.ignore(b.place(), "it is not enabled")
		return
	}
	for _, d := range b.block {
		p := d.place()
		key := keys[d.name]
		switch {
		case d.name == "enabled":
		case b.name == "http_server" && d.name == "https":
			r.service(d, map[string]string{"listen": "https.addr", "cert": "https.cert", "key": "https.key"}, false)
		case key != "" && d.name == "listen":
			r.listen(d, key)
		case key != "" && strings.HasPrefix(d.arg(0), "$"), key == "webrtc.public_ips" && d.arg(0) == "*":
			r.ignore(p, key+": what the environment or the machine says is not known here")
		case key != "":
			r.take(p, key, d.arg(0), "")
		default:
			r.ignore(p, reason(srsMain, d.name, unheardOf))
		}
	}
}

// enabled says whether a block is on. otherwise is what it is when it does not say.
func enabled(b *directive, otherwise bool) bool {
	d := b.find("enabled")
	if d == nil {
		return otherwise
	}
	return d.arg(0) == "on"
}

// vhost reads a virtual host. There is one site here.
func (r *srsReader) vhost(v *directive) {
	if !enabled(v, true) {
		r.ignore(v.place(), "it is not enabled")
		return
	}
	r.differ(v.place(), "there are no virtual hosts: a channel's name is one for the whole server")
	for _, b := range v.block {
		switch b.name {
		case "enabled":
		case "hls", "dash":
			r.vhostMedia(b)
		case "http_hooks":
			r.hooks(b)
		case "dvr":
			r.dvr(b)
		case "security":
			r.security(b)
		default:
			r.ignore(b.place(), reason(srsVhost, b.name, unheardOf))
		}
	}
}

// vhostMedia reads how HLS or DASH is cut.
func (r *srsReader) vhostMedia(b *directive) {
	if !enabled(b, false) {
		r.differ(b.place(), "it is always on")
		return
	}
	r.always(b.place(), "always so")
	for _, d := range b.block {
		switch d.name {
		case "enabled":
		case "hls_fragment", "dash_fragment":
			r.seconds(d, "hls.segment")
		case "hls_window", "dash_timeshift":
			r.seconds(d, "hls.live_window")
		default:
			r.ignore(d.place(), reason(srsVhost, d.name, unheardOf))
		}
	}
}

func (r *srsReader) seconds(d *directive, key string) {
	length, err := seconds(d.arg(0))
	if err != nil {
		r.ignore(d.place(), key+": "+err.Error())
		return
	}
	r.span(d.place(), key, length.Round(time.Millisecond), "")
}

func (r *srsReader) hooks(b *directive) {
	if !enabled(b, false) {
		r.ignore(b.place(), "it is not enabled")
		return
	}
	for _, d := range b.block {
		p := d.place()
		switch {
		case d.name == "enabled":
		case srsHooks[d.name] == "":
			r.ignore(p, reason(srsVhost, d.name, unheardOf))
		case len(d.args) == 0:
			r.ignore(p, "it has no address")
		case len(d.args) > 1:
			r.take(p, srsHooks[d.name], d.arg(0), "one address is asked, and this is the first")
		case r.vhosts > 1:
			r.take(p, srsHooks[d.name], d.arg(0), "it is asked for the streams of every vhost")
		default:
			r.take(p, srsHooks[d.name], d.arg(0), "")
		}
	}
}

func (r *srsReader) dvr(b *directive) {
	if !enabled(b, false) {
		r.ignore(b.place(), "a channel is recorded unless it says otherwise: rostrum channel set NAME --record=off")
		return
	}
	r.always(b.place(), "a channel is recorded unless it says otherwise")
	for _, d := range b.block {
		if d.name != "enabled" {
			r.ignore(d.place(), reason(srsVhost, d.name, unheardOf))
		}
	}
}

func (r *srsReader) security(b *directive) {
	if !enabled(b, false) {
		r.ignore(b.place(), "it is not enabled")
		return
	}
	for _, d := range b.block {
		switch {
		case d.name == "enabled":
		case d.arg(0) == "publish":
			r.differ(d.place(), "who publishes needs a stream key, or to be let in by a hook, from any address")
		default:
			r.differ(d.place(), "who may watch a channel is its own setting: rostrum channel set NAME --visibility=…")
		}
	}
}
