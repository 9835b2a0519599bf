package packager

import "time"

// What an encoder can make the server keep, however it behaves. Each bound is
// well beyond what any picture needs: 100 Mbit/s are 50 MB in four seconds.
const (
	// maxWaiting and maxWaitingBytes bound the units of a rendition that wait
	// for the picture.
	maxWaiting      = 2048
	maxWaitingBytes = 16 << 20
	// maxSamples and maxPartBytes close a part before its time.
	maxSamples   = 1024
	maxPartBytes = 16 << 20
	// maxParts and maxSegmentBytes end a segment before its time.
	maxParts        = 1024
	maxSegmentBytes = 128 << 20
	// maxMemory bounds the bytes of a rendition's complete segments that no
	// file holds yet; the oldest go first.
	maxMemory = 256 << 20
)

// maxSegments bounds a window by count, against encoders that make a new
// segment of every frame: four times as many as there are when each is as
// long as it should be, and some.
func (o Options) maxSegments() int {
	const slack = 64
	return slack + int(4*o.keep()/o.Segment)
}

// keep is how long a segment stays: while live playlists list it, and as long
// again after that (RFC 8216bis 6.2.2).
func (o Options) keep() time.Duration { return 2 * o.LiveWindow }

// Reach is how far back a window goes.
func (o Options) Reach() time.Duration { return o.withDefaults().keep() }
