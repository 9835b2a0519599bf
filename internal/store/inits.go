package store

import "context"

// Init is an initialisation segment: what a player reads before the segments
// that name its number.
type Init struct {
	BroadcastID string
	Rendition   string
	Number      int64
	Key         string // of its bytes in the blob store
	Codecs      string // RFC 6381
	Timescale   uint32 // ticks a second
	Bytes       int64
}

const initColumns = `broadcast_id, rendition, number, blob_key, codecs, timescale, bytes`

func scanInit(row scanner) (i Init, err error) {
	err = row.Scan(&i.BroadcastID, &i.Rendition, &i.Number, &i.Key, &i.Codecs, &i.Timescale, &i.Bytes)
	return i, err
}

// PutInit adds an initialisation segment, or replaces it.
func (t *Tx) PutInit(ctx context.Context, i Init) error {
	_, err := t.exec(ctx, `INSERT INTO inits (`+initColumns+`) VALUES ($1, $2, $3, $4, $5, $6, $7)
		ON CONFLICT (broadcast_id, rendition, number) DO UPDATE SET blob_key = excluded.blob_key,
		codecs = excluded.codecs, timescale = excluded.timescale, bytes = excluded.bytes`,
		i.BroadcastID, i.Rendition, i.Number, i.Key, i.Codecs, int64(i.Timescale), i.Bytes)
	return wrap(err, "put init %d of %s", i.Number, i.Rendition)
}

// Inits lists a rendition's initialisation segments by number.
func (r Reader) Inits(ctx context.Context, broadcastID, rendition string) ([]Init, error) {
	is, err := list(ctx, r, scanInit,
		`SELECT `+initColumns+` FROM inits WHERE broadcast_id = $1 AND rendition = $2 ORDER BY number`,
		broadcastID, rendition)
	return is, wrap(err, "list inits of %s", rendition)
}
