package app

import (
	"context"
	"errors"
	"fmt"
	"os"
	"strings"
	"time"

	"github.com/rostrumlive/rostrum/internal/account"
)

// asTheServer is the reconnect window, or a limit, of a channel that has none of
// its own.
const asTheServer = "default"

// windowOf writes a channel's reconnect window.
func windowOf(c account.Channel) string {
	if c.ReconnectWindow == nil {
		return asTheServer
	}
	return short(*c.ReconnectWindow)
}

type channelSetCommand struct {
	Name         string `arg:"" help:"The channel."`
	Title        string `placeholder:"TEXT" help:"What people call it."`
	Visibility   string `placeholder:"WHO" help:"Who may watch: public, unlisted (who has the address), password (who knows the channel's password) or members (who has a place in it)."`
	PasswordFile string `placeholder:"FILE" type:"existingfile" help:"A file with the password that viewers are asked for; the end of its line is no part of it. An empty one takes the password away."`
	Embedding    string `placeholder:"WHO" help:"Whose pages may show it: allowed (everybody's) or refused (nobody's)."`
	Record       string `placeholder:"on|off" help:"Whether broadcasts are recorded."`
	MaxAge       string `placeholder:"DAYS" help:"How long its recordings are kept, such as 30d, or default for what the server is set to."`
	MaxBytes     string `placeholder:"SIZE" help:"How much its recordings may take together before the oldest are removed, such as 50GB, or default for no limit but the server's."`
	Clips        string `placeholder:"WHO" help:"Which viewers may make clips: signed_in (who has an account) or nobody. Its moderators always may."`
	Window       string `placeholder:"DURATION" help:"How long a broadcast waits for an encoder that was lost: 0s to 30m, or default for what the server is set to."`
	Takeover     string `placeholder:"RULE" help:"What a second encoder may do: newest (it takes over), refuse (it is refused), priority (it takes over unless the first one's ?priority=N is higher)."`
}

// Validate checks what was given, as far as it can without the channel.
func (c *channelSetCommand) Validate() error {
	switch account.Takeover(c.Takeover) {
	case "", account.TakeoverNewest, account.TakeoverRefuse, account.TakeoverPriority:
	default:
		return fmt.Errorf("--takeover: %w", account.ErrBadTakeover)
	}
	if *c == (channelSetCommand{Name: c.Name}) {
		return errors.New("nothing to set: give --title, --visibility, --password-file, --embedding, --record, --max-age, --max-bytes, --clips, --window or --takeover")
	}
	_, err := c.details()
	return err
}

// details are what was given, but for the password.
func (c *channelSetCommand) details() (d account.Details, err error) {
	if c.Title != "" {
		d.Title = &c.Title
	}
	if c.Visibility != "" {
		d.Visibility = new(account.Visibility(c.Visibility))
	}
	if c.Embedding != "" {
		d.Embedding = new(account.Embedding(c.Embedding))
	}
	if c.Takeover != "" {
		d.Takeover = new(account.Takeover(c.Takeover))
	}
	if c.Record != "" {
		d.Recorded = new(bool)
		if err := (toggle{to: d.Recorded}).Set(c.Record); err != nil {
			return d, fmt.Errorf("--record: %w", err)
		}
	}
	if c.Clips != "" {
		d.Clips = new(account.Clips(c.Clips))
	}
	var window, longest time.Duration
	var most int64
	if d.ReconnectWindow, err = own("--window", c.Window, &window, span{to: &window, max: account.MaxReconnectWindow}.Set); err != nil {
		return d, err
	}
	if d.Retention, err = own("--max-age", c.MaxAge, &longest, age{&longest}.Set); err != nil {
		return d, err
	}
	d.RetentionBytes, err = own("--max-bytes", c.MaxBytes, &most, size{&most}.Set)
	return d, err
}

// own is what a channel is to have in place of the server's: set reads text into
// value. It is nil where nothing is to change, and of nil where it is to have none.
func own[T any](flag, text string, value *T, set func(string) error) (**T, error) {
	switch text {
	case "":
		return nil, nil
	case asTheServer:
		return new(*T), nil
	}
	if err := set(text); err != nil {
		return nil, fmt.Errorf("%s: %w", flag, err)
	}
	return &value, nil
}

// Run changes what was given and leaves the rest. A server that runs goes by
// it from the next loss, the next encoder and, within seconds, the next request
// of a viewer on.
func (c *channelSetCommand) Run(inv *invocation) error {
	return inv.withAccounts(func(ctx context.Context, accounts *account.Service, _ Config) error {
		d, err := c.details()
		if err != nil {
			return err
		}
		if c.PasswordFile != "" {
			password, err := os.ReadFile(c.PasswordFile)
			if err != nil {
				return fmt.Errorf("--password-file: %w", err)
			}
			d.Password = new(strings.TrimRight(string(password), "\r\n"))
		}
		channel, err := accounts.SetDetails(ctx, account.CommandLine(), c.Name, account.AnyRevision, d)
		if err != nil {
			return err
		}
		_, err = fmt.Fprintf(inv.stdout, "channel %s: %s\n", channel.Name, strings.Join(c.said(channel), ", "))
		return err
	})
}

// said tells the channel's rules, and what else was given, as it is now.
func (c *channelSetCommand) said(channel account.Channel) []string {
	said := []string{
		"reconnect window " + windowOf(channel), "takeover " + string(account.TakeoverOf(channel)), "visibility " + channel.Visibility,
	}
	if c.Title != "" {
		said = append(said, fmt.Sprintf("title %q", channel.Title))
	}
	if c.Embedding != "" {
		said = append(said, "embedding "+channel.Embedding)
	}
	if c.Record != "" {
		said = append(said, "recorded "+map[bool]string{true: "on", false: "off"}[channel.Recorded])
	}
	if c.MaxAge != "" {
		said = append(said, "recordings kept for "+limitOf(channel.Retention, func(d time.Duration) string { return age{&d}.String() }))
	}
	if c.MaxBytes != "" {
		said = append(said, "recordings of at most "+limitOf(channel.RetentionBytes, sizeText))
	}
	if c.Clips != "" {
		said = append(said, "clips by "+channel.Clips)
	}
	return said
}

// limitOf writes a limit that a channel may have of its own.
func limitOf[T any](limit *T, text func(T) string) string {
	if limit == nil {
		return asTheServer
	}
	return text(*limit)
}
