package app

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"text/tabwriter"
	"time"

	"github.com/rostrumlive/rostrum/internal/account"
	"github.com/rostrumlive/rostrum/internal/store"
)

type channelCommand struct {
	configFlags
	Add     channelAddCommand     `cmd:"" help:"Make a channel."`
	List    channelListCommand    `cmd:"" help:"List the channels."`
	Set     channelSetCommand     `cmd:"" help:"Change who may watch a channel, what is kept of it, and how it deals with encoders."`
	Rename  channelRenameCommand  `cmd:"" help:"Give a channel another name; its old one leads to it."`
	Place   channelPlaceCommand   `cmd:"" help:"Say what a user may do in a channel."`
	Members channelMembersCommand `cmd:"" help:"List who has a place in a channel."`
	Log     channelLogCommand     `cmd:"" help:"Tell what happened to a channel's newest broadcasts: losses, takeovers, gaps in recordings."`
	Key     keyCommand            `cmd:"" help:"Make, list, rotate and revoke stream keys."`
}

// openStore opens the database that the configuration names. That in the data
// folder is made when it is missing, with the folder. The caller closes it.
func openStore(ctx context.Context, cfg Config, log *slog.Logger) (*store.DB, error) {
	return store.Open(ctx, databaseOf(cfg), log)
}

// withAccounts calls do with the accounts in the database.
func (inv *invocation) withAccounts(do func(context.Context, *account.Service, Config) error) error {
	cfg, _, err := inv.load(false)
	if err != nil {
		return err
	}
	db, err := openStore(inv.ctx, cfg, newLogger(inv.stderr, cfg.Log))
	if err != nil {
		return err
	}
	return errors.Join(do(inv.ctx, account.New(db), cfg), db.Close())
}

type channelAddCommand struct {
	Name  string `arg:"" help:"1 to 64 letters a-z, digits, _ and -."`
	Owner string `placeholder:"USER" help:"Whose channel it is; nobody's when left out, and admins change it."`
}

// Run makes the channel.
func (c *channelAddCommand) Run(inv *invocation) error {
	return inv.withAccounts(func(ctx context.Context, accounts *account.Service, _ Config) error {
		if c.Owner != "" {
			if _, err := accounts.UserNamed(ctx, c.Owner); err != nil {
				return err // before there is a channel
			}
		}
		channel, err := accounts.AddChannel(ctx, account.CommandLine(), c.Name)
		if err != nil {
			return err
		}
		if c.Owner != "" {
			if err := accounts.SetPlace(ctx, account.CommandLine(), channel.Name, c.Owner, account.PlaceOwner); err != nil {
				return err
			}
		}
		fmt.Fprintf(inv.stdout, "channel %s made\n", channel.Name)
		fmt.Fprintf(inv.stderr, "A stream key for it: rostrum channel key %s\n", channel.Name)
		return nil
	})
}

type channelListCommand struct{}

// listPage is how many channels are read from the database at once.
const listPage = 200

// Run prints a line for each channel.
func (channelListCommand) Run(inv *invocation) error {
	return inv.withAccounts(func(ctx context.Context, accounts *account.Service, _ Config) error {
		table := tabwriter.NewWriter(inv.stdout, 0, 0, 3, ' ', 0)
		fmt.Fprintln(table, "NAME\tTITLE\tMADE\tRECONNECT WINDOW\tTAKEOVER\tVISIBILITY")
		for cursor, more := "", true; more; more = cursor != "" {
			channels, next, err := accounts.Channels(ctx, cursor, listPage)
			if err != nil {
				return err
			}
			for _, c := range channels {
				fmt.Fprintf(table, "%s\t%s\t%s\t%s\t%s\t%s\n",
					c.Name, c.Title, moment(c.CreatedAt), windowOf(c), account.TakeoverOf(c), c.Visibility)
			}
			cursor = next
		}
		return table.Flush()
	})
}

// moment writes a time for a table, "-" for none.
func moment(t time.Time) string {
	if t.IsZero() {
		return "-"
	}
	return t.Local().Format("2006-01-02 15:04")
}

// publishURL is the address that an encoder on this machine is given for a
// server that listens at addr. Encoders take 1935 for granted.
func publishURL(addr string) string {
	host, port, err := net.SplitHostPort(addr)
	if err != nil {
		return "rtmp://" + addr + "/live"
	}
	if ip := net.ParseIP(host); host == "" || ip != nil && ip.IsUnspecified() {
		host = "127.0.0.1"
	}
	if port != "1935" {
		return "rtmp://" + net.JoinHostPort(host, port) + "/live"
	}
	if ip := net.ParseIP(host); ip != nil && ip.To4() == nil {
		host = "[" + host + "]"
	}
	return "rtmp://" + host + "/live"
}
