package app

import (
	"fmt"
	"io"
	"strings"
	"text/tabwriter"
	"time"

	"gopkg.in/yaml.v3"
)

type configCommand struct {
	Check  configCheckCommand  `cmd:"" help:"Say whether a server would start with this configuration."`
	Print  configPrintCommand  `cmd:"" help:"Print every key in force and where it came from."`
	Import configImportCommand `cmd:"" help:"Write a configuration from one of nginx-rtmp, SRS or MediaMTX, and say line by line what was taken."`
}

type configCheckCommand struct{ configFlags }

// Run says that all is well; whatever is wrong is the error.
func (c *configCheckCommand) Run(inv *invocation) error {
	cfg, _, err := inv.load(false)
	if err != nil {
		return err
	}
	if err := checkCertificate(cfg.HTTPS, inv.stderr); err != nil {
		return err
	}
	_, err = fmt.Fprintln(inv.stdout, "the configuration is good")
	return err
}

// checkCertificate reads the files of the certificate, if there are any. A
// server starts with one that is out of its time, so that is a warning.
func checkCertificate(c HTTPSConfig, warnings io.Writer) error {
	if c.Cert == "" {
		return nil
	}
	read, err := readCertificate(c.Cert, c.Key)
	if err != nil {
		return &configError{[]error{err}}
	}
	if why := untimely(read.Leaf, time.Now()); why != "" {
		fmt.Fprintf(warnings, "rostrum: warning: https.cert: %s: %s (good from %s until %s)\n", c.Cert, why,
			read.Leaf.NotBefore.UTC().Format(time.RFC3339), read.Leaf.NotAfter.UTC().Format(time.RFC3339))
	}
	return nil
}

type configPrintCommand struct {
	configFlags
	Demo bool `help:"As serve --demo would have it."`
}

// Run prints the settings as a file that would set them again, but for
// passwords.
func (c *configPrintCommand) Run(inv *invocation) error {
	_, settings, err := inv.load(c.Demo)
	if err != nil {
		return err
	}
	table := tabwriter.NewWriter(inv.stdout, 0, 0, 3, ' ', 0)
	for _, s := range settings {
		text, err := yaml.Marshal(s.shown()) // quotes what needs it
		if err != nil {
			return fmt.Errorf("print %s: %w", s.key.name, err)
		}
		fmt.Fprintf(table, "%s: %s\t# %s\n", s.key.name, strings.TrimSpace(string(text)), s.origin)
	}
	return table.Flush()
}
