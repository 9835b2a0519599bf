package importer

import (
	"fmt"
	"io"
	"strings"

	"gopkg.in/yaml.v3"
)

// names of the servers for people.
var serverNames = map[Server]string{Nginx: "nginx-rtmp", SRS: "SRS", MediaMTX: "MediaMTX"}

// YAML writes the settings as a configuration file, each with where it comes
// from behind it.
func (r *Result) YAML() ([]byte, error) {
	var b strings.Builder
	fmt.Fprintf(&b, "# Made of %s (%s) by \"rostrum config import\".\n", printable(r.Name), serverNames[r.Server])
	fmt.Fprintln(&b, "# What is not here is as docs/configuration.md says.")
	for _, s := range r.Settings {
		value, err := yaml.Marshal(s.Value) // quotes what needs it
		if err != nil {
			return nil, fmt.Errorf("write %s: %w", s.Key, err)
		}
		fmt.Fprintf(&b, "%s: %s # %s line %d\n", s.Key, strings.TrimSpace(string(value)), printable(s.File), s.Line)
	}
	return []byte(b.String()), nil
}

// Report writes one line for each note, and one with their numbers.
func (r *Result) Report(w io.Writer) error {
	count := map[Outcome]int{}
	for _, n := range r.Notes {
		count[n.Outcome]++
		if _, err := fmt.Fprintf(w, "%s:%d: %s: %s: %s\n", printable(n.File), n.Line, n.Outcome, n.Subject, n.Text); err != nil {
			return err
		}
	}
	_, err := fmt.Fprintf(w, "%s: %d taken, %d differ, %d ignored\n", serverNames[r.Server], count[Taken], count[Differs], count[Ignored])
	return err
}
