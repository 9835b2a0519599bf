package app

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"text/tabwriter"
	"time"

	"github.com/rostrumlive/rostrum/internal/account"
)

type keyCommand struct {
	Make   keyMakeCommand   `cmd:"" default:"withargs" help:"Make a stream key; it is printed this once. What \"channel key NAME\" does."`
	List   keyListCommand   `cmd:"" help:"List a channel's stream keys, without their text."`
	Rotate keyRotateCommand `cmd:"" help:"Make a new key in place of one, or of all."`
	Revoke keyRevokeCommand `cmd:"" help:"End a key for ever."`
}

type keyMakeCommand struct {
	Name  string        `arg:"" help:"The channel."`
	Label string        `placeholder:"TEXT" help:"What you want to know the key by, such as \"OBS at home\"."`
	For   time.Duration `placeholder:"DURATION" help:"How long the key lets encoders in, such as 12h; for ever when left out."`
}

// Validate checks what was given.
func (c *keyMakeCommand) Validate() error {
	if c.For < 0 {
		return errors.New("--for: a key cannot have expired when it is made")
	}
	return nil
}

// Run makes a key.
func (c *keyMakeCommand) Run(inv *invocation) error {
	var expires time.Time
	if c.For > 0 {
		expires = time.Now().Add(c.For)
	}
	return inv.withAccounts(func(ctx context.Context, accounts *account.Service, cfg Config) error {
		plain, _, err := accounts.MakeKey(ctx, account.CommandLine(), c.Name, c.Label, expires)
		if err != nil {
			return err
		}
		return inv.showKey(c.Name, plain, cfg)
	})
}

// showKey prints a new key alone on standard output, where scripts read it,
// and what to do with it on standard error.
func (inv *invocation) showKey(channel, plain string, cfg Config) error {
	if _, err := fmt.Fprintln(inv.stdout, plain); err != nil {
		return fmt.Errorf("the key was made but could not be shown, revoke it: %w", err)
	}
	fmt.Fprintf(inv.stderr, "\nThis is the stream key of %s. It is kept only as a hash and cannot be shown again.\n"+
		"In OBS: Settings, Stream, Custom; server %s and this key.\n"+
		"From another machine the server is this one's name or address in place of 127.0.0.1.\n",
		account.FoldName(channel), publishURL(cfg.RTMP.Addr))
	return nil
}

type keyListCommand struct {
	Name string `arg:"" help:"The channel."`
}

// Run prints a line for each key.
func (c *keyListCommand) Run(inv *invocation) error {
	return inv.withAccounts(func(ctx context.Context, accounts *account.Service, _ Config) error {
		keys, err := accounts.Keys(ctx, account.CommandLine(), c.Name)
		if err != nil {
			return err
		}
		table := tabwriter.NewWriter(inv.stdout, 0, 0, 3, ' ', 0)
		fmt.Fprintln(table, "ID\tENDS IN\tMADE\tLAST USED\tFROM\tBY\tEXPIRES\tREVOKED\tLABEL")
		for _, k := range keys {
			fmt.Fprintf(table, "%s\t%s\t%s\t%s\t%s\t%s\t%s\t%s\t%s\n",
				k.ID, k.Hint, moment(k.CreatedAt), moment(k.LastUsedAt), cmp.Or(k.LastUsedFrom, "-"), cmp.Or(k.LastUsedBy, "-"),
				moment(k.ExpiresAt), moment(k.RevokedAt), cmp.Or(k.Label, "-"))
		}
		return table.Flush()
	})
}

type keyRotateCommand struct {
	Name string `arg:"" help:"The channel."`
	ID   string `arg:"" optional:"" help:"The key's id as \"channel key list\" shows it; all keys when left out."`
}

// Run makes a key and revokes what it replaces.
func (c *keyRotateCommand) Run(inv *invocation) error {
	return inv.withAccounts(func(ctx context.Context, accounts *account.Service, cfg Config) error {
		plain, _, err := accounts.RotateKey(ctx, account.CommandLine(), c.Name, c.ID)
		if err != nil {
			return err
		}
		return inv.showKey(c.Name, plain, cfg)
	})
}

type keyRevokeCommand struct {
	Name string `arg:"" help:"The channel."`
	ID   string `arg:"" help:"The key's id as \"channel key list\" shows it."`
}

// Run ends the key.
func (c *keyRevokeCommand) Run(inv *invocation) error {
	return inv.withAccounts(func(ctx context.Context, accounts *account.Service, _ Config) error {
		if err := accounts.RevokeKey(ctx, account.CommandLine(), c.Name, c.ID); err != nil {
			return err
		}
		fmt.Fprintf(inv.stdout, "key %s revoked\n", c.ID)
		return nil
	})
}
