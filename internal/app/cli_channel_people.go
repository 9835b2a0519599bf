package app

import (
	"context"
	"fmt"
	"text/tabwriter"

	"github.com/rostrumlive/rostrum/internal/account"
)

type channelRenameCommand struct {
	Name string `arg:"" help:"The channel."`
	Next string `arg:"" help:"Its new name: 1 to 64 letters a-z, digits, _ and -."`
}

// Run renames the channel.
func (c *channelRenameCommand) Run(inv *invocation) error {
	return inv.withAccounts(func(ctx context.Context, accounts *account.Service, _ Config) error {
		channel, err := accounts.Rename(ctx, account.CommandLine(), c.Name, c.Next)
		if err != nil {
			return err
		}
		_, err = fmt.Fprintf(inv.stdout, "channel %s is now %s\n", account.FoldName(c.Name), channel.Name)
		return err
	})
}

type channelPlaceCommand struct {
	Name  string `arg:"" help:"The channel."`
	User  string `arg:"" help:"The user."`
	Place string `arg:"" enum:"owner,editor,moderator,member,none" help:"owner (may delete and rename it, and say who has a place in it), editor (may change it and make keys), moderator (may stop a broadcast), member (may watch what is for members) or none."`
}

// Run gives the user the place, or takes it away.
func (c *channelPlaceCommand) Run(inv *invocation) error {
	return inv.withAccounts(func(ctx context.Context, accounts *account.Service, _ Config) error {
		place := account.Place(c.Place)
		if c.Place == "none" {
			place = account.PlaceNone
		}
		if err := accounts.SetPlace(ctx, account.CommandLine(), c.Name, c.User, place); err != nil {
			return err
		}
		_, err := fmt.Fprintf(inv.stdout, "channel %s: %s is %s\n", account.FoldName(c.Name), account.FoldName(c.User), c.Place)
		return err
	})
}

type channelMembersCommand struct {
	Name string `arg:"" help:"The channel."`
}

// Run prints a line for each member.
func (c *channelMembersCommand) Run(inv *invocation) error {
	return inv.withAccounts(func(ctx context.Context, accounts *account.Service, _ Config) error {
		table := tabwriter.NewWriter(inv.stdout, 0, 0, 3, ' ', 0)
		fmt.Fprintln(table, "USER\tPLACE\tSINCE\tDISPLAY NAME")
		for cursor, more := "", true; more; more = cursor != "" {
			members, next, err := accounts.Members(ctx, account.CommandLine(), c.Name, cursor, listPage)
			if err != nil {
				return err
			}
			for _, m := range members {
				fmt.Fprintf(table, "%s\t%s\t%s\t%s\n", m.UserName, m.Role, moment(m.CreatedAt), m.DisplayName)
			}
			cursor = next
		}
		return table.Flush()
	})
}
