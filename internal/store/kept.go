package store

import "context"

// Segments that leave their recording while a clip refers to them are moved to
// a table of their own. So the recording's rows say what the recording has, and
// what is kept for clips alone can be counted.

// ofClip is true of a row of a table s of segments that a clip which lives
// refers to.
const ofClip = `EXISTS (SELECT 1 FROM clips k WHERE k.broadcast_id = s.broadcast_id AND k.removed_at IS NULL
	AND k.first_segment <= s.number AND k.last_segment >= s.number)`

const keptRendition = `broadcast_id, name, kind, codecs, timescale, width, height,
	frame_rate_num, frame_rate_den, transfer, sample_rate, channels`

// SetAside moves a rendition's segments of the numbers up to `through` to where
// they are kept, those that clips refer to, and describes the rendition there.
func (t *Tx) SetAside(ctx context.Context, broadcastID, rendition string, through int64) error {
	n, err := t.exec(ctx, `INSERT INTO kept_segments (`+segmentColumns+`) SELECT `+segmentColumns+` FROM segments s
		WHERE broadcast_id = $1 AND rendition = $2 AND number <= $3 AND `+ofClip+`
		ON CONFLICT (broadcast_id, rendition, number) DO NOTHING`, broadcastID, rendition, through)
	if err != nil || n == 0 {
		return wrap(err, "set segments of %s aside", rendition)
	}
	_, err = t.exec(ctx, `DELETE FROM segments WHERE broadcast_id = $1 AND rendition = $2 AND number <= $3 AND number IN (
		SELECT number FROM kept_segments WHERE broadcast_id = $1 AND rendition = $2)`, broadcastID, rendition, through)
	if err != nil {
		return wrap(err, "set segments of %s aside", rendition)
	}
	_, err = t.exec(ctx, `INSERT INTO kept_renditions (`+keptRendition+`) SELECT `+keptRendition+` FROM renditions
		WHERE broadcast_id = $1 AND name = $2 ON CONFLICT (broadcast_id, name) DO NOTHING`, broadcastID, rendition)
	return wrap(err, "describe what is kept of %s", rendition)
}

// Keeps reports whether anything of a broadcast is kept for clips alone.
func (r Reader) Keeps(ctx context.Context, broadcastID string) (bool, error) {
	var n int64
	err := r.q.QueryRowContext(ctx, `SELECT COUNT(*) FROM (SELECT 1 FROM kept_segments WHERE broadcast_id = $1 LIMIT 1) s`, broadcastID).Scan(&n)
	return n > 0, wrap(err, "look for what is kept of broadcast")
}

// KeptNumbers lists a rendition's segments that are kept for clips alone, of
// the numbers first..last.
func (r Reader) KeptNumbers(ctx context.Context, broadcastID, rendition string, first, last int64) ([]int64, error) {
	ns, err := list(ctx, r, scanNumber, `SELECT number FROM kept_segments WHERE broadcast_id = $1 AND rendition = $2 AND number >= $3 AND number <= $4
		ORDER BY number`, broadcastID, rendition, first, last)
	return ns, wrap(err, "list what is kept of %s", rendition)
}

// KeptInits lists the initialisation segments of a rendition that its kept
// segments need, by number.
func (r Reader) KeptInits(ctx context.Context, broadcastID, rendition string) ([]int64, error) {
	ns, err := list(ctx, r, scanNumber, `SELECT DISTINCT init FROM kept_segments WHERE broadcast_id = $1 AND rendition = $2 AND gap = 0
		ORDER BY init`, broadcastID, rendition)
	return ns, wrap(err, "list what is kept of %s", rendition)
}

func scanNumber(row scanner) (n int64, err error) {
	err = row.Scan(&n)
	return n, err
}

// ClipSegments lists the segments that a clip refers to, of the recording or
// kept: by rendition and number. Of a clip that was removed some may be gone.
func (r Reader) ClipSegments(ctx context.Context, c Clip) ([]Segment, error) {
	const within = ` WHERE broadcast_id = $1 AND number >= $2 AND number <= $3`
	ss, err := list(ctx, r, scanSegment, `SELECT `+segmentColumns+` FROM kept_segments`+within+`
		UNION ALL SELECT `+segmentColumns+` FROM segments s`+within+` AND NOT EXISTS (SELECT 1 FROM kept_segments o
			WHERE o.broadcast_id = s.broadcast_id AND o.rendition = s.rendition AND o.number = s.number)
		ORDER BY rendition, number`, c.BroadcastID, c.First, c.Last)
	return ss, wrap(err, "list segments of clip")
}

// ClipRenditions lists the renditions of a broadcast, also those that are kept
// for clips alone: in the order of Renditions.
func (r Reader) ClipRenditions(ctx context.Context, broadcastID string) ([]Rendition, error) {
	vs, err := list(ctx, r, scanRendition, `SELECT `+renditionColumns+` FROM renditions WHERE broadcast_id = $1
		UNION ALL SELECT `+keptRendition+` FROM kept_renditions k WHERE broadcast_id = $1 AND NOT EXISTS (
			SELECT 1 FROM renditions o WHERE o.broadcast_id = k.broadcast_id AND o.name = k.name)
		ORDER BY kind DESC, name`, broadcastID)
	return vs, wrap(err, "list renditions of clip")
}

// LooseSegments lists segments of a broadcast that were kept for clips of which
// none lives any more. No clip comes to refer to one again.
func (r Reader) LooseSegments(ctx context.Context, broadcastID string, limit int) ([]Segment, error) {
	ss, err := list(ctx, r, scanSegment, `SELECT `+segmentColumns+` FROM kept_segments s WHERE broadcast_id = $1 AND NOT `+ofClip+`
		ORDER BY rendition, number LIMIT $2`, broadcastID, limit)
	return ss, wrap(err, "list segments that no clip needs")
}

// DeleteKept removes rows of segments that were kept.
func (t *Tx) DeleteKept(ctx context.Context, segments []Segment) error {
	for i := range segments {
		s := &segments[i]
		_, err := t.exec(ctx, `DELETE FROM kept_segments WHERE broadcast_id = $1 AND rendition = $2 AND number = $3`, s.BroadcastID, s.Rendition, s.Number)
		if err != nil {
			return wrap(err, "delete segment that was kept")
		}
	}
	return nil
}

// ForgetKept removes what describes the renditions that were kept, of a
// broadcast of which nothing is kept any more.
func (t *Tx) ForgetKept(ctx context.Context, broadcastID string) error {
	_, err := t.exec(ctx, `DELETE FROM kept_renditions WHERE broadcast_id = $1 AND NOT EXISTS (
		SELECT 1 FROM kept_segments s WHERE s.broadcast_id = $1)`, broadcastID)
	return wrap(err, "forget what was kept of broadcast")
}
