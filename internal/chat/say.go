package chat

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/rostrumlive/rostrum/internal/account"
	"github.com/rostrumlive/rostrum/internal/store"
)

// Refusal is why something was not said. It is no fault of the server's.
type Refusal struct {
	Code string // short and stable
	Text string // a sentence for people
	Wait time.Duration

	Command string // of CodeCommand: which there is not, or which is used otherwise
	Usage   string // of CodeCommand: how it is used; empty: there is none of that name
}

func (r *Refusal) Error() string { return r.Text }

// The codes of refusals that are no reason why somebody may not speak.
const (
	CodeSlow      = "slow" // said too soon after another; Wait tells how long to wait
	CodeHeld      = "held" // it waits for a moderator
	CodeEmpty     = "empty"
	CodeLong      = "long"
	CodeLink      = "link"
	CodeWord      = "word"
	CodeDuplicate = "duplicate"
	CodeEmoteOnly = "emote_only"
	CodeReply     = "reply"
	CodeCommand   = "command"
	CodeScope     = "scope"
	CodeFull      = "full"
	CodeUnknown   = "unknown" // a reaction that there is not
	CodeInternal  = "internal"
)

// sentences are for those who may not speak.
var sentences = map[string]string{
	whySignIn:    "Sign in to speak.",
	whyBanned:    "You may not speak here.",
	whyTimeout:   "You may not speak here for a while.",
	whyFollowers: "Only those who follow the channel may speak, some time after they began.",
	whyMembers:   "Only members may speak.",
	whyClosed:    "The chat is closed.",
}

// speak says a line, or does a command, and tells how that went.
func (c *conn) speak(ctx context.Context, q request) {
	if name, isCommand := strings.CutPrefix(q.Text, "/"); isCommand && !strings.HasPrefix(name, "/") && !isAction(q.Text) {
		n, err := c.room.command(ctx, c.actor(), name)
		if err != nil {
			c.refuse(q.Nonce, err)
			return
		}
		c.tell(n)
		return
	}
	l, err := c.room.say(ctx, c.actor(), q.Text, q.ReplyTo)
	if err != nil {
		c.refuse(q.Nonce, err)
		return
	}
	c.tell(Ack{Type: "ack", Nonce: q.Nonce, ID: l.ID})
}

// Ack tells a sender that a line is written down.
type Ack struct {
	Type  string `json:"type" enum:"ack"`
	Nonce string `json:"nonce"`
	ID    string `json:"id"`
}

// HeldEvent tells a sender that a line waits for a moderator.
type HeldEvent struct {
	Type  string `json:"type" enum:"held"`
	Nonce string `json:"nonce"`
}

// Refused tells a sender that a line was not taken.
type Refused struct {
	Type    string `json:"type" enum:"refused"`
	Nonce   string `json:"nonce"`
	Code    string `json:"code" doc:"Short and stable: one of the chat's, or of the API's problems."`
	Text    string `json:"text" doc:"The same as an English sentence."`
	Command string `json:"command,omitempty" doc:"With the code command: the name of the command, as it was typed."`
	Usage   string `json:"usage,omitempty" doc:"With the code command: how that is used. Absent: there is no such command."`
}

// SlowMode tells a sender that a line was not taken, and when one would be.
type SlowMode struct {
	Type   string `json:"type" enum:"slowmode"`
	WaitMS int64  `json:"waitMs"`
	Nonce  string `json:"nonce"`
}

// refuse tells why something was not done.
func (c *conn) refuse(nonce string, err error) {
	var no *Refusal
	var known *account.Error
	switch {
	case errors.As(err, &no) && no.Code == CodeHeld:
		c.tell(HeldEvent{Type: "held", Nonce: nonce})
	case errors.As(err, &no) && no.Wait > 0:
		c.room.s.stats.Refused.Add(1)
		c.tell(SlowMode{Type: "slowmode", WaitMS: (no.Wait + time.Millisecond - 1).Milliseconds(), Nonce: nonce})
	case errors.As(err, &no):
		c.room.s.stats.Refused.Add(1)
		c.tell(Refused{Type: "refused", Nonce: nonce, Code: no.Code, Text: no.Text, Command: no.Command, Usage: no.Usage})
	case errors.As(err, &known):
		c.tell(Refused{Type: "refused", Nonce: nonce, Code: known.Code, Text: upper(known.Reason) + "."})
	default:
		if !errors.Is(err, context.Canceled) && !errors.Is(err, ErrClosed) {
			c.room.s.log.Error("chat", "error", err)
		}
		c.tell(Refused{Type: "refused", Nonce: nonce, Code: CodeInternal, Text: "Something went wrong on the server. Try again."})
	}
}

func upper(s string) string {
	if s == "" {
		return s
	}
	return strings.ToUpper(s[:1]) + s[1:]
}

const actionCommand = "/me "

// isAction reports whether a text is a line of the kind that /me makes.
func isAction(text string) bool { return strings.HasPrefix(text, actionCommand) || text == "/me" }

// Say says a line in the chat of a channel, and returns when it is written down.
func (s *Service) Say(ctx context.Context, channelID string, a account.Actor, text, replyTo string) (Line, error) {
	r, err := s.hold(ctx, channelID)
	if err != nil {
		return Line{}, err
	}
	defer s.release(r)
	return r.say(ctx, a, text, replyTo)
}

// say checks a line, writes it down and tells everybody.
func (r *Room) say(ctx context.Context, a account.Actor, text, replyTo string) (Line, error) {
	st, err := r.standing(ctx, a)
	if err != nil {
		return Line{}, err
	}
	if err := mayActor(a, st); err != nil {
		return Line{}, err
	}
	l := Line{Type: "message", User: st.person}
	if isAction(text) {
		l.Action, text = true, strings.TrimPrefix(text, strings.TrimSpace(actionCommand))
	} else if strings.HasPrefix(text, "//") {
		text = text[1:]
	}
	if l.ReplyTo, err = r.reply(ctx, replyTo); err != nil {
		return Line{}, err
	}
	held, err := r.compose(&l, text, st)
	if err != nil {
		return Line{}, err
	}
	if wait := r.s.rates.take(st.person.ID); wait > 0 {
		return Line{}, slow(wait)
	}
	now := r.s.o.now()
	sum := sumOf(l.Text)
	wait, twice := r.claim(st, now, sum)
	switch {
	case wait > 0:
		return Line{}, slow(wait)
	case twice:
		return Line{}, &Refusal{Code: CodeDuplicate, Text: "You have just said that."}
	}
	r.s.publish(saidSubject, envelope{User: st.person.ID})
	r.place(&l, now)
	if held != "" {
		return l, r.hold(ctx, l, held)
	}
	return l, r.put(ctx, l, sum)
}

func slow(wait time.Duration) error {
	return &Refusal{Code: CodeSlow, Text: fmt.Sprintf("Wait %.0f seconds.", max(1, wait.Seconds())), Wait: wait}
}

// mayActor returns nil when somebody may speak.
func mayActor(a account.Actor, st *standing) error {
	if st.why != "" {
		text := sentences[st.why]
		if st.reason != "" {
			text += " " + st.reason
		}
		return &Refusal{Code: st.why, Text: text}
	}
	if a.Token != "" && !a.May(account.ScopeChat) {
		return &Refusal{Code: CodeScope, Text: "This API token may not speak in chats."}
	}
	return nil
}

// reply looks for the line that is answered.
func (r *Room) reply(ctx context.Context, id string) (*Reply, error) {
	if id == "" {
		return nil, nil //nolint:nilnil // none is answered
	}
	e, ok := r.find(id)
	text := string(e.json)
	if !ok {
		row, err := r.s.o.DB.ChatLine(ctx, id)
		if errors.Is(err, store.ErrNotFound) || err == nil && (row.ChannelID != r.channelID || !row.DeletedAt.IsZero()) {
			return nil, &Refusal{Code: CodeReply, Text: "The line that this answers is not there any more."}
		}
		if err != nil {
			return nil, err
		}
		text = row.Line
	}
	l, err := decodeLine(text)
	if err != nil {
		return nil, err
	}
	return &Reply{ID: l.ID, Name: l.User.Name, Text: excerpt(l.Text, replyLength)}, nil
}

// compose puts a text into a line as it may be shown, or says why it may not.
// held is why a moderator is to look at it first.
func (r *Room) compose(l *Line, text string, st *standing) (held string, err error) {
	r.mu.Lock()
	set, filters, emotes := r.settings, r.filters, r.emotes
	r.mu.Unlock()
	if !utf8.ValidString(text) {
		return "", &Refusal{Code: CodeEmpty, Text: "This is no text."}
	}
	l.Text = clean(text)
	if l.Text == "" {
		return "", &Refusal{Code: CodeEmpty, Text: "There is nothing to see in it."}
	}
	if n := utf8.RuneCountInString(l.Text); n > set.MaxLength {
		return "", &Refusal{Code: CodeLong, Text: fmt.Sprintf("A line has at most %d characters; this has %d.", set.MaxLength, n)}
	}
	l.Mentions, l.Emotes = mentionsIn(l.Text), emotesIn(l.Text, emotes)
	if st.moderates() {
		return "", nil
	}
	if set.EmoteOnly && !onlyEmotes(l.Text, l.Emotes) {
		return "", &Refusal{Code: CodeEmoteOnly, Text: "Only emotes may be sent now."}
	}
	if !set.Links && hasLink(l.Text) {
		return "", &Refusal{Code: CodeLink, Text: "Links may not be sent here."}
	}
	if f := match(filters, l.Text); f != nil {
		if f.Act == ActRefuse {
			return "", &Refusal{Code: CodeWord, Text: "The channel does not want this said."}
		}
		return CodeWord, nil
	}
	return "", nil
}

// claim takes a person's turn, or says how long to wait for it, or that it was
// said just now.
func (r *Room) claim(st *standing, now time.Time, sum uint64) (wait time.Duration, twice bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	last, ok := r.said[st.person.ID]
	if ok && !st.moderates() {
		if left := r.settings.Slow - now.Sub(last.at); left > 0 {
			return left, false
		}
		if r.settings.Duplicates && last.sum == sum && now.Sub(last.at) < duplicateTime {
			return 0, true
		}
	}
	r.said[st.person.ID] = spoken{now, sum}
	return 0, false
}

// place gives a line its id, its time, and its place in what is on air.
func (r *Room) place(l *Line, now time.Time) {
	l.ID, l.At = r.s.o.DB.NewID(), now.UnixMilli()
	if r.s.o.OnAir == nil {
		return
	}
	if on, ok := r.s.o.OnAir(r.channelID); ok {
		ms := on.Media.Milliseconds()
		l.BroadcastID, l.MediaMS = on.BroadcastID, &ms
	}
}

// put writes a line down and tells everybody.
func (r *Room) put(ctx context.Context, l Line, sum uint64) error {
	text := encode(l)
	row := store.ChatLine{ID: l.ID, ChannelID: r.channelID, UserID: l.User.ID, BroadcastID: l.BroadcastID, Line: string(text)}
	if l.MediaMS != nil {
		row.Media = time.Duration(*l.MediaMS) * time.Millisecond
	}
	if err := r.s.writer.write(ctx, &job{line: row}); err != nil {
		return err
	}
	r.s.stats.Lines.Add(1)
	r.s.say(r.channelID, envelope{Kind: kindLine, ID: l.ID, User: l.User.ID, Sum: sum, Event: text})
	return nil
}

const mostHeld = 200

// hold keeps a line until a moderator has looked at it.
func (r *Room) hold(ctx context.Context, l Line, why string) error {
	err := r.s.o.DB.Write(ctx, func(tx *store.Tx) error {
		n, err := tx.CountHeldLines(ctx, r.channelID)
		if err != nil {
			return err
		}
		if n >= mostHeld {
			return &Refusal{Code: CodeFull, Text: "Too many lines wait for the moderators. Try again later."}
		}
		return tx.InsertHeldLine(ctx, store.HeldLine{ID: l.ID, ChannelID: r.channelID, UserID: l.User.ID, Line: string(encode(l)), Why: why})
	})
	if err != nil {
		return err
	}
	r.s.say(r.channelID, envelope{Kind: kindModerators, Event: encode(Review{Type: "review", Line: l, Why: why})})
	return &Refusal{Code: CodeHeld, Text: "A moderator looks at it first."}
}

// Review is a line that waits for a moderator.
type Review struct {
	Type string `json:"type" enum:"review"`
	Line Line   `json:"line"`
	Why  string `json:"why" enum:"word,link"`
}

// Reviewed tells moderators that one of them has looked at a line.
type Reviewed struct {
	Type    string `json:"type" enum:"reviewed"`
	ID      string `json:"id"`
	Allowed bool   `json:"allowed"`
}
