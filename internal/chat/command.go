package chat

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/rostrumlive/rostrum/internal/account"
	"github.com/rostrumlive/rostrum/internal/store"
)

// commands are what may stand behind a slash. All but help are for moderators.
var commands = map[string]struct {
	usage string
	do    func(ctx context.Context, m Moderator, rest string) (Notice, error)
}{
	"timeout":   {"/timeout name [seconds or 10m] [reason]", doTimeout},
	"untimeout": {"/untimeout name", doRelease},
	"ban":       {"/ban name [reason]", doBan},
	"unban":     {"/unban name", doRelease},
	"delete": {"/delete id", func(ctx context.Context, m Moderator, rest string) (Notice, error) {
		return Notice{Text: "The line is deleted."}, m.Delete(ctx, rest)
	}},
	"purge": {"/purge name", doPurge},
	"clear": {"/clear", func(ctx context.Context, m Moderator, _ string) (Notice, error) {
		return Notice{Text: "The chat is cleared."}, m.Clear(ctx)
	}},
	"slow":         {"/slow [seconds or 1m]", doSlow},
	"slowoff":      {"/slowoff", set("Slow mode is off.", func(s *Settings) { s.Slow = 0 })},
	"followers":    {"/followers [10m]", doFollowers},
	"followersoff": {"/followersoff", set("Everybody may speak, followers or not.", func(s *Settings) { s.Followers = followersOff })},
	"members":      {"/members", set("Only members may speak.", func(s *Settings) { s.MembersOnly = true })},
	"membersoff":   {"/membersoff", set("Everybody may speak, members or not.", func(s *Settings) { s.MembersOnly = false })},
	"emoteonly":    {"/emoteonly", set("Only emotes may be sent.", func(s *Settings) { s.EmoteOnly = true })},
	"emoteonlyoff": {"/emoteonlyoff", set("Text may be sent again.", func(s *Settings) { s.EmoteOnly = false })},
	"links":        {"/links on or off", doLinks},
	"pin": {"/pin id or text", func(ctx context.Context, m Moderator, rest string) (Notice, error) {
		return Notice{Text: "It is pinned."}, m.Pin(ctx, rest)
	}},
	"unpin": {"/unpin", func(ctx context.Context, m Moderator, _ string) (Notice, error) {
		return Notice{Text: "Nothing is pinned."}, m.Unpin(ctx)
	}},
	"poll": {`/poll "question" "one" "other" [60s]`, doPoll},
	"endpoll": {"/endpoll", func(ctx context.Context, m Moderator, _ string) (Notice, error) {
		return Notice{Text: "The poll is over."}, m.EndPoll(ctx)
	}},
	"mod":   {"/mod name", doPlace(account.PlaceModerator)},
	"unmod": {"/unmod name", doPlace(account.PlaceNone)},
}

// listed are the commands of moderators, as /help lists them.
var listed = []string{
	"timeout", "untimeout", "ban", "unban", "delete", "purge", "clear", "slow", "slowoff", "followers", "followersoff", "members", "membersoff",
	"emoteonly", "emoteonlyoff", "links", "pin", "unpin", "poll", "endpoll", "mod", "unmod",
}

func help() Notice {
	return Notice{
		Type: "notice", Code: NoticeHelp, Commands: listed,
		Text: "/me text says a line as something that you do. A line that begins with // says one slash. Moderators also have: /" +
			strings.Join(listed, " /") + ".",
	}
}

// command does what stands behind a slash, and returns the answer.
func (r *Room) command(ctx context.Context, a account.Actor, text string) (Notice, error) {
	name, rest, _ := strings.Cut(strings.TrimSpace(text), " ")
	name, rest = strings.ToLower(name), strings.TrimSpace(rest)
	if name == "help" {
		return help(), nil
	}
	c, ok := commands[name]
	if !ok {
		name = excerpt(clean(name), 20)
		return Notice{}, &Refusal{Code: CodeCommand, Text: fmt.Sprintf("There is no command /%s. /help lists those that there are.", name), Command: name}
	}
	m, err := r.moderator(ctx, a)
	if err != nil {
		return Notice{}, err
	}
	n, err := c.do(ctx, m, rest)
	if errors.Is(err, errUsage) {
		return Notice{}, &Refusal{Code: CodeCommand, Text: "Use it so: " + c.usage, Command: name, Usage: c.usage}
	}
	if err != nil {
		return Notice{}, err
	}
	n.Type, n.Code, n.Command = "notice", NoticeDone, name
	return n, nil
}

var errUsage = errors.New("this is not how it is used")

// duration reads seconds, or a number with s, m, h or d.
func duration(text string) (time.Duration, bool) {
	if n, err := strconv.Atoi(text); err == nil && n >= 0 && n <= int(longest/time.Second) {
		return time.Duration(n) * time.Second, true
	}
	if days, ok := strings.CutSuffix(text, "d"); ok {
		if n, err := strconv.Atoi(days); err == nil && n >= 0 && n <= int(longest/(24*time.Hour)) {
			return time.Duration(n) * 24 * time.Hour, true
		}
		return 0, false
	}
	d, err := time.ParseDuration(text)
	return d, err == nil && d >= 0 && d <= longest
}

const defaultTimeout = 10 * time.Minute

func doTimeout(ctx context.Context, m Moderator, rest string) (Notice, error) {
	name, rest, _ := strings.Cut(rest, " ")
	if name == "" {
		return Notice{}, errUsage
	}
	d := defaultTimeout
	first, reason, _ := strings.Cut(strings.TrimSpace(rest), " ")
	if given, ok := duration(first); ok {
		d = given
	} else {
		reason = rest
	}
	if d == 0 {
		return Notice{}, ErrBadTime
	}
	u, err := m.Restrict(ctx, name, d, reason)
	return Notice{Text: fmt.Sprintf("%s may not speak for %s.", u.Name, d), Name: u.Name, DurationMS: d.Milliseconds()}, err
}

func doBan(ctx context.Context, m Moderator, rest string) (Notice, error) {
	name, reason, _ := strings.Cut(rest, " ")
	if name == "" {
		return Notice{}, errUsage
	}
	u, err := m.Restrict(ctx, name, 0, reason)
	return Notice{Text: u.Name + " may not speak here any more.", Name: u.Name}, err
}

func doRelease(ctx context.Context, m Moderator, rest string) (Notice, error) {
	if rest == "" {
		return Notice{}, errUsage
	}
	u, err := m.Release(ctx, rest)
	return Notice{Text: u.Name + " may speak again.", Name: u.Name}, err
}

func doPurge(ctx context.Context, m Moderator, rest string) (Notice, error) {
	if rest == "" {
		return Notice{}, errUsage
	}
	u, err := m.Purge(ctx, rest)
	return Notice{Text: "The lines of " + u.Name + " are gone.", Name: u.Name}, err
}

// set is a command that changes the settings.
func set(answer string, change func(*Settings)) func(context.Context, Moderator, string) (Notice, error) {
	return func(ctx context.Context, m Moderator, _ string) (Notice, error) {
		_, err := m.Set(ctx, answer, change)
		return Notice{Text: answer}, err
	}
}

func doSlow(ctx context.Context, m Moderator, rest string) (Notice, error) {
	d := 30 * time.Second
	if rest != "" {
		var ok bool
		if d, ok = duration(rest); !ok {
			return Notice{}, errUsage
		}
	}
	n, err := set(fmt.Sprintf("One line each %s.", d), func(s *Settings) { s.Slow = d })(ctx, m, "")
	n.DurationMS = d.Milliseconds()
	return n, err
}

func doFollowers(ctx context.Context, m Moderator, rest string) (Notice, error) {
	d, answer := time.Duration(0), "Only those who follow the channel may speak."
	if rest != "" {
		var ok bool
		if d, ok = duration(rest); !ok {
			return Notice{}, errUsage
		}
		answer = fmt.Sprintf("Only those who have followed the channel for %s may speak.", d)
	}
	n, err := set(answer, func(s *Settings) { s.Followers = d })(ctx, m, "")
	n.DurationMS = d.Milliseconds()
	return n, err
}

func doLinks(ctx context.Context, m Moderator, rest string) (Notice, error) {
	if rest != "on" && rest != "off" {
		return Notice{}, errUsage
	}
	answer := "Links may be sent."
	if rest == "off" {
		answer = "Links may not be sent."
	}
	n, err := set(answer, func(s *Settings) { s.Links = rest == "on" })(ctx, m, "")
	n.Value = rest
	return n, err
}

func doPoll(ctx context.Context, m Moderator, rest string) (Notice, error) {
	words, tail, ok := quoted(rest)
	if !ok || len(words) == 0 {
		return Notice{}, errUsage
	}
	d := time.Duration(0)
	if tail != "" {
		if d, ok = duration(tail); !ok {
			return Notice{}, errUsage
		}
	}
	_, err := m.StartPoll(ctx, words[0], words[1:], d)
	return Notice{Text: "The poll has begun."}, err
}

// quoted returns what stands in quotation marks one behind the other, and what
// follows the last of them.
func quoted(text string) (words []string, tail string, ok bool) {
	text = strings.NewReplacer("“", `"`, "”", `"`, "„", `"`).Replace(text)
	for {
		text = strings.TrimSpace(text)
		if !strings.HasPrefix(text, `"`) {
			return words, text, !strings.Contains(text, `"`)
		}
		word, rest, closed := strings.Cut(text[1:], `"`)
		if !closed {
			return nil, "", false
		}
		words, text = append(words, strings.TrimSpace(word)), rest
	}
}

func doPlace(p account.Place) func(context.Context, Moderator, string) (Notice, error) {
	return func(ctx context.Context, m Moderator, rest string) (Notice, error) {
		if rest == "" {
			return Notice{}, errUsage
		}
		u, err := m.Appoint(ctx, rest, p)
		if p == account.PlaceNone {
			return Notice{Text: u.Name + " is no moderator any more.", Name: u.Name}, err
		}
		return Notice{Text: u.Name + " is a moderator.", Name: u.Name}, err
	}
}

// Appoint makes a person a moderator of the channel, or takes that away. It is
// for those who may, as account.Service.SetPlace has it.
func (m Moderator) Appoint(ctx context.Context, name string, p account.Place) (account.User, error) {
	s := m.r.s
	u, err := s.o.Accounts.UserNamed(ctx, strings.TrimPrefix(name, "@"))
	if err != nil {
		return u, err
	}
	if p == account.PlaceNone { // an owner or an editor is not unmade by this
		if role, err := s.o.DB.RoleInChannel(ctx, m.r.channelID, u.ID); err == nil && account.Place(role) != account.PlaceModerator {
			return u, ErrTooHigh
		}
	}
	c, err := s.o.DB.Channel(ctx, m.r.channelID)
	if err != nil {
		return u, err
	}
	if err := s.o.Accounts.SetPlace(ctx, m.actor, c.Name, u.Name, p); err != nil {
		return u, err
	}
	act := "mod"
	if p == account.PlaceNone {
		act = "unmod"
	}
	return u, m.act(ctx, act, u, "", nothing)
}

func nothing(*store.Tx) error { return nil }
