package store

import (
	"context"
	"time"
)

// Report is what somebody says should not be here.
type Report struct {
	ID        string
	Kind      string // its words are the caller's
	TargetID  string
	ChannelID string // whose it is
	Reason    string // its words are the caller's
	Words     string
	UserID    string // who said so; empty: somebody who was not signed in
	Sender    string // tells one sender from another
	At        time.Time
	State     ReportState
	DecidedBy string // the name then; empty: nobody yet
	DecidedAt time.Time

	// Read from elsewhere, never written.
	ChannelName string
	Title       string // of what it is about; may be empty
	UserName    string // empty as UserID
}

// ReportState says what became of a report.
type ReportState string

// The states of a report.
const (
	ReportOpen      ReportState = "open"
	ReportDismissed ReportState = "dismissed"
	ReportTakenDown ReportState = "taken_down"
)

// titleOf is the title of what a row t is about.
const titleOf = `COALESCE((SELECT title FROM broadcasts WHERE id = t.target_id), (SELECT title FROM clips WHERE id = t.target_id), c.title)`

const reportQuery = `SELECT t.id, t.kind, t.target_id, t.channel_id, t.reason, t.words, COALESCE(t.user_id, ''), t.sender, t.at, t.state,
	t.decided_by, t.decided_at, c.name, ` + titleOf + `, COALESCE(u.name, '')
	FROM reports t JOIN channels c ON c.id = t.channel_id LEFT JOIN users u ON u.id = t.user_id `

func scanReport(row scanner) (r Report, err error) {
	err = row.Scan(&r.ID, &r.Kind, &r.TargetID, &r.ChannelID, &r.Reason, &r.Words, &r.UserID, &r.Sender, instant{&r.At}, &r.State,
		&r.DecidedBy, instant{&r.DecidedAt}, &r.ChannelName, &r.Title, &r.UserName)
	return r, err
}

// Report returns the report with that id, or ErrNotFound.
func (r Reader) Report(ctx context.Context, id string) (Report, error) {
	report, err := scanReport(r.q.QueryRowContext(ctx, reportQuery+`WHERE t.id = $1`, id))
	return report, wrap(err, "read report")
}

// OpenReports lists the reports that nobody has decided on, newest first, from
// `before` as in BroadcastsByChannel.
func (r Reader) OpenReports(ctx context.Context, before string, limit int) ([]Report, error) {
	rs, err := list(ctx, r, scanReport, reportQuery+`WHERE t.state = 'open' AND t.id < $1 ORDER BY t.id DESC LIMIT $2`, cursor(before), limit)
	return rs, wrap(err, "list open reports")
}

// Reported counts the open reports: all, those of one target, and of those the
// ones of one sender.
type Reported struct{ All, Target, Sender int }

// Reported counts the open reports that stand beside one.
func (t *Tx) Reported(ctx context.Context, about Report) (n Reported, err error) {
	err = t.tx.QueryRowContext(ctx, `SELECT (SELECT COUNT(*) FROM reports WHERE state = 'open'), COUNT(*),
		COALESCE(SUM(CASE WHEN sender = $2 THEN 1 ELSE 0 END), 0) FROM reports WHERE state = 'open' AND target_id = $1`,
		about.TargetID, about.Sender).Scan(&n.All, &n.Target, &n.Sender)
	return n, wrap(err, "count open reports")
}

// InsertReport adds a report that is open.
func (t *Tx) InsertReport(ctx context.Context, r Report) error {
	_, err := t.exec(ctx, `INSERT INTO reports (id, kind, target_id, channel_id, reason, words, user_id, sender, at, state, decided_by, decided_at)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, 'open', '', NULL)`,
		r.ID, r.Kind, r.TargetID, r.ChannelID, r.Reason, r.Words, maybeText(r.UserID), r.Sender, millis(r.At))
	return wrap(err, "insert report")
}

// DismissReport decides that nothing follows from an open report, or returns
// ErrNotFound.
func (t *Tx) DismissReport(ctx context.Context, id, by string, at time.Time) error {
	return t.one(ctx, "dismiss report", `UPDATE reports SET state = 'dismissed', decided_by = $2, decided_at = $3
		WHERE id = $1 AND state = 'open'`, id, by, millis(at))
}

// SettleReports says of all open reports of something that it was taken down.
func (t *Tx) SettleReports(ctx context.Context, targetID, by string, at time.Time) error {
	_, err := t.exec(ctx, `UPDATE reports SET state = 'taken_down', decided_by = $2, decided_at = $3
		WHERE target_id = $1 AND state = 'open'`, targetID, by, millis(at))
	return wrap(err, "settle reports")
}
