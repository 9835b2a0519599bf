package app

import (
	"regexp"
	"strings"
)

// readEnviron lays the ROSTRUM_ variables over l. An empty variable counts
// as not set, as container files that pass one on cannot leave it out.
func readEnviron(l *layers, environ []string) {
	byVariable := make(map[string]*key, len(l.keys))
	for i := range l.keys {
		byVariable[l.keys[i].variable()] = &l.keys[i]
	}
	for _, line := range environ {
		name, text, _ := strings.Cut(line, "=")
		if !strings.HasPrefix(name, variablePrefix) {
			continue
		}
		k := byVariable[name]
		switch {
		case k != nil && text != "":
			l.put(k.name, text, "variable "+name)
		case k == nil && !isServiceLink(name, text):
			l.complain("variable "+name, "unknown"+didYouMean(name, names(l.keys, (*key).variable)))
		}
	}
}

// serviceLink matches what Kubernetes and Docker links put into each
// container's environment for a service that is called rostrum:
// ROSTRUM_SERVICE_HOST, ROSTRUM_SERVICE_PORT_HTTP, ROSTRUM_PORT,
// ROSTRUM_PORT_8080_TCP_ADDR.
var serviceLink = regexp.MustCompile(
	`^ROSTRUM_([A-Z0-9]+_)*(SERVICE_HOST|SERVICE_PORT(_[A-Z0-9_]+)?|PORT_[0-9]+_(TCP|UDP)(_(PROTO|PORT|ADDR))?)$`)

func isServiceLink(name, text string) bool {
	if strings.HasSuffix(name, "_PORT") && (strings.HasPrefix(text, "tcp://") || strings.HasPrefix(text, "udp://")) {
		return true
	}
	return serviceLink.MatchString(name)
}
