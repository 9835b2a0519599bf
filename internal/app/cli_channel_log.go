package app

import (
	"errors"
	"fmt"
	"text/tabwriter"
	"time"

	"github.com/rostrumlive/rostrum/internal/account"
	"github.com/rostrumlive/rostrum/internal/store"
)

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
	db, err := openStore(inv.ctx, cfg, newLogger(inv.stderr, cfg.Log))
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
