package store

import (
	"context"
	"time"
)

// Poll is a question to those in a channel's chat.
type Poll struct {
	ID        string
	ChannelID string
	Question  string
	Choices   []string
	EndsAt    time.Time
	EndedAt   time.Time // before its time; zero: it was not
}

func scanPoll(row scanner) (p Poll, err error) {
	err = row.Scan(&p.ID, &p.ChannelID, &p.Question, fromJSON[string]{&p.Choices}, instant{&p.EndsAt}, instant{&p.EndedAt})
	return p, err
}

// InsertPoll adds a poll.
func (t *Tx) InsertPoll(ctx context.Context, p Poll) error {
	choices, err := asJSON(p.Choices)
	if err != nil {
		return err
	}
	_, err = t.exec(ctx, `INSERT INTO chat_polls (id, channel_id, question, choices, ends_at, ended_at) VALUES ($1, $2, $3, $4, $5, $6)`,
		p.ID, p.ChannelID, p.Question, choices, millis(p.EndsAt), millis(p.EndedAt))
	return wrap(err, "insert poll")
}

// EndPoll ends a poll before its time, or returns ErrNotFound.
func (t *Tx) EndPoll(ctx context.Context, id string, at time.Time) error {
	return t.one(ctx, "end poll", `UPDATE chat_polls SET ended_at = $2 WHERE id = $1 AND ended_at IS NULL AND ends_at > $2`, id, millis(at))
}

// NewestPoll returns the last poll of a channel, or ErrNotFound.
func (r Reader) NewestPoll(ctx context.Context, channelID string) (Poll, error) {
	p, err := scanPoll(r.q.QueryRowContext(ctx, `SELECT id, channel_id, question, choices, ends_at, ended_at FROM chat_polls
		WHERE channel_id = $1 ORDER BY id DESC LIMIT 1`, channelID))
	return p, wrap(err, "read poll")
}

// PutVote writes down what a user chose, in place of what it chose before. A poll
// that is not there is ErrNotFound.
func (t *Tx) PutVote(ctx context.Context, pollID, userID string, choice int) error {
	_, err := t.exec(ctx, `INSERT INTO chat_votes (poll_id, user_id, choice) VALUES ($1, $2, $3) ON CONFLICT (poll_id, user_id) DO UPDATE SET choice = excluded.choice`,
		pollID, userID, choice)
	return wrap(err, "put vote")
}

// Votes counts the votes of a poll for each of its choices.
func (r Reader) Votes(ctx context.Context, pollID string, choices int) ([]int64, error) {
	type count struct{ choice, n int64 }
	scan := func(row scanner) (c count, err error) {
		err = row.Scan(&c.choice, &c.n)
		return c, err
	}
	cs, err := list(ctx, r, scan, `SELECT choice, COUNT(*) FROM chat_votes WHERE poll_id = $1 GROUP BY choice`, pollID)
	votes := make([]int64, choices)
	for _, c := range cs {
		if 0 <= c.choice && c.choice < int64(choices) {
			votes[c.choice] = c.n
		}
	}
	return votes, wrap(err, "count votes")
}
