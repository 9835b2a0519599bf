package app

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"

	"gopkg.in/yaml.v3"
)

// maxFileBytes bounds a configuration file: a hundred times what every key
// with a comment takes.
const maxFileBytes = 1 << 20

// readFile lays the settings of a YAML file over l.
func readFile(l *layers, path string) {
	text, err := readBounded(path)
	if err != nil {
		l.errs = append(l.errs, fmt.Errorf("read configuration: %w", err))
		return
	}
	readText(l, filepath.Base(path), text)
}

// readText lays the settings of a YAML file's text over l.
func readText(l *layers, name string, text []byte) {
	dec := yaml.NewDecoder(bytes.NewReader(text))
	r := fileReader{name: name, into: l, seen: map[string]int{}}
	for first := true; ; first = false {
		var doc yaml.Node
		switch err := dec.Decode(&doc); {
		case errors.Is(err, io.EOF): // also of a file with comments alone
			return
		case err != nil:
			l.complain(r.name, err.Error())
			return
		case !first:
			r.complain(doc.Content[0], "", "a second document begins here, and one file holds one")
			return
		}
		r.read(doc.Content[0], "")
	}
}

func readBounded(path string) ([]byte, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	text, err := io.ReadAll(io.LimitReader(f, maxFileBytes+1))
	if err != nil {
		return nil, err
	}
	if len(text) > maxFileBytes {
		return nil, fmt.Errorf("%s is larger than 1 MiB, which no configuration is", path)
	}
	return text, nil
}

// fileReader walks the nodes of a file. The schema decides where keys end:
// "hls: {part: 200ms}" and "hls.part: 200ms" are the same.
type fileReader struct {
	name string // the file's, for messages
	into *layers
	seen map[string]int // key → line
}

// read takes a node that stands at path. It goes down only where the schema
// has keys below, so the file cannot make it recurse deeper than that.
func (r *fileReader) read(n *yaml.Node, path string) {
	at := n
	if n.Kind == yaml.AliasNode {
		n = n.Alias
	}
	switch {
	case n.Kind == yaml.MappingNode:
		for i := 0; i+1 < len(n.Content); i += 2 {
			r.entry(n.Content[i], n.Content[i+1], path)
		}
	case n.Kind == yaml.ScalarNode && n.Tag == "!!null" && path == "":
		// A file of "---" alone.
	case path == "":
		r.complain(at, "", "keys with values are wanted here")
	default:
		r.complain(at, path, "holds further keys, such as "+r.below(path))
	}
}

// entry takes one key of a mapping at path, and what stands after it.
func (r *fileReader) entry(name, n *yaml.Node, path string) {
	full := name.Value
	if path != "" {
		full = path + "." + name.Value
	}
	k := r.into.find(full)
	switch {
	case k != nil:
		r.scalar(name, n, k)
	case r.below(full) != "":
		r.read(n, full)
	default:
		r.complain(name, full, "unknown key"+didYouMean(full, names(r.into.keys, func(k *key) string { return k.name })))
	}
}

// scalar takes the value of a key.
func (r *fileReader) scalar(name, n *yaml.Node, k *key) {
	if n.Kind == yaml.AliasNode {
		n = n.Alias
	}
	first, twice := r.seen[k.name]
	switch {
	case n.Kind != yaml.ScalarNode:
		r.complain(name, k.name, "one value is wanted: "+k.field(new(Config)).Form())
	case n.Tag == "!!null":
		r.complain(name, k.name, "has no value: write one, or leave the key out")
	case twice:
		r.complain(name, k.name, fmt.Sprintf("is set twice, first on line %d", first))
	default:
		r.seen[k.name] = name.Line
		r.into.put(k.name, n.Value, r.origin(name))
	}
}

// below returns a key that lies below path, empty when there is none.
func (r *fileReader) below(path string) string {
	for _, k := range r.into.keys {
		if strings.HasPrefix(k.name, path+".") {
			return k.name
		}
	}
	return ""
}

func (r *fileReader) origin(n *yaml.Node) string { return fmt.Sprintf("%s line %d", r.name, n.Line) }

func (r *fileReader) complain(n *yaml.Node, path, what string) {
	if path != "" {
		what = path + ": " + what
	}
	r.into.complain(r.origin(n), what)
}
