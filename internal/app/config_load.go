package app

import (
	"errors"
	"fmt"
)

// sources is all that a configuration is made from; the later wins:
// defaults, the demo's addresses, the file, the environment, flags.
type sources struct {
	demo    bool              // listen on this machine alone unless told otherwise
	file    string            // path, empty for none
	environ []string          // as os.Environ
	flags   map[string]string // key's name → text
}

// setting is the text of a key and where it was found.
type setting struct {
	key    key
	text   string
	origin string // such as "default", "rostrum.yml line 3" or "flag --hls-part"
}

// configError is everything that is wrong with a configuration. Each line
// names the place, the key and what to write instead.
type configError struct{ errs []error }

func (e *configError) Error() string   { return errors.Join(e.errs...).Error() }
func (e *configError) Unwrap() []error { return e.errs }

// loadConfig lays the sources over each other and checks the outcome. The
// settings come in the schema's order. All that is wrong is told together, as
// a *configError.
func loadConfig(src sources) (Config, []setting, error) {
	l := newLayers(schema())
	for _, k := range l.keys {
		l.put(k.name, k.fallback, "default")
	}
	if src.demo {
		l.put("http.addr", "127.0.0.1:8080", "--demo")
		l.put("rtmp.addr", "127.0.0.1:1935", "--demo")
	}
	if src.file != "" {
		readFile(l, src.file)
	}
	readEnviron(l, src.environ)
	for _, k := range l.keys {
		if text, ok := src.flags[k.name]; ok {
			l.put(k.name, text, "flag --"+k.flag())
		}
	}
	if len(l.errs) == 0 {
		l.checkTogether()
	}
	if len(l.errs) > 0 {
		return Config{}, nil, &configError{l.errs}
	}
	return l.cfg, l.list(), nil
}

// layers takes settings one over the other, and keeps what is in force and
// all that was wrong.
type layers struct {
	keys []key
	in   map[string]setting // by the key's name
	cfg  Config
	errs []error
}

func newLayers(keys []key) *layers {
	return &layers{keys: keys, in: make(map[string]setting, len(keys))}
}

// find returns the key of that name, nil when there is none.
func (l *layers) find(name string) *key {
	for i := range l.keys {
		if l.keys[i].name == name {
			return &l.keys[i]
		}
	}
	return nil
}

// put lays a setting over what was there. The name is one of the schema's. A
// bad value is an error also when a later layer hides it.
func (l *layers) put(name, text, origin string) {
	k := l.find(name)
	if err := k.field(&l.cfg).Set(text); err != nil {
		l.complain(origin, name+": "+err.Error())
		return
	}
	l.in[name] = setting{key: *k, text: text, origin: origin}
}

func (l *layers) complain(origin, what string) {
	l.errs = append(l.errs, errors.New(origin+": "+what))
}

// list returns the settings in force in the schema's order.
func (l *layers) list() []setting {
	all := make([]setting, len(l.keys))
	for i, k := range l.keys {
		all[i] = l.in[k.name]
	}
	return all
}

// checkTogether checks what no key can check alone.
func (l *layers) checkTogether() {
	hls := l.cfg.HLS
	if most := hls.Segment / 2; hls.Part > most {
		l.clash("hls.part", "hls.segment", "it may be at most half of that, "+short(most))
	}
	// RFC 8216bis 6.2.2: a playlist never offers less than three target
	// durations, and the target duration is twice hls.segment.
	if least := 6 * hls.Segment; hls.LiveWindow < least {
		l.clash("hls.live_window", "hls.segment", "it must be at least six times that, "+short(least))
	}
	if hls.Window > 0 && hls.Window < hls.LiveWindow {
		l.clash("hls.window", "hls.live_window", "one cannot rewind less far than the live playlists reach")
	}
	l.checkCertificate()
	l.checkPeople()
}

// checkPeople checks what mail and the sign-in by another site need.
func (l *layers) checkPeople() {
	smtp, oidc := l.cfg.SMTP, l.cfg.OIDC
	switch {
	case smtp.URL != "" && l.cfg.HTTP.URL == "":
		l.clash("smtp.url", "http.url", "give the site's public address, as a link in a mail is not made of what some request called the host")
	case smtp.URL != "" && smtp.From == "":
		l.clash("smtp.url", "smtp.from", "give the address that mail comes from")
	case smtp.From != "" && smtp.URL == "":
		l.clash("smtp.from", "smtp.url", "give the server that takes the mail")
	}
	switch {
	case oidc.Issuer != "" && l.cfg.HTTP.URL == "":
		l.clash("oidc.issuer", "http.url", "give the site's public address, to which the provider sends people back")
	case oidc.Issuer != "" && oidc.ClientID == "":
		l.clash("oidc.issuer", "oidc.client_id", "give what the provider calls this site")
	case oidc.Issuer != "" && oidc.Name == "":
		l.clash("oidc.issuer", "oidc.name", "give what the button is to say")
	case oidc.Issuer == "" && oidc.ClientID != "":
		l.clash("oidc.client_id", "oidc.issuer", "give the provider")
	case oidc.Issuer == "" && oidc.ClientSecret != "":
		l.clash("oidc.client_secret", "oidc.issuer", "give the provider")
	case oidc.Issuer == "" && oidc.SignUp:
		l.clash("oidc.sign_up", "oidc.issuer", "give the provider")
	}
}

// checkCertificate checks that who needs a certificate has one.
func (l *layers) checkCertificate() {
	cert, key, name := l.cfg.HTTPS.Cert, l.cfg.HTTPS.Key, l.cfg.HTTPS.Domain
	switch {
	case cert != "" && key == "":
		l.clash("https.cert", "https.key", "a certificate needs the file with its key")
	case key != "" && cert == "":
		l.clash("https.key", "https.cert", "a key needs the file with its certificate")
	case name != "" && cert != "":
		l.clash("https.domain", "https.cert", "there is one certificate, give its file or the name that it is got for")
	case name == "" && l.cfg.HTTPS.ACMEEmail != "":
		l.clash("https.acme_email", "https.domain", "give the name that a certificate is got for")
	case name == "" && l.cfg.HTTPS.ACMECA != "":
		l.clash("https.acme_ca", "https.domain", "give the name that a certificate is got for")
	case name != "" && l.cfg.HTTPS.Addr == "" && l.cfg.RTMPS.Addr == "":
		l.clash("https.domain", "https.addr", "nobody would use the certificate, give the address for HTTPS")
	case l.cfg.HTTPS.Addr != "" && cert == "" && name == "":
		l.clash("https.addr", "https.cert", "it needs a certificate, give its file and that of its key, or https.domain")
	case l.cfg.RTMPS.Addr != "" && cert == "" && name == "":
		l.clash("rtmps.addr", "https.cert", "it needs a certificate, give its file and that of its key, or https.domain")
	case l.cfg.HTTPS.Redirect && l.cfg.HTTPS.Addr == "":
		l.clash("https.redirect", "https.addr", "there is nowhere to send anybody, give the address for HTTPS")
	}
}

// clash tells of a key whose value does not go with another's.
func (l *layers) clash(name, other, rule string) {
	a, b := l.in[name], l.in[other]
	l.errs = append(l.errs, &clashError{
		name: name, other: other,
		text: fmt.Sprintf("%s: %s: %s does not go with %s %s (%s): %s", a.origin, name, a.shown(), other, b.shown(), b.origin, rule),
	})
}

// clashError tells of two keys that do not go together.
type clashError struct{ name, other, text string }

func (e *clashError) Error() string { return e.text }
