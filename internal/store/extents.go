package store

import "context"

// Extent is from where to where a rendition's segments reach.
type Extent struct {
	Rendition   string
	First, Last int64 // numbers
}

func scanExtent(row scanner) (e Extent, err error) {
	err = row.Scan(&e.Rendition, &e.First, &e.Last)
	return e, err
}

// Extents returns those of a broadcast's renditions that have segments, by
// name. It asks the index for a few places alone, so that it costs the same
// for a broadcast of a minute and one of days: Totals reads all rows.
func (r Reader) Extents(ctx context.Context, broadcastID string) ([]Extent, error) {
	es, err := list(ctx, r, scanExtent, `WITH RECURSIVE names (name) AS (
			SELECT MIN(rendition) FROM segments WHERE broadcast_id = $1
			UNION ALL
			SELECT (SELECT MIN(rendition) FROM segments WHERE broadcast_id = $1 AND rendition > names.name)
			FROM names WHERE names.name IS NOT NULL)
		SELECT name, (SELECT MIN(number) FROM segments WHERE broadcast_id = $1 AND rendition = name),
			(SELECT MAX(number) FROM segments WHERE broadcast_id = $1 AND rendition = name)
		FROM names WHERE name IS NOT NULL`, broadcastID)
	return es, wrap(err, "read extents of broadcast")
}
