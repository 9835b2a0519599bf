package app

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"time"

	"github.com/rostrumlive/rostrum/internal/importer"
)

type configImportCommand struct {
	File   string `arg:"" placeholder:"FILE" help:"The configuration: nginx.conf, srs.conf or mediamtx.yml. Files that it includes are looked for beside it."`
	From   string `placeholder:"SERVER" enum:",nginx,srs,mediamtx" default:"" help:"Whose it is: nginx, srs or mediamtx. Found out when left away."`
	Output string `short:"o" placeholder:"FILE" help:"Where ours is written, readable by its owner alone; standard output when left away."`
	Force  bool   `help:"Write over a file that is there."`
}

// Run writes our configuration, and tells on standard error of each line of the
// other one.
func (c *configImportCommand) Run(inv *invocation) error {
	text, err := readBounded(c.File)
	if err != nil {
		return &configError{[]error{fmt.Errorf("read configuration: %w", err)}}
	}
	result, err := importer.Import(filepath.Base(c.File), text, importer.Options{
		From: importer.Server(c.From), Schema: importSchema{schema()}, Include: importer.Beside(c.File),
	})
	if errors.Is(err, importer.ErrUnknown) {
		err = fmt.Errorf("%s: %w; say whose it is by --from", c.File, err)
	}
	if err != nil {
		return &configError{[]error{err}}
	}
	yml, err := result.YAML()
	if err != nil {
		return err
	}
	if err := c.write(inv, yml); err != nil {
		return err
	}
	return result.Report(inv.stderr)
}

// write puts the configuration where it is wanted.
func (c *configImportCommand) write(inv *invocation, yml []byte) error {
	if c.Output == "" {
		_, err := inv.stdout.Write(yml)
		return err
	}
	flag := os.O_WRONLY | os.O_CREATE | os.O_EXCL
	if c.Force {
		flag = os.O_WRONLY | os.O_CREATE | os.O_TRUNC
	}
	f, err := os.OpenFile(c.Output, flag, 0o600) // addresses of hooks may hold secrets
	if errors.Is(err, fs.ErrExist) {
		return &configError{[]error{fmt.Errorf("%s is there already: --force writes over it", c.Output)}}
	}
	if err != nil {
		return err
	}
	_, err = f.Write(yml)
	return errors.Join(err, f.Close())
}

// importSchema is the schema as an importer asks for it.
type importSchema struct{ keys []key }

// Default implements importer.Schema.
func (s importSchema) Default(name string) (string, bool) {
	if k := newLayers(s.keys).find(name); k != nil {
		return k.fallback, true
	}
	return "", false
}

// Check implements importer.Schema.
func (s importSchema) Check(name, value string) error {
	return newLayers(s.keys).find(name).field(new(Config)).Set(value)
}

// Bounds implements importer.Schema.
func (s importSchema) Bounds(name string) (least, most time.Duration) {
	if k := newLayers(s.keys).find(name); k != nil {
		if v, ok := k.field(new(Config)).(span); ok {
			return v.min, v.max
		}
	}
	return 0, 0
}

// Clash implements importer.Schema.
func (s importSchema) Clash(values map[string]string) (string, error) {
	l := newLayers(s.keys)
	for _, k := range s.keys {
		l.put(k.name, k.fallback, "default")
		if value, given := values[k.name]; given {
			l.put(k.name, value, "import")
		}
	}
	if len(l.errs) == 0 {
		l.checkTogether()
	}
	if len(l.errs) == 0 {
		return "", nil
	}
	var clash *clashError
	if !errors.As(l.errs[0], &clash) {
		return "", l.errs[0]
	}
	why := fmt.Errorf("%s does not go with %s as it is", clash.name, clash.other)
	if _, given := values[clash.name]; given {
		return clash.name, why
	}
	return clash.other, why
}
