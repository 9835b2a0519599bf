package importer

import (
	"path"
	"strings"
	"time"
)

// nginxReader reads nginx with its RTMP module.
type nginxReader struct {
	*draft
	applications int      // in all
	folders      []string // of playlists and manifests, which nginx serves as files
}

// nginxHooks are the directives that are keys of ours, in the same dialect.
var nginxHooks = map[string]string{
	"on_publish":      "hooks.nginx.on_publish",
	"on_publish_done": "hooks.nginx.on_publish_done",
	"on_play":         "hooks.nginx.on_play",
	"on_play_done":    "hooks.nginx.on_play_done",
	"on_update":       "hooks.nginx.on_update",
	"on_record_done":  "hooks.nginx.on_record_done",
}

func importNginx(d *draft, name string, text []byte, include Include) error {
	all, err := parse(name, text)
	if err != nil {
		return err
	}
	r := &nginxReader{draft: d}
	all = d.expand(all, include, 0)
	for _, one := range all { // first, as http is read by what rtmp says
		if one.name == "rtmp" {
			r.count(one)
			r.rtmp(one.block, "")
		}
	}
	for _, one := range all {
		switch one.name {
		case "rtmp":
		case "http":
			r.http(one)
		default:
			d.ignore(one.place(), reason(nginxMain, one.name, "it is nginx's own"))
		}
	}
	return nil
}

// count counts the applications.
func (r *nginxReader) count(d *directive) {
	for _, c := range d.block {
		if c.name == "application" {
			r.applications++
		}
		r.count(c)
	}
}

// rtmp reads what stands in rtmp, in a server or in an application: most of it
// may stand in each. application is empty outside.
func (r *nginxReader) rtmp(block []*directive, application string) {
	for _, d := range block {
		p := d.place()
		switch {
		case d.isBlock:
			r.rtmpBlock(d)
		case nginxHooks[d.name] != "":
			r.hook(d, application)
		case len(d.args) == 0:
			r.ignore(p, "it has no value")
		default:
			r.rtmpValue(d, p)
		}
	}
}

// rtmpBlock reads a block within rtmp.
func (r *nginxReader) rtmpBlock(d *directive) {
	p := d.place()
	switch d.name {
	case "server":
		r.rtmp(d.block, "")
	case "application":
		r.differ(p, "encoders may write any application in their address, and a channel's name is one for all of them")
		r.rtmp(d.block, d.arg(0))
	case "recorder":
		r.ignore(p, "there is one recording of a broadcast, whole and as it was sent")
	default:
		r.ignore(p, reason(nginxRTMP, d.name, unheardOf))
	}
}

// rtmpValue reads a directive with values.
func (r *nginxReader) rtmpValue(d *directive, p place) {
	value := d.arg(0)
	switch d.name {
	case "listen":
		r.address(p, "rtmp.addr", value, "1935")
	case "hls_fragment", "dash_fragment":
		r.nginxSpan(p, "hls.segment", value)
	case "hls_playlist_length", "dash_playlist_length":
		r.nginxSpan(p, "hls.live_window", value)
	case "notify_update_timeout":
		r.nginxSpan(p, "hooks.update_interval", value)
	case "netcall_timeout":
		r.nginxSpan(p, "hooks.timeout", value)
	case "hls_path", "dash_path":
		r.folders = append(r.folders, path.Clean(value))
		r.ignore(p, "playlists are made in memory, and media is in the data folder")
	case "live", "hls", "dash":
		if value == "on" {
			r.always(p, "always so")
		} else {
			r.differ(p, "it is always on")
		}
	case "record":
		r.record(p, d.args)
	case "allow", "deny":
		r.access(p, d.name, value)
	case "notify_method":
		if strings.EqualFold(value, "post") {
			r.always(p, "always so")
		} else {
			r.differ(p, "hooks are always POST, with the values in the body")
		}
	default:
		r.ignore(p, reason(nginxRTMP, d.name, unheardOf))
	}
}

// address sets a key to the address of a listen line.
func (d *draft) address(p place, key, text, port string) {
	address, err := listenAddress(text, port)
	if err != nil {
		d.ignore(p, key+": "+err.Error())
		return
	}
	d.take(p, key, address, "")
}

func (r *nginxReader) nginxSpan(p place, key, text string) {
	length, err := nginxLength(text)
	if err != nil {
		r.ignore(p, key+": "+err.Error())
		return
	}
	r.span(p, key, length.Round(time.Millisecond), "")
}

// hook reads the address of a back-end.
func (r *nginxReader) hook(d *directive, application string) {
	difference := ""
	if application != "" && r.applications > 1 {
		difference = "it is asked for every application, and told which"
	}
	if len(d.args) == 0 || d.arg(0) == "off" {
		r.ignore(d.place(), "it has no address")
		return
	}
	r.take(d.place(), nginxHooks[d.name], d.arg(0), difference)
}

func (r *nginxReader) record(p place, args []string) {
	switch what := strings.Join(args, " "); what {
	case "off":
		r.ignore(p, "a channel is recorded unless it says otherwise: rostrum channel set NAME --record=off")
	case "all", "audio video", "video audio":
		r.always(p, "a channel is recorded unless it says otherwise")
	default:
		r.differ(p, "a recording is all of a broadcast, from its start to its end")
	}
}

func (r *nginxReader) access(p place, verb, what string) {
	switch {
	case what == "publish" && verb == "deny":
		r.differ(p, "who has a stream key, or is let in by a hook, may publish from any address")
	case what == "publish":
		r.differ(p, "who publishes needs a stream key, or to be let in by a hook, from any address")
	case what == "play" && verb == "deny":
		r.differ(p, "nobody plays by RTMP; who may watch a channel is its own setting: rostrum channel set NAME --visibility=…")
	default:
		r.differ(p, "who may watch a channel is its own setting: rostrum channel set NAME --visibility=…")
	}
}
