package importer

import (
	"path"
	"slices"
	"strings"
)

// http reads nginx's web server as far as it is what this server does itself:
// the servers that send playlists, or tell of the RTMP module.
func (r *nginxReader) http(d *directive) {
	var servers []*directive
	for _, c := range d.block {
		if c.name == "server" && c.isBlock {
			servers = append(servers, c)
		} else {
			r.ignore(c.place(), "it is about nginx's web server")
		}
	}
	for _, s := range servers {
		if r.streams(s) {
			r.webServer(s)
		} else {
			r.ignore(s.place(), "this web server has nothing to do with streams")
		}
	}
}

// streams says whether a web server, or a location of it, has to do with
// streams.
func (r *nginxReader) streams(s *directive) bool {
	return slices.ContainsFunc(s.block, func(c *directive) bool {
		switch c.name {
		case "rtmp_stat", "rtmp_control", "rtmp_stat_stylesheet":
			return true
		case "root", "alias":
			return slices.ContainsFunc(r.folders, func(folder string) bool { return within(folder, path.Clean(c.arg(0))) })
		case "location":
			return r.streams(c)
		}
		return false
	})
}

// within says whether one of two folders lies in the other.
func within(a, b string) bool {
	return a == b || strings.HasPrefix(a, strings.TrimSuffix(b, "/")+"/") || strings.HasPrefix(b, strings.TrimSuffix(a, "/")+"/")
}

func (r *nginxReader) webServer(s *directive) {
	for _, d := range s.block {
		p := d.place()
		switch d.name {
		case "listen":
			key, port := "http.addr", "80"
			if slices.Contains(d.args, "ssl") {
				key, port = "https.addr", "443"
			}
			r.address(p, key, d.arg(0), port)
		case "ssl_certificate":
			r.take(p, "https.cert", d.arg(0), "")
		case "ssl_certificate_key":
			r.take(p, "https.key", d.arg(0), "")
		case "server_name":
			r.ignore(p, "any name is answered; http.url is for the one that links in mail should have")
		case "location":
			r.location(d)
		default:
			r.ignore(p, "it is about nginx's web server")
		}
	}
}

// location reads a location of a web server that has to do with streams.
func (r *nginxReader) location(l *directive) {
	p := l.place()
	switch {
	case l.find("rtmp_control") != nil:
		r.control(l)
	case l.find("rtmp_stat") != nil:
		r.ignore(p, "who may see the figures may control, too: control.allow and control.token say who")
	case r.streams(l):
		r.differ(p, "live playlists are at /live/CHANNEL/index.m3u8, manifests at /live/CHANNEL/manifest.mpd")
	default:
		r.ignore(p, "this server sends no other files")
	}
}

// control reads who may control the RTMP module: the addresses that the location
// lets in, when it keeps out all others. It never lets in more than nginx did.
func (r *nginxReader) control(l *directive) {
	var allowed []string
	for _, d := range l.block {
		switch what := d.arg(0); {
		case d.name == "deny" && what == "all" && allowed != nil:
			r.take(l.place(), "control.allow", strings.Join(allowed, ","), "")
			return
		case d.name == "deny" && what != "all":
			r.ignore(l.place(), "control.allow has no exceptions")
			return
		case d.name == "deny", d.name == "allow" && what == "all":
			r.ignore(l.place(), "it is open to all or to nobody, and here it needs addresses (control.allow) or a token (control.token)")
			return
		case d.name == "allow":
			allowed = append(allowed, what)
		}
	}
	r.ignore(l.place(), "it is open to all, and here it needs addresses (control.allow) or a token (control.token)")
}
