package app

import (
	"cmp"
	"context"
	"fmt"
	"text/tabwriter"

	"github.com/rostrumlive/rostrum/internal/account"
)

type userCommand struct {
	configFlags
	Add       userAddCommand      `cmd:"" help:"Make an account. The password is asked for, or read from standard input when that is no terminal."`
	List      userListCommand     `cmd:"" help:"List the users."`
	Passwd    userPasswdCommand   `cmd:"" help:"Give a user another password, and end the user's sessions. It is asked for as in add."`
	Role      userRoleCommand     `cmd:"" help:"Say what a user may do on the whole site."`
	Verify    userVerifyCommand   `cmd:"" help:"Vouch that a user is who the display name says: chats show a mark beside it, until the user takes another name."`
	Unverify  userUnverifyCommand `cmd:"" help:"Vouch for a user no longer."`
	Disable   userDisableCommand  `cmd:"" help:"Keep a user from signing in, and end the user's sessions."`
	Enable    userEnableCommand   `cmd:"" help:"Let a user in again who was disabled."`
	ResetLink userResetCommand    `cmd:"" help:"Print a link with which a user sets a new password, once and within two hours."`
}

type userAddCommand struct {
	Name  string `arg:"" help:"3 to 64 letters a-z, digits, _ and -: for signing in, and part of addresses."`
	Role  string `placeholder:"ROLE" default:"user" help:"admin (everything), moderator (what a channel's moderator may, in each channel) or user (${default})."`
	Email string `placeholder:"ADDRESS" help:"For signing in by it, and for mail."`
}

// Run makes the account.
func (c *userAddCommand) Run(inv *invocation) error {
	return inv.withAccounts(func(ctx context.Context, accounts *account.Service, _ Config) error {
		password, err := inv.askPassword()
		if err != nil {
			return err
		}
		u, err := accounts.AddUser(ctx, account.CommandLine(), account.NewUser{
			Name: c.Name, Email: c.Email, Password: password, Role: account.Role(c.Role),
		})
		if err != nil {
			return err
		}
		_, err = fmt.Fprintf(inv.stdout, "user %s made, role %s\n", u.Name, u.Role)
		return err
	})
}

type userListCommand struct{}

// Run prints a line for each user.
func (userListCommand) Run(inv *invocation) error {
	return inv.withAccounts(func(ctx context.Context, accounts *account.Service, _ Config) error {
		table := tabwriter.NewWriter(inv.stdout, 0, 0, 3, ' ', 0)
		fmt.Fprintln(table, "NAME\tROLE\tE-MAIL\tMADE\tDISABLED\tVERIFIED\tDISPLAY NAME")
		for cursor, more := "", true; more; more = cursor != "" {
			users, next, err := accounts.Users(ctx, account.CommandLine(), cursor, listPage)
			if err != nil {
				return err
			}
			for _, u := range users {
				fmt.Fprintf(table, "%s\t%s\t%s\t%s\t%s\t%s\t%s\n",
					u.Name, u.Role, cmp.Or(u.Email, "-"), moment(u.CreatedAt), moment(u.DisabledAt), moment(u.VerifiedAt), u.DisplayName)
			}
			cursor = next
		}
		return table.Flush()
	})
}

type userPasswdCommand struct {
	Name string `arg:"" help:"The user."`
}

// Run changes the password.
func (c *userPasswdCommand) Run(inv *invocation) error {
	return inv.withAccounts(func(ctx context.Context, accounts *account.Service, _ Config) error {
		if _, err := accounts.UserNamed(ctx, c.Name); err != nil {
			return err // before anything is asked
		}
		password, err := inv.askPassword()
		if err != nil {
			return err
		}
		if err := accounts.ForcePassword(ctx, account.CommandLine(), c.Name, password); err != nil {
			return err
		}
		_, err = fmt.Fprintf(inv.stdout, "user %s has another password, and is signed out everywhere\n", account.FoldName(c.Name))
		return err
	})
}

type userRoleCommand struct {
	Name string `arg:"" help:"The user."`
	Role string `arg:"" help:"admin, moderator or user."`
}

// Run changes the role.
func (c *userRoleCommand) Run(inv *invocation) error {
	return inv.withAccounts(func(ctx context.Context, accounts *account.Service, _ Config) error {
		if err := accounts.SetRole(ctx, account.CommandLine(), c.Name, account.Role(c.Role)); err != nil {
			return err
		}
		_, err := fmt.Fprintf(inv.stdout, "user %s has the role %s\n", account.FoldName(c.Name), c.Role)
		return err
	})
}

type userDisableCommand struct {
	Name string `arg:"" help:"The user."`
}

// Run keeps the user out.
func (c *userDisableCommand) Run(inv *invocation) error { return inv.setDisabled(c.Name, true) }

type userEnableCommand struct {
	Name string `arg:"" help:"The user."`
}

// Run lets the user in.
func (c *userEnableCommand) Run(inv *invocation) error { return inv.setDisabled(c.Name, false) }

func (inv *invocation) setDisabled(name string, disabled bool) error {
	return inv.withAccounts(func(ctx context.Context, accounts *account.Service, _ Config) error {
		if err := accounts.SetDisabled(ctx, account.CommandLine(), name, disabled); err != nil {
			return err
		}
		done := "enabled"
		if disabled {
			done = "disabled, and signed out everywhere"
		}
		_, err := fmt.Fprintf(inv.stdout, "user %s is %s\n", account.FoldName(name), done)
		return err
	})
}

type userVerifyCommand struct {
	Name string `arg:"" help:"The user."`
}

// Run vouches for the user.
func (c *userVerifyCommand) Run(inv *invocation) error { return inv.setVerified(c.Name, true) }

type userUnverifyCommand struct {
	Name string `arg:"" help:"The user."`
}

// Run vouches for the user no longer.
func (c *userUnverifyCommand) Run(inv *invocation) error { return inv.setVerified(c.Name, false) }

func (inv *invocation) setVerified(name string, verified bool) error {
	return inv.withAccounts(func(ctx context.Context, accounts *account.Service, _ Config) error {
		if err := accounts.SetVerified(ctx, account.CommandLine(), name, verified); err != nil {
			return err
		}
		done := "verified"
		if !verified {
			done = "verified no longer"
		}
		_, err := fmt.Fprintf(inv.stdout, "user %s is %s\n", account.FoldName(name), done)
		return err
	})
}

type userResetCommand struct {
	Name string `arg:"" help:"The user."`
}

// Run prints the link alone on standard output, where scripts read it.
func (c *userResetCommand) Run(inv *invocation) error {
	return inv.withAccounts(func(ctx context.Context, accounts *account.Service, cfg Config) error {
		text, err := accounts.ResetLink(ctx, account.CommandLine(), c.Name)
		if err != nil {
			return err
		}
		site := cmp.Or(cfg.HTTP.URL, "http://"+reachable(cfg.HTTP.Addr))
		if _, err := fmt.Fprintln(inv.stdout, account.ResetAddress(site, text)); err != nil {
			return fmt.Errorf("the link was made but could not be shown, make another: %w", err)
		}
		fmt.Fprintf(inv.stderr, "\nHand it to %s. It sets a new password once, within two hours.\n", account.FoldName(c.Name))
		if cfg.HTTP.URL == "" {
			fmt.Fprintln(inv.stderr, "The site's address is not known here (http.url): write it in place of the beginning.")
		}
		return nil
	})
}
