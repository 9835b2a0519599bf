package chat

import (
	"context"
	"errors"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/rostrumlive/rostrum/internal/account"
	"github.com/rostrumlive/rostrum/internal/store"
)

// Errors of polls.
var (
	ErrBadPoll   = &account.Error{Code: "bad_poll", Reason: "a poll has a question of up to 200 characters, 2 to 10 answers of up to 80, and takes 10 seconds to a day"}
	ErrNoPoll    = &account.Error{Code: "no_poll", Reason: "there is no poll"}
	ErrPollEnded = &account.Error{Code: "poll_ended", Reason: "this poll is over"}
)

const (
	mostQuestion = 200
	mostAnswers  = 10
	mostAnswer   = 80
	shortestPoll = 10 * time.Second
	longestPoll  = 24 * time.Hour
	defaultPoll  = time.Minute
	pollRemains  = 30 * time.Second // shown after its end
)

// PollNow is a poll as it stands.
type PollNow struct {
	_        struct{}     `nullable:"true"`
	ID       string       `json:"id"`
	Question string       `json:"question"`
	Options  []PollOption `json:"options" nullable:"false"`
	EndsAt   int64        `json:"endsAt" doc:"Milliseconds since 1970."`
	Ended    bool         `json:"ended"`
	Total    int64        `json:"total"`
}

// PollOption is an answer of a poll.
type PollOption struct {
	Text  string `json:"text"`
	Votes int64  `json:"votes"`
}

// PollEvent tells everybody of a poll.
type PollEvent struct {
	Type string   `json:"type" enum:"poll"`
	Poll *PollNow `json:"poll" doc:"Null: there is none any more."`
}

// poll is the room's, with its votes as they were counted last.
type poll struct {
	store.Poll

	votes []int64
	dirty bool // there are votes since
	ended bool // everybody was told
}

func (p *poll) over(now time.Time) bool { return !p.EndedAt.IsZero() || !now.Before(p.EndsAt) }

func (p *poll) end() time.Time {
	if p.EndedAt.IsZero() {
		return p.EndsAt
	}
	return p.EndedAt
}

func (p *poll) event(now time.Time) *PollNow {
	e := &PollNow{ID: p.ID, Question: p.Question, EndsAt: millis(p.EndsAt), Ended: p.over(now)}
	for i, text := range p.Choices {
		e.Options = append(e.Options, PollOption{text, p.votes[i]})
		e.Total += p.votes[i]
	}
	return e
}

// readPoll returns the poll that goes on or has just ended, nil when there is
// none.
func (s *Service) readPoll(ctx context.Context, channelID string) (*poll, error) {
	row, err := s.o.DB.NewestPoll(ctx, channelID)
	if errors.Is(err, store.ErrNotFound) {
		return nil, nil //nolint:nilnil // there is none
	}
	if err != nil {
		return nil, err
	}
	p := &poll{Poll: row}
	if s.o.now().Sub(p.end()) > pollRemains {
		return nil, nil //nolint:nilnil // there is none any more
	}
	p.votes, err = s.o.DB.Votes(ctx, p.ID, len(p.Choices))
	return p, err
}

// reloadPoll reads the poll anew, and tells everybody.
func (r *Room) reloadPoll() {
	ctx, cancel := context.WithTimeout(r.s.ctx, 10*time.Second)
	defer cancel()
	p, err := r.s.readPoll(ctx, r.channelID)
	if err != nil {
		r.s.log.Warn("a poll cannot be read", "error", err)
		return
	}
	r.mu.Lock()
	r.poll = p
	if p != nil {
		p.ended = p.over(r.s.o.now())
		r.append(encode(PollEvent{"poll", p.event(r.s.o.now())}))
	}
	r.mu.Unlock()
	r.flushIfDue()
}

func (r *Room) pollNow() *PollNow {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.poll == nil {
		return nil
	}
	return r.poll.event(r.s.o.now())
}

// tickPoll counts votes that came since the last tick, and ends polls.
func (r *Room) tickPoll(ctx context.Context) {
	now := r.s.o.now()
	r.mu.Lock()
	p := r.poll
	if p == nil {
		r.mu.Unlock()
		return
	}
	ending := p.over(now) && !p.ended
	count := p.dirty || ending
	p.dirty = false
	gone := now.Sub(p.end()) > pollRemains
	if gone {
		r.poll = nil
		r.append(encode(PollEvent{Type: "poll"}))
	}
	id, n := p.ID, len(p.Choices)
	r.mu.Unlock()
	if !count || gone {
		return
	}
	votes, err := r.s.o.DB.Votes(ctx, id, n)
	r.mu.Lock()
	defer r.mu.Unlock()
	switch {
	case err != nil:
		r.s.log.Warn("votes cannot be counted", "error", err)
		p.dirty = true
	case r.poll == p:
		p.ended = p.ended || ending
		if !ending && slices.Equal(votes, p.votes) {
			return
		}
		p.votes = votes
		r.append(encode(PollEvent{"poll", p.event(now)}))
	}
}

// StartPoll asks those in the chat, in place of the poll that there was. It takes
// a minute where d is 0.
func (m Moderator) StartPoll(ctx context.Context, question string, answers []string, d time.Duration) (*PollNow, error) {
	if d == 0 {
		d = defaultPoll
	}
	question = clean(question)
	if n := utf8.RuneCountInString(question); n < 1 || n > mostQuestion || d < shortestPoll || d > longestPoll || len(answers) < 2 || len(answers) > mostAnswers {
		return nil, ErrBadPoll
	}
	choices := make([]string, len(answers))
	for i, a := range answers {
		choices[i] = clean(a)
		if n := utf8.RuneCountInString(choices[i]); n < 1 || n > mostAnswer || slices.Contains(choices[:i], choices[i]) {
			return nil, ErrBadPoll
		}
	}
	s := m.r.s
	now := s.o.now().UTC().Truncate(time.Millisecond)
	row := store.Poll{ID: s.o.DB.NewID(), ChannelID: m.r.channelID, Question: question, Choices: choices, EndsAt: now.Add(d)}
	err := m.act(ctx, "poll", account.User{}, question+": "+strings.Join(choices, ", "), func(tx *store.Tx) error {
		if old, err := tx.NewestPoll(ctx, m.r.channelID); err == nil {
			if err := tx.EndPoll(ctx, old.ID, now); err != nil && !errors.Is(err, store.ErrNotFound) {
				return err
			}
		}
		return tx.InsertPoll(ctx, row)
	})
	if err != nil {
		return nil, err
	}
	s.say(m.r.channelID, envelope{Kind: kindPoll})
	p := poll{Poll: row, votes: make([]int64, len(choices))}
	return p.event(now), nil
}

// EndPoll ends the poll before its time.
func (m Moderator) EndPoll(ctx context.Context) error {
	s := m.r.s
	err := m.act(ctx, "endpoll", account.User{}, "", func(tx *store.Tx) error {
		row, err := tx.NewestPoll(ctx, m.r.channelID)
		if err == nil {
			err = tx.EndPoll(ctx, row.ID, s.o.now())
		}
		return err
	})
	if errors.Is(err, store.ErrNotFound) {
		return ErrNoPoll
	}
	if err == nil {
		s.say(m.r.channelID, envelope{Kind: kindPoll})
	}
	return err
}

// vote writes down what somebody chooses, in place of what it chose before.
func (r *Room) vote(ctx context.Context, a account.Actor, id string, choice int) error {
	st, err := r.standing(ctx, a)
	if err != nil {
		return err
	}
	if err := mayTakePart(a, st); err != nil {
		return err
	}
	r.mu.Lock()
	p := r.poll
	r.mu.Unlock()
	switch {
	case p == nil || p.ID != id || choice < 0 || choice >= len(p.Choices):
		return ErrNoPoll
	case p.over(r.s.o.now()):
		return ErrPollEnded
	}
	if err := r.s.writer.write(ctx, &job{vote: &vote{id, st.person.ID, choice}}); err != nil {
		return err
	}
	r.s.say(r.channelID, envelope{Kind: kindVotes})
	return nil
}

// mayTakePart returns nil when somebody may vote and react: all who are signed in
// and not kept from speaking.
func mayTakePart(a account.Actor, st *standing) error {
	switch st.why {
	case whySignIn, whyBanned, whyTimeout:
		return mayActor(a, st)
	}
	free := *st
	free.why = ""
	return mayActor(a, &free)
}
