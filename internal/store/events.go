package store

import (
	"context"
	"time"
)

// Event is something that happened to a broadcast and that its owner should
// know of, such as a loss of its encoder or a gap in its recording.
type Event struct {
	ID          string // events sort by it
	BroadcastID string
	At          time.Time
	Kind        string        // short and stable, such as "interrupted"
	Text        string        // a sentence for a person
	Duration    time.Duration // in whole milliseconds; 0 for what has none, or is not over
	Media       time.Duration // where on the broadcast's media time, in whole milliseconds; 0 for kinds that do not lie there
}

const eventColumns = `id, broadcast_id, at, kind, text, duration_ms, media_ms`

func scanEvent(row scanner) (e Event, err error) {
	err = row.Scan(&e.ID, &e.BroadcastID, instant{&e.At}, &e.Kind, &e.Text, span{&e.Duration}, span{&e.Media})
	return e, err
}

// PutEvent adds an event, or replaces the one with its id. A broadcast that is
// not there is ErrNotFound.
func (t *Tx) PutEvent(ctx context.Context, e Event) error {
	_, err := t.exec(ctx, `INSERT INTO broadcast_events (`+eventColumns+`) VALUES ($1, $2, $3, $4, $5, $6, $7)
		ON CONFLICT (id) DO UPDATE SET at = excluded.at, text = excluded.text, duration_ms = excluded.duration_ms,
		media_ms = excluded.media_ms`,
		e.ID, e.BroadcastID, millis(e.At), e.Kind, e.Text, e.Duration.Milliseconds(), e.Media.Milliseconds())
	return wrap(err, "put event")
}

// Events lists a broadcast's events, oldest first: those after the one with
// the id `after`.
func (r Reader) Events(ctx context.Context, broadcastID, after string, limit int) ([]Event, error) {
	es, err := list(ctx, r, scanEvent,
		`SELECT `+eventColumns+` FROM broadcast_events WHERE broadcast_id = $1 AND id > $2 ORDER BY id LIMIT $3`,
		broadcastID, after, limit)
	return es, wrap(err, "list events")
}

// EventsOfKind lists a broadcast's events of one kind, oldest first.
func (r Reader) EventsOfKind(ctx context.Context, broadcastID, kind string, limit int) ([]Event, error) {
	es, err := list(ctx, r, scanEvent,
		`SELECT `+eventColumns+` FROM broadcast_events WHERE broadcast_id = $1 AND kind = $2 ORDER BY id LIMIT $3`,
		broadcastID, kind, limit)
	return es, wrap(err, "list events of kind %s", kind)
}
