package chat

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/rostrumlive/rostrum/internal/account"
	"github.com/rostrumlive/rostrum/internal/store"
)

// Moderator does what a moderator of one chat may do. What it does is logged,
// and told to all who are concerned, on all nodes.
type Moderator struct {
	r     *Room
	actor account.Actor
	place account.Place
}

// Errors of moderation.
var (
	ErrUnknownLine        = &account.Error{Code: "unknown_line", Reason: "there is no such line, or it was deleted"}
	ErrUnknownRestriction = &account.Error{Code: "unknown_restriction", Reason: "this person may speak already"}
	ErrTooHigh            = &account.Error{Code: "forbidden", Reason: "you may do this only to people with a lower place in the channel"}
	ErrBadTime            = &account.Error{Code: "bad_time", Reason: "this takes from one second to 365 days"}
	ErrBadReason          = &account.Error{Code: "bad_reason", Reason: "a reason has at most 300 characters that can be shown"}
	ErrBadPin             = &account.Error{Code: "bad_pin", Reason: "what is pinned is a line that stands, or a text that may be said"}
	ErrBadAppeal          = &account.Error{Code: "bad_appeal", Reason: "an appeal has 1 to 1,000 characters that can be shown"}
	ErrAppealed           = &account.Error{Code: "appealed", Reason: "there is nothing that you may not do, or you have said something to it already"}
)

const (
	longest    = 365 * 24 * time.Hour
	mostReason = 300
	mostAppeal = 1000
)

// moderate has f act as a moderator of a channel, with the place that it takes.
func (s *Service) moderate(ctx context.Context, a account.Actor, channel string, f func(Moderator) error) error {
	c, err := s.o.Accounts.Channel(ctx, channel)
	if err != nil {
		return err
	}
	r, err := s.hold(ctx, c.ID)
	if err != nil {
		return err
	}
	defer s.release(r)
	m, err := r.moderator(ctx, a)
	if err != nil {
		return err
	}
	return f(m)
}

// As has f act as a moderator of the channel with that name. It fails as
// account.Service.Require does where the actor is none.
func (s *Service) As(ctx context.Context, a account.Actor, channel string, f func(Moderator) error) error {
	return s.moderate(ctx, a, channel, f)
}

func (r *Room) moderator(ctx context.Context, a account.Actor) (Moderator, error) {
	a, err := r.s.o.Accounts.Refreshed(ctx, a)
	if err != nil {
		return Moderator{}, err
	}
	c := account.Channel{ID: r.channelID}
	if err := r.s.o.Accounts.Require(ctx, a, c, account.PlaceModerator, account.ScopeModerate); err != nil {
		return Moderator{}, err
	}
	place, err := r.s.o.Accounts.PlaceOf(ctx, a, c)
	return Moderator{r, a, place}, err
}

// target returns the user of a name, whom the moderator may act upon.
func (m Moderator) target(ctx context.Context, name string) (account.User, error) {
	u, err := m.r.s.o.Accounts.UserNamed(ctx, strings.TrimPrefix(name, "@"))
	if err != nil {
		return u, err
	}
	place, err := m.r.s.o.Accounts.PlaceOf(ctx, account.Actor{User: u}, account.Channel{ID: m.r.channelID})
	if err != nil {
		return u, err
	}
	admin := account.Role(m.actor.User.Role) == account.RoleAdmin && account.Role(u.Role) != account.RoleAdmin
	if place.AtLeast(account.PlaceModerator) && place.AtLeast(m.place) && !admin || u.ID == m.actor.User.ID {
		return u, ErrTooHigh
	}
	return u, nil
}

// act writes rows and the log of it, in one transaction, and tells moderators.
func (m Moderator) act(ctx context.Context, act string, u account.User, details string, change func(*store.Tx) error) error {
	s := m.r.s
	row := store.ChatAct{
		ID: s.o.DB.NewID(), ChannelID: m.r.channelID, At: s.o.now(), UserID: m.actor.User.ID, Actor: m.name(), Act: act, TargetID: u.ID, Target: u.Name, Details: details,
	}
	err := s.o.DB.Write(ctx, func(tx *store.Tx) error {
		if err := change(tx); err != nil {
			return err
		}
		if err := tx.InsertChatAct(ctx, row); err != nil {
			return err
		}
		m.r.mu.Lock()
		c := m.r.channel
		m.r.mu.Unlock()
		about := details
		if u.Name != "" {
			about = strings.TrimSpace(u.Name + " " + details)
		}
		return s.o.Accounts.NoteModeration(ctx, tx, m.actor, c, "chat."+act, about)
	})
	if err != nil {
		return err
	}
	s.say(m.r.channelID, envelope{Kind: kindModerators, Event: encode(LogEvent{Type: "log", Entry: EntryOf(row)})})
	return nil
}

func (m Moderator) name() string {
	if m.actor.User.Name == "" {
		return "command line"
	}
	return m.actor.User.Name
}

// Entry is something that a moderator did.
type Entry struct {
	ID      string `json:"id"`
	At      int64  `json:"at" doc:"Milliseconds since 1970."`
	Actor   string `json:"actor"`
	Act     string `json:"act" doc:"Short and stable, such as ban."`
	Target  string `json:"target" doc:"The name of the person that it was about; empty: of nobody."`
	Details string `json:"details"`
}

// LogEvent tells moderators of it.
type LogEvent struct {
	Type string `json:"type" enum:"log"`
	Entry
}

// EntryOf is a row of the log.
func EntryOf(a store.ChatAct) Entry {
	return Entry{ID: a.ID, At: millis(a.At), Actor: a.Actor, Act: a.Act, Target: a.Target, Details: a.Details}
}

// BanEvent tells everybody that somebody may not speak any more, or may again.
type BanEvent struct {
	Type   string `json:"type" enum:"ban,unban"`
	UserID string `json:"userId"`
	Name   string `json:"name"`
	Until  *int64 `json:"until" doc:"Null: for good."`
}

// Restrict keeps a person from speaking, for a time or, where that is 0, for
// good. Lines of the person go.
func (m Moderator) Restrict(ctx context.Context, name string, d time.Duration, reason string) (account.User, error) {
	if d < 0 || d > longest || d > 0 && d < time.Second {
		return account.User{}, ErrBadTime
	}
	if reason = strings.TrimSpace(reason); utf8.RuneCountInString(reason) > mostReason || !shown(reason) {
		return account.User{}, ErrBadReason
	}
	u, err := m.target(ctx, name)
	if err != nil {
		return u, err
	}
	now := m.r.s.o.now().UTC().Truncate(time.Millisecond)
	x := store.Restriction{ChannelID: m.r.channelID, UserID: u.ID, Reason: reason, Actor: m.name(), At: now}
	e := BanEvent{Type: "ban", UserID: u.ID, Name: u.Name}
	act, details := "ban", reason
	if d > 0 {
		x.Until = now.Add(d)
		e.Until = new(x.Until.UnixMilli())
		act, details = "timeout", strings.TrimSpace(d.String()+" "+reason)
	}
	err = m.act(ctx, act, u, details, func(tx *store.Tx) error {
		if _, err := tx.PurgeChatLines(ctx, m.r.channelID, u.ID, m.name(), now); err != nil {
			return err
		}
		if err := tx.DropHeldLines(ctx, m.r.channelID, u.ID); err != nil {
			return err
		}
		return tx.PutRestriction(ctx, x)
	})
	if err != nil {
		return u, err
	}
	m.r.forgetStandings(u.ID)
	m.unpin(ctx, func(l Line) bool { return l.User.ID == u.ID })
	m.purged(u.ID, now)
	m.r.s.say(m.r.channelID, envelope{Kind: kindAll, User: u.ID, Event: encode(e)})
	return u, nil
}

func (m Moderator) purged(userID string, now time.Time) {
	m.r.s.say(m.r.channelID, envelope{
		Kind: kindPurge, User: userID, Before: now.UnixMilli(), Event: encode(Deleted{Type: "delete", UserID: userID, Before: now.UnixMilli()}),
	})
}

// Release lets a person speak again.
func (m Moderator) Release(ctx context.Context, name string) (account.User, error) {
	u, err := m.r.s.o.Accounts.UserNamed(ctx, strings.TrimPrefix(name, "@"))
	if err != nil {
		return u, err
	}
	err = m.act(ctx, "unban", u, "", func(tx *store.Tx) error { return tx.DeleteRestriction(ctx, m.r.channelID, u.ID) })
	if errors.Is(err, store.ErrNotFound) {
		return u, ErrUnknownRestriction
	}
	if err != nil {
		return u, err
	}
	m.r.forgetStandings(u.ID)
	m.r.s.say(m.r.channelID, envelope{Kind: kindAll, User: u.ID, Event: encode(BanEvent{Type: "unban", UserID: u.ID, Name: u.Name})})
	return u, nil
}

// Delete takes a line away.
func (m Moderator) Delete(ctx context.Context, id string) error {
	row, err := m.r.s.o.DB.ChatLine(ctx, id)
	if errors.Is(err, store.ErrNotFound) || err == nil && row.ChannelID != m.r.channelID {
		return ErrUnknownLine
	}
	if err != nil {
		return err
	}
	l, err := decodeLine(row.Line)
	if err != nil {
		return err
	}
	now := m.r.s.o.now()
	err = m.act(ctx, "delete", account.User{ID: l.User.ID, Name: l.User.Name}, excerpt(l.Text, replyLength), func(tx *store.Tx) error {
		return tx.DeleteChatLine(ctx, m.r.channelID, id, m.name(), now)
	})
	if errors.Is(err, store.ErrNotFound) {
		return ErrUnknownLine
	}
	if err != nil {
		return err
	}
	m.unpin(ctx, func(l Line) bool { return l.ID == id })
	m.r.s.say(m.r.channelID, envelope{Kind: kindDelete, IDs: []string{id}, Event: encode(Deleted{Type: "delete", IDs: []string{id}})})
	return nil
}

// Purge takes all lines of a person away.
func (m Moderator) Purge(ctx context.Context, name string) (account.User, error) {
	u, err := m.target(ctx, name)
	if err != nil {
		return u, err
	}
	return u, m.purge(ctx, "purge", u)
}

// Clear takes all lines away.
func (m Moderator) Clear(ctx context.Context) error { return m.purge(ctx, "clear", account.User{}) }

func (m Moderator) purge(ctx context.Context, act string, u account.User) error {
	now := m.r.s.o.now()
	err := m.act(ctx, act, u, "", func(tx *store.Tx) error {
		if u.ID != "" {
			if err := tx.DropHeldLines(ctx, m.r.channelID, u.ID); err != nil {
				return err
			}
		}
		_, err := tx.PurgeChatLines(ctx, m.r.channelID, u.ID, m.name(), now)
		return err
	})
	if err == nil {
		m.unpin(ctx, func(l Line) bool { return u.ID == "" || l.User.ID == u.ID })
		m.purged(u.ID, now)
	}
	return err
}

// unpin takes what is pinned away when it is among what goes.
func (m Moderator) unpin(ctx context.Context, gone func(Line) bool) {
	m.r.mu.Lock()
	pin := m.r.pin
	m.r.mu.Unlock()
	var l Line
	if pin == nil || json.Unmarshal(pin, &l) != nil || !gone(l) {
		return
	}
	if err := m.Unpin(ctx); err != nil {
		m.r.s.log.Warn("a line that was deleted stays pinned", "error", err)
	}
}

// PinEvent tells everybody what is pinned.
type PinEvent struct {
	Type string          `json:"type" enum:"pin"`
	Line json.RawMessage `json:"line" doc:"A line; null: nothing is."`
}

// Pin pins a line of the chat, or, where there is none with that id, a text.
func (m Moderator) Pin(ctx context.Context, idOrText string) error {
	l, err := m.toPin(ctx, idOrText)
	if err != nil {
		return err
	}
	text := encode(l)
	return m.putPin(ctx, string(text), excerpt(l.Text, replyLength))
}

func (m Moderator) toPin(ctx context.Context, idOrText string) (Line, error) {
	if _, ok := store.TimeOfID(idOrText); ok {
		row, err := m.r.s.o.DB.ChatLine(ctx, idOrText)
		if err == nil && row.ChannelID == m.r.channelID && row.DeletedAt.IsZero() {
			return decodeLine(row.Line)
		}
		if err != nil && !errors.Is(err, store.ErrNotFound) {
			return Line{}, err
		}
		return Line{}, ErrBadPin
	}
	st, err := m.r.standing(ctx, m.actor)
	if err != nil {
		return Line{}, err
	}
	l := Line{Type: "message", User: st.person}
	if _, err := m.r.compose(&l, idOrText, &standing{place: account.PlaceOwner}); err != nil {
		return Line{}, ErrBadPin
	}
	if l.User.ID == "" {
		l.User = Person{Badges: []string{}}
	}
	m.r.place(&l, m.r.s.o.now())
	return l, nil
}

// Unpin takes what is pinned away.
func (m Moderator) Unpin(ctx context.Context) error { return m.putPin(ctx, "", "") }

func (m Moderator) putPin(ctx context.Context, pin, details string) error {
	act := "pin"
	e := PinEvent{Type: "pin", Line: json.RawMessage(pin)}
	if pin == "" {
		act, e.Line = "unpin", json.RawMessage("null")
	}
	err := m.act(ctx, act, account.User{}, details, func(tx *store.Tx) error {
		return m.changeRoom(ctx, tx, func(row *store.ChatRoom) error {
			row.Pin = pin
			return nil
		})
	})
	if err == nil {
		m.r.s.say(m.r.channelID, envelope{Kind: kindPin, ID: pin, Event: encode(e)})
	}
	return err
}

// changeRoom changes the row of the room, and makes it where there is none.
func (m Moderator) changeRoom(ctx context.Context, tx *store.Tx, change func(*store.ChatRoom) error) error {
	row, err := tx.ChatRoom(ctx, m.r.channelID)
	if errors.Is(err, store.ErrNotFound) {
		row = store.ChatRoom{ChannelID: m.r.channelID, Settings: string(encode(DefaultSettings())), Filters: "[]"}
		err = nil
	}
	if err == nil {
		err = change(&row)
	}
	if err != nil {
		return err
	}
	return tx.PutChatRoom(ctx, row)
}

// ModeEvent tells everybody of another mode.
type ModeEvent struct {
	Type      string `json:"type" enum:"mode"`
	Mode      Mode   `json:"mode"`
	MaxLength int    `json:"maxLength"`
	Rules     string `json:"rules"`
}

func modeEvent(set Settings) ModeEvent {
	return ModeEvent{Type: "mode", Mode: set.mode(), MaxLength: set.MaxLength, Rules: set.Rules}
}

// Settings are how the chat is.
func (m Moderator) Settings(ctx context.Context) (Settings, error) {
	set, _, _, err := readRoom(m.r.s.o.DB.ChatRoom(ctx, m.r.channelID))
	return set, err
}

// Set changes how the chat is.
func (m Moderator) Set(ctx context.Context, details string, change func(*Settings)) (Settings, error) {
	var set Settings
	err := m.act(ctx, "settings", account.User{}, details, func(tx *store.Tx) error {
		return m.changeRoom(ctx, tx, func(row *store.ChatRoom) error {
			set = DefaultSettings()
			if err := json.Unmarshal([]byte(row.Settings), &set); err != nil {
				return fmt.Errorf("read settings of chat: %w", err)
			}
			change(&set)
			if err := set.check(); err != nil {
				return err
			}
			row.Settings = string(encode(set))
			return nil
		})
	})
	if err == nil {
		m.r.s.say(m.r.channelID, envelope{Kind: kindSettings, Event: encode(modeEvent(set))})
	}
	return set, err
}

// Filters are those of the chat.
func (m Moderator) Filters(ctx context.Context) ([]Filter, error) {
	_, compiled, _, err := readRoom(m.r.s.o.DB.ChatRoom(ctx, m.r.channelID))
	out := []Filter{}
	for _, f := range compiled {
		out = append(out, f.Filter)
	}
	return out, err
}

// SetFilters puts others in their place. Those without an id get one.
func (m Moderator) SetFilters(ctx context.Context, fs []Filter) ([]Filter, error) {
	for i := range fs {
		if _, ok := store.TimeOfID(fs[i].ID); !ok {
			fs[i].ID = m.r.s.o.DB.NewID()
		}
	}
	if _, err := compileFilters(fs); err != nil {
		return nil, err
	}
	if fs == nil {
		fs = []Filter{}
	}
	err := m.act(ctx, "filters", account.User{}, fmt.Sprintf("%d filters", len(fs)), func(tx *store.Tx) error {
		return m.changeRoom(ctx, tx, func(row *store.ChatRoom) error {
			row.Filters = string(encode(fs))
			return nil
		})
	})
	if err == nil {
		m.r.s.say(m.r.channelID, envelope{Kind: kindSettings})
	}
	return fs, err
}

// Decide lets a line that waits be said, or drops it.
func (m Moderator) Decide(ctx context.Context, id string, allow bool) error {
	var row store.HeldLine
	var l Line
	act := "drop"
	if allow {
		act = "allow"
	}
	held, err := m.r.s.o.DB.HeldLines(ctx, m.r.channelID, mostHeld)
	if err != nil {
		return err
	}
	for _, h := range held {
		if h.ID == id {
			row = h
		}
	}
	if row.ID == "" {
		return ErrUnknownLine
	}
	if l, err = decodeLine(row.Line); err != nil {
		return err
	}
	err = m.act(ctx, act, account.User{ID: l.User.ID, Name: l.User.Name}, excerpt(l.Text, replyLength), func(tx *store.Tx) error {
		if _, err := tx.TakeHeldLine(ctx, m.r.channelID, id); err != nil || !allow {
			return err
		}
		// It is said now: who recovers looks for what was committed lately.
		l.ID, l.At = tx.NewID(), m.r.s.o.now().UnixMilli()
		line := store.ChatLine{ID: l.ID, ChannelID: m.r.channelID, UserID: l.User.ID, BroadcastID: l.BroadcastID, Line: string(encode(l))}
		if l.MediaMS != nil {
			line.Media = time.Duration(*l.MediaMS) * time.Millisecond
		}
		return tx.InsertChatLines(ctx, []store.ChatLine{line})
	})
	if errors.Is(err, store.ErrNotFound) {
		return ErrUnknownLine
	}
	if err != nil {
		return err
	}
	s := m.r.s
	s.say(m.r.channelID, envelope{Kind: kindModerators, Event: encode(Reviewed{Type: "reviewed", ID: id, Allowed: allow})})
	if allow {
		s.say(m.r.channelID, envelope{Kind: kindLine, ID: l.ID, User: l.User.ID, Sum: sumOf(l.Text), Event: encode(l)})
	}
	return nil
}

// Review lists what waits, oldest first.
func (m Moderator) Review(ctx context.Context) ([]Review, error) {
	rows, err := m.r.s.o.DB.HeldLines(ctx, m.r.channelID, mostHeld)
	out := []Review{}
	for _, row := range rows {
		l, err := decodeLine(row.Line)
		if err != nil {
			return nil, err
		}
		out = append(out, Review{Type: "review", Line: l, Why: row.Why})
	}
	return out, err
}

// Restrictions lists who may not speak, by name.
func (m Moderator) Restrictions(ctx context.Context, cursor string, limit int) (xs []store.Restriction, next string, err error) {
	xs, err = m.r.s.o.DB.Restrictions(ctx, m.r.channelID, m.r.s.o.now(), cursor, limit+1)
	if err != nil || len(xs) <= limit {
		return xs, "", err
	}
	return xs[:limit], xs[limit-1].UserName, nil
}

// Log lists what was done, newest first.
func (m Moderator) Log(ctx context.Context, cursor string, limit int) (as []store.ChatAct, next string, err error) {
	as, err = m.r.s.o.DB.ChatActs(ctx, m.r.channelID, cursor, limit+1)
	if err != nil || len(as) <= limit {
		return as, "", err
	}
	return as[:limit], as[limit-1].ID, nil
}

// Card is what a moderator sees of a person.
type Card struct {
	User        account.User
	Person      Person
	Role        string
	Lines       []store.ChatLine // newest first, also those that were deleted
	Restriction *store.Restriction
	Blocked     bool // by the channel, from following and speaking
	Log         []store.ChatAct
}

const cardLines = 50

// Card tells of a person.
func (m Moderator) Card(ctx context.Context, name string) (c Card, err error) {
	s := m.r.s
	if c.User, err = s.o.Accounts.UserNamed(ctx, strings.TrimPrefix(name, "@")); err != nil {
		return c, err
	}
	own, err := s.o.DB.RoleInChannel(ctx, m.r.channelID, c.User.ID)
	if err != nil && !errors.Is(err, store.ErrNotFound) {
		return c, err
	}
	c.Person = Person{ID: c.User.ID, Name: c.User.Name, DisplayName: c.User.DisplayName}
	c.Role, c.Person.Badges = badges(c.User, account.Place(own))
	if c.Person.Color, err = s.o.DB.ChatColor(ctx, c.User.ID); err != nil {
		return c, err
	}
	if c.Lines, err = s.o.DB.ChatLinesOfUser(ctx, m.r.channelID, c.User.ID, cardLines); err != nil {
		return c, err
	}
	x, err := s.o.DB.Restriction(ctx, m.r.channelID, c.User.ID)
	if err == nil && (x.Until.IsZero() || x.Until.After(s.o.now())) {
		c.Restriction = &x
	} else if err != nil && !errors.Is(err, store.ErrNotFound) {
		return c, err
	}
	if s.o.Blocked != nil {
		if c.Blocked, err = s.o.Blocked(ctx, m.r.channelID, c.User.ID); err != nil {
			return c, err
		}
	}
	c.Log, err = s.o.DB.ChatActsOn(ctx, m.r.channelID, c.User.ID, cardLines)
	return c, err
}

// OwnRestrictions lists where the actor may not speak.
func (s *Service) OwnRestrictions(ctx context.Context, a account.Actor) ([]store.Restriction, error) {
	if a.User.ID == "" {
		return nil, account.ErrSignIn
	}
	return s.o.DB.RestrictionsOfUser(ctx, a.User.ID, s.o.now(), 100)
}

// Appeal writes down what the actor says to not being allowed to speak, once.
// Moderators see it among the restrictions.
func (s *Service) Appeal(ctx context.Context, a account.Actor, channel, text string) error {
	if a.User.ID == "" {
		return account.ErrSignIn
	}
	if text = strings.TrimSpace(text); text == "" || utf8.RuneCountInString(text) > mostAppeal || !shown(text) {
		return ErrBadAppeal
	}
	c, err := s.o.Accounts.Channel(ctx, channel)
	if err != nil {
		return err
	}
	err = s.o.DB.Write(ctx, func(tx *store.Tx) error { return tx.AppealRestriction(ctx, c.ID, a.User.ID, text, s.o.now()) })
	if errors.Is(err, store.ErrNotFound) {
		return ErrAppealed
	}
	return err
}
