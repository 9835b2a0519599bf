package store

import "context"

// SegmentsInBlock is how many segment numbers Blocks sums up together: two
// minutes of the usual length.
const SegmentsInBlock = 64

// Block sums up the segments of one rendition whose numbers lie between n and
// n+1 times SegmentsInBlock, gaps and those that pass left out: enough to tell
// whether a copy of what the rows say is still right.
type Block struct {
	Number         int64 // n
	Segments       int64
	Numbers, Inits int64 // sums
	Bytes          int64
}

func scanBlock(row scanner) (b Block, err error) {
	err = row.Scan(&b.Number, &b.Segments, &b.Numbers, &b.Inits, &b.Bytes)
	return b, err
}

// Blocks sums up a rendition's segments of the numbers first..last, by block.
func (r Reader) Blocks(ctx context.Context, broadcastID, rendition string, first, last int64) ([]Block, error) {
	bs, err := list(ctx, r, scanBlock, `SELECT number / $5, COUNT(*), CAST(SUM(number) AS BIGINT),
		CAST(SUM(init) AS BIGINT), CAST(SUM(bytes) AS BIGINT)
		FROM segments WHERE broadcast_id = $1 AND rendition = $2 AND number >= $3 AND number <= $4 AND gap = 0 AND passing = 0
		GROUP BY number / $5 ORDER BY number / $5`, broadcastID, rendition, first, last, SegmentsInBlock)
	return bs, wrap(err, "sum blocks of %s", rendition)
}

// Stretch sums up a rendition's segments of one initialisation segment, gaps and
// those that pass left out.
type Stretch struct {
	Init        int64
	First, Last int64 // numbers
	Bytes       int64
	Start, End  int64 // ticks since the broadcast's epoch
	Timescale   uint32
}

func scanStretch(row scanner) (s Stretch, err error) {
	err = row.Scan(&s.Init, &s.First, &s.Last, &s.Bytes, &s.Start, &s.End, &s.Timescale)
	return s, err
}

// Stretches sums up a rendition's segments of the numbers first..last by
// initialisation segment, in order.
func (r Reader) Stretches(ctx context.Context, broadcastID, rendition string, first, last int64) ([]Stretch, error) {
	ss, err := list(ctx, r, scanStretch, `SELECT init, MIN(number), MAX(number), CAST(SUM(bytes) AS BIGINT),
		MIN(start), MAX(start + duration), MIN(timescale)
		FROM segments WHERE broadcast_id = $1 AND rendition = $2 AND number >= $3 AND number <= $4 AND gap = 0 AND passing = 0
		GROUP BY init ORDER BY MIN(number)`, broadcastID, rendition, first, last)
	return ss, wrap(err, "sum stretches of %s", rendition)
}
