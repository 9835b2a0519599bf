package store

import (
	"context"
	"errors"
	"fmt"
	"slices"
)

// ObjectKind says what an object is to the rows that speak of it.
type ObjectKind string

// The kinds of objects.
const (
	Picture    ObjectKind = "picture"    // of a channel, by its Key
	EmoteImage ObjectKind = "emote"      // an emote's picture, by its Key
	Cover      ObjectKind = "cover"      // of a broadcast's recording
	ClipCover  ObjectKind = "clip"       // of a clip, whose id is its Key; it need not be there
	Storyboard ObjectKind = "storyboard" // of a recording, on Number sheets
	InitObject ObjectKind = "init"       // an initialisation section
	Media      ObjectKind = "segment"
)

// Object is what rows speak of and what lies elsewhere.
type Object struct {
	Kind      ObjectKind `json:"kind"`
	Broadcast string     `json:"broadcast,omitempty"`
	Rendition string     `json:"rendition,omitempty"`
	Number    int64      `json:"number,omitempty"`
	Key       string     `json:"key,omitempty"`
	// Lost is true of one that is missing though rows speak of it: it was not
	// removed.
	Lost bool `json:"lost,omitempty"`
}

// Of recordings that were removed rows may be there for a moment longer than
// their media.
const (
	namedPictures = `SELECT avatar FROM channels WHERE avatar <> '' UNION SELECT banner FROM channels WHERE banner <> ''
		UNION SELECT offline FROM channels WHERE offline <> ''`
	namedStills = `FROM stills s JOIN broadcasts b ON b.id = s.broadcast_id WHERE b.state <> 'discarded'`
	namedInits  = `SELECT i.broadcast_id, i.rendition, i.number FROM inits i JOIN broadcasts b ON b.id = i.broadcast_id WHERE b.state <> 'discarded'`
	keptInits   = `SELECT broadcast_id, rendition, init FROM kept_segments WHERE gap = 0`
	namedMedia  = `SELECT s.broadcast_id, s.rendition, s.number FROM segments s JOIN broadcasts b ON b.id = s.broadcast_id
		WHERE b.state <> 'discarded' AND s.gap = 0`
	keptMedia = `SELECT broadcast_id, rendition, number FROM kept_segments WHERE gap = 0`
)

// Objects goes through the objects that the rows speak of: pictures and covers,
// and with media also storyboards and everything that recordings and clips are
// played from. Each comes once.
func (p *Snapshot) Objects(ctx context.Context, media bool, each func(Object) error) error {
	for _, q := range p.objectQueries(media) {
		if err := p.objects(ctx, q.kind, q.text, each); err != nil {
			return err
		}
	}
	return nil
}

type objectQuery struct {
	kind ObjectKind
	text string
}

// objectQueries are those for the tables that there are: those that came later
// are not in older schemas.
func (p *Snapshot) objectQueries(media bool) (queries []objectQuery) {
	has := func(table, column string) bool {
		t := find(p.tables, table)
		return t != nil && slices.Contains(t.names(), column)
	}
	if has("channels", "avatar") {
		queries = append(queries, objectQuery{Picture, namedPictures})
	}
	if has("emotes", "picture") {
		queries = append(queries, objectQuery{EmoteImage, `SELECT picture FROM emotes`})
	}
	if has("stills", "cover") {
		queries = append(queries, objectQuery{Cover, `SELECT s.broadcast_id, '', 0 ` + namedStills + ` AND s.cover = 1`})
	}
	if has("clips", "removed_at") {
		queries = append(queries, objectQuery{ClipCover, `SELECT broadcast_id, id FROM clips WHERE removed_at IS NULL`})
	}
	if !media {
		return queries
	}
	if has("stills", "sheets") {
		queries = append(queries, objectQuery{Storyboard, `SELECT s.broadcast_id, '', s.sheets ` + namedStills + ` AND s.tiles > 0`})
	}
	if has("inits", "number") {
		queries = append(queries, objectQuery{InitObject, p.orKept(namedInits, keptInits)})
	}
	if has("segments", "number") {
		queries = append(queries, objectQuery{Media, namedMedia + ` ORDER BY s.broadcast_id, s.rendition, s.number`})
	}
	if has("kept_segments", "number") { // a segment is in one of the two tables
		queries = append(queries, objectQuery{Media, keptMedia})
	}
	return queries
}

func (p *Snapshot) objects(ctx context.Context, kind ObjectKind, query string, each func(Object) error) error {
	rows, err := p.tx.QueryContext(ctx, query)
	if err != nil {
		return wrap(err, "list objects")
	}
	defer func() { _ = rows.Close() }() // rows.Err tells what matters
	for rows.Next() {
		o := Object{Kind: kind}
		into := []any{&o.Broadcast, &o.Rendition, &o.Number}
		switch kind {
		case Picture, EmoteImage:
			into = []any{&o.Key}
		case ClipCover:
			into = []any{&o.Broadcast, &o.Key}
		}
		if err := rows.Scan(into...); err != nil {
			return wrap(err, "list objects")
		}
		if err := each(o); err != nil {
			return err
		}
	}
	return wrap(rows.Err(), "list objects")
}

// Named reports whether rows still speak of one of Objects, now and not at the
// snapshot's moment. It may be called after End.
func (p *Snapshot) Named(ctx context.Context, o Object) (bool, error) {
	var query string
	args := []any{o.Broadcast, o.Rendition, o.Number}
	const of = ` AND %[1]s.broadcast_id = $1 AND %[1]s.rendition = $2 AND %[1]s.`
	switch o.Kind {
	case Picture:
		query, args = `SELECT 1 FROM channels WHERE avatar = $1 OR banner = $1 OR offline = $1`, []any{o.Key}
	case EmoteImage:
		query, args = `SELECT 1 FROM emotes WHERE picture = $1`, []any{o.Key}
	case ClipCover:
		query, args = `SELECT 1 FROM clips WHERE broadcast_id = $1 AND id = $2 AND removed_at IS NULL`, []any{o.Broadcast, o.Key}
	case Cover, Storyboard:
		query, args = `SELECT 1 `+namedStills+` AND s.broadcast_id = $1`, args[:1]
	case InitObject:
		query = p.orKept(namedInits+fmt.Sprintf(of, "i")+`number = $3`, keptInits+fmt.Sprintf(of, "kept_segments")+`init = $3`)
	case Media:
		query = p.orKept(namedMedia+fmt.Sprintf(of, "s")+`number = $3`, keptMedia+fmt.Sprintf(of, "kept_segments")+`number = $3`)
	default:
		return false, fmt.Errorf("%q is no kind of object", o.Kind)
	}
	var n int64
	err := p.s.read.QueryRowContext(ctx, `SELECT COUNT(*) FROM (`+query+`) n`, args...).Scan(&n)
	return n > 0, wrap(err, "look for the row of an object")
}

// orKept is a query and the same among what is kept for clips, where that is.
func (p *Snapshot) orKept(query, kept string) string {
	if find(p.tables, "kept_segments") == nil {
		return query
	}
	return query + ` UNION ` + kept
}

// End lets go of the snapshot's moment, so that the database need not keep it
// any longer: what follows are Named and Close.
func (p *Snapshot) End() error {
	if err := p.tx.Rollback(); err != nil {
		return wrap(err, "end snapshot")
	}
	return nil
}

// forgets are the statements by which rows cease to speak of an object.
func (o *Object) forgets() ([]string, []any, error) {
	switch o.Kind {
	case Picture:
		return []string{
			`UPDATE channels SET avatar = '' WHERE avatar = $1`, `UPDATE channels SET banner = '' WHERE banner = $1`,
			`UPDATE channels SET offline = '' WHERE offline = $1`,
		}, []any{o.Key}, nil
	case EmoteImage:
		return []string{`DELETE FROM emotes WHERE picture = $1`}, []any{o.Key}, nil
	case Cover, Storyboard: // they are made again
		return []string{`DELETE FROM stills WHERE broadcast_id = $1`}, []any{o.Broadcast}, nil
	case InitObject: // no more than what needs it can be played
		return []string{`DELETE FROM inits WHERE broadcast_id = $1 AND rendition = $2 AND number = $3`}, []any{o.Broadcast, o.Rendition, o.Number}, nil
	case Media:
		if o.Lost { // numbers of a recording have no holes
			return []string{
				`UPDATE segments SET gap = 1, bytes = 0 WHERE broadcast_id = $1 AND rendition = $2 AND number = $3`,
				`UPDATE kept_segments SET gap = 1, bytes = 0 WHERE broadcast_id = $1 AND rendition = $2 AND number = $3`,
			}, []any{o.Broadcast, o.Rendition, o.Number}, nil
		}
		return []string{
			`DELETE FROM segments WHERE broadcast_id = $1 AND rendition = $2 AND number = $3`,
			`DELETE FROM kept_segments WHERE broadcast_id = $1 AND rendition = $2 AND number = $3`,
		}, []any{o.Broadcast, o.Rendition, o.Number}, nil
	}
	return nil, nil, errors.New("an object of no kind")
}
