package app

import (
	"context"
	"errors"
	"fmt"
	"text/tabwriter"
	"time"

	"github.com/rostrumlive/rostrum/internal/account"
	"github.com/rostrumlive/rostrum/internal/store"
)

// asTheServer is the reconnect window of a channel that has none of its own.
const asTheServer = "default"

// windowOf writes a channel's reconnect window.
func windowOf(c account.Channel) string {
	if c.ReconnectWindow == nil {
		return asTheServer
	}
	return short(*c.ReconnectWindow)
}

type channelSetCommand struct {
	Name     string `arg:"" help:"The channel."`
	Window   string `placeholder:"DURATION" help:"How long a broadcast waits for an encoder that was lost: 0s to 30m, or default for what the server is set to."`
	Takeover string `placeholder:"RULE" help:"What a second encoder may do: newest (it takes over), refuse (it is refused), priority (it takes over unless the first one's ?priority=N is higher)."`
}

// Validate checks what was given.
func (c *channelSetCommand) Validate() error {
	switch account.Takeover(c.Takeover) {
	case "", account.TakeoverNewest, account.TakeoverRefuse, account.TakeoverPriority:
	default:
		return fmt.Errorf("--takeover: %w", account.ErrBadTakeover)
	}
	if c.Window == "" && c.Takeover == "" {
		return errors.New("nothing to set: give --window or --takeover")
	}
	_, err := c.reconnectWindow()
	return err
}

// reconnectWindow reads the window that was given.
func (c *channelSetCommand) reconnectWindow() (*time.Duration, error) {
	if c.Window == asTheServer {
		return nil, nil //nolint:nilnil // no window of its own
	}
	var d time.Duration
	if c.Window == "" {
		return &d, nil
	}
	if err := (span{to: &d, max: account.MaxReconnectWindow}).Set(c.Window); err != nil {
		return nil, fmt.Errorf("--window: %w", err)
	}
	return &d, nil
}

// Run changes what was given and leaves the rest. A server that runs goes by
// it from the next loss and the next encoder on.
func (c *channelSetCommand) Run(inv *invocation) error {
	return inv.withAccounts(func(ctx context.Context, accounts *account.Service, _ Config) error {
		var d account.Details
		if c.Takeover != "" {
			rule := account.Takeover(c.Takeover)
			d.Takeover = &rule
		}
		if c.Window != "" {
			window, err := c.reconnectWindow()
			if err != nil {
				return err
			}
			d.ReconnectWindow = &window
		}
		channel, err := accounts.SetDetails(ctx, account.CommandLine(), c.Name, account.AnyRevision, d)
		if err != nil {
			return err
		}
		fmt.Fprintf(inv.stdout, "channel %s: reconnect window %s, takeover %s\n", channel.Name, windowOf(channel), account.TakeoverOf(channel))
		return nil
	})
}

type channelLogCommand struct {
	Name       string `arg:"" help:"The channel."`
	Broadcasts int    `default:"10" help:"How many of its newest broadcasts."`
}

// maxEvents bounds what is told of one broadcast.
const maxEvents = 1000

// Validate checks what was given.
func (c *channelLogCommand) Validate() error {
	if c.Broadcasts < 1 {
		return errors.New("--broadcasts: give a number from 1 on")
	}
	return nil
}

// Run prints a line for each event, oldest first in each broadcast.
func (c *channelLogCommand) Run(inv *invocation) error {
	cfg, _, err := inv.load(false)
	if err != nil {
		return err
	}
	db, err := openStore(inv.ctx, cfg, inv)
	if err != nil {
		return err
	}
	return errors.Join(c.print(inv, db), db.Close())
}

func (c *channelLogCommand) print(inv *invocation, db *store.DB) error {
	channel, err := account.New(db).Channel(inv.ctx, c.Name)
	if err != nil {
		return err
	}
	rows, err := db.BroadcastsByChannel(inv.ctx, channel.ID, "", c.Broadcasts)
	if err != nil {
		return err
	}
	if len(rows) == 0 {
		fmt.Fprintf(inv.stderr, "channel %s was never on air\n", channel.Name)
		return nil
	}
	table := tabwriter.NewWriter(inv.stdout, 0, 0, 3, ' ', 0)
	fmt.Fprintln(table, "BROADCAST\tWHEN\tWHAT")
	for _, row := range rows {
		fmt.Fprintf(table, "%s\t%s\tBegan.\n", row.ID, moment(row.CreatedAt))
		events, err := db.Events(inv.ctx, row.ID, "", maxEvents)
		if err != nil {
			return err
		}
		for _, e := range events {
			fmt.Fprintf(table, "%s\t%s\t%s\n", row.ID, moment(e.At), sentenceOf(e))
		}
		if !row.EndedAt.IsZero() {
			fmt.Fprintf(table, "%s\t%s\t%s\n", row.ID, moment(row.EndedAt), row.EndReason)
		}
	}
	return table.Flush()
}

// sentenceOf tells an event, and how long it lasted where the text does not
// say so.
func sentenceOf(e store.Event) string {
	if e.Duration == 0 || e.Kind == "resumed" {
		return e.Text
	}
	return fmt.Sprintf("%s (%s)", e.Text, short(e.Duration.Round(time.Second)))
}
