package store

import "context"

// Rendition is the latest description of one encoding of one kind.
type Rendition struct {
	BroadcastID  string
	Name         string // "video/source"
	Kind         string // "video" or "audio"
	Codecs       string // RFC 6381, for CODECS
	Timescale    uint32 // ticks a second
	Width        int    // pixels; video only, as the next four
	Height       int
	FrameRateNum uint32 // frames a second as a fraction; 0 when not known
	FrameRateDen uint32
	Transfer     uint8 // code point of ITU-T H.273; 0 when not known
	SampleRate   int   // Hz; audio only, as the next
	Channels     int
}

const renditionColumns = `broadcast_id, name, kind, codecs, timescale, width, height,
	frame_rate_num, frame_rate_den, transfer, sample_rate, channels`

func scanRendition(row scanner) (v Rendition, err error) {
	err = row.Scan(&v.BroadcastID, &v.Name, &v.Kind, &v.Codecs, &v.Timescale, &v.Width, &v.Height,
		&v.FrameRateNum, &v.FrameRateDen, &v.Transfer, &v.SampleRate, &v.Channels)
	return v, err
}

// PutRendition adds a rendition, or replaces its description.
func (t *Tx) PutRendition(ctx context.Context, v Rendition) error {
	_, err := t.exec(ctx, `INSERT INTO renditions (`+renditionColumns+`)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)
		ON CONFLICT (broadcast_id, name) DO UPDATE SET kind = excluded.kind, codecs = excluded.codecs,
		timescale = excluded.timescale, width = excluded.width, height = excluded.height,
		frame_rate_num = excluded.frame_rate_num, frame_rate_den = excluded.frame_rate_den,
		transfer = excluded.transfer, sample_rate = excluded.sample_rate, channels = excluded.channels`,
		v.BroadcastID, v.Name, v.Kind, v.Codecs, int64(v.Timescale), v.Width, v.Height,
		int64(v.FrameRateNum), int64(v.FrameRateDen), int64(v.Transfer), v.SampleRate, v.Channels)
	return wrap(err, "put rendition %s", v.Name)
}

// Renditions lists a broadcast's renditions, video before audio, then by
// name.
func (r Reader) Renditions(ctx context.Context, broadcastID string) ([]Rendition, error) {
	vs, err := list(ctx, r, scanRendition,
		`SELECT `+renditionColumns+` FROM renditions WHERE broadcast_id = $1 ORDER BY kind DESC, name`, broadcastID)
	return vs, wrap(err, "list renditions")
}
