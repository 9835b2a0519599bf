// Package cliptest feeds streams from the demo clip, in tests of the rooms
// that media runs through: 24 s of H.264 at 30 pictures a second with a key
// frame every 2 s, and AAC at 48 kHz. It knows nothing of what becomes of them.
package cliptest

import (
	"bytes"
	"os"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/rostrumlive/rostrum/internal/flv"
	"github.com/rostrumlive/rostrum/internal/live"
	"github.com/rostrumlive/rostrum/internal/media"
)

// path is that from the folder of any room, where its tests run.
const path = "../app/demo/clip.flv"

// Unit is an access unit on the clip's own clock.
type Unit struct {
	media.AccessUnit
	Rendition string        // to which it belongs, such as "video/source"
	At        time.Duration // its decode time
}

// Clip is the clip's units in the order of the file.
type Clip []Unit

// Load reads the clip. The tracks are new each time, as an encoder's are.
func Load(t testing.TB) Clip {
	t.Helper()
	return LoadFile(t, path)
}

// LoadFile reads another FLV file, such as those of other codecs.
func LoadFile(t testing.TB, path string) Clip {
	t.Helper()
	file, err := os.ReadFile(path)
	require.NoError(t, err)
	tags, err := flv.ParseFile(file)
	require.NoError(t, err)
	var demux flv.Demuxer
	var c Clip
	for _, tag := range tags {
		e, err := demux.Tag(tag.Type, tag.Timestamp, bytes.Clone(tag.Body))
		require.NoError(t, err)
		if e.Unit == nil {
			continue
		}
		track := e.Unit.Track
		c = append(c, Unit{*e.Unit, track.Kind().String() + "/source", media.Duration(e.Unit.DTS, track.Timescale)})
	}
	require.NotEmpty(t, c)
	return c
}

// length is the clip's: sound and picture end together.
const length = 24 * time.Second

// Repeat returns the clip played n times in a row on one timeline.
func (c Clip) Repeat(n int) Clip {
	var all Clip
	for lap := range n {
		shift := time.Duration(lap) * length
		for _, u := range c {
			ticks := media.Ticks(shift, u.Track.Timescale)
			u.DTS, u.PTS, u.At = u.DTS+ticks, u.PTS+ticks, u.At+shift
			all = append(all, u)
		}
	}
	return all
}

// Between returns the units from a time up to another.
func (c Clip) Between(from, to time.Duration) Clip {
	var part Clip
	for _, u := range c {
		if u.At >= from && u.At < to {
			part = append(part, u)
		}
	}
	return part
}

// Of returns the units of one kind.
func (c Clip) Of(k media.Kind) Clip {
	var part Clip
	for _, u := range c {
		if u.Track.Kind() == k {
			part = append(part, u)
		}
	}
	return part
}

// Send writes all units at once. A stream of usual limits loses what goes
// beyond 4 s before it is read.
func (c Clip) Send(pub *live.Publisher) {
	for i := range c {
		u := c[i].AccessUnit // what is written belongs to the stream
		pub.Rendition(c[i].Rendition).Write(&u)
	}
}
