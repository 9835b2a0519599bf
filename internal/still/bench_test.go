package still

import (
	"bytes"
	"os"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/rostrumlive/rostrum/internal/cliptest"
	"github.com/rostrumlive/rostrum/internal/flv"
	"github.com/rostrumlive/rostrum/internal/media"
	"github.com/rostrumlive/rostrum/internal/testkit"
	"github.com/rostrumlive/rostrum/internal/transcode"
)

// full is a stream as many encoders send it.
var full = testkit.Clip{Tracks: testkit.VideoOnly, Size: "1920x1080", Bitrate: "5M", Seconds: 12}

// units are those of a clip's file, so many times one behind the other.
func units(b *testing.B, c testkit.Clip, times int) (all cliptest.Clip) {
	b.Helper()
	file, err := os.ReadFile(c.Path(b))
	require.NoError(b, err)
	tags, err := flv.ParseFile(file)
	require.NoError(b, err)
	var demux flv.Demuxer
	var once cliptest.Clip
	for _, tag := range tags {
		e, err := demux.Tag(tag.Type, tag.Timestamp, bytes.Clone(tag.Body))
		require.NoError(b, err)
		if e.Unit != nil {
			once = append(once, cliptest.Unit{AccessUnit: *e.Unit, Rendition: "video/source", At: media.Duration(e.Unit.DTS, e.Unit.Track.Timescale)})
		}
	}
	for lap := range times {
		shift := time.Duration(float64(lap) * c.Seconds * float64(time.Second))
		ticks := media.Ticks(shift, media.VideoTimescale)
		for _, u := range once {
			u.DTS, u.PTS, u.At = u.DTS+ticks, u.PTS+ticks, u.At+shift
			all = append(all, u)
		}
	}
	return all
}

// ownCPU is the processor time of this process, without its children's.
func ownCPU(b *testing.B) time.Duration {
	b.Helper()
	var r syscall.Rusage
	require.NoError(b, syscall.Getrusage(syscall.RUSAGE_SELF, &r))
	return time.Duration(r.Utime.Nano() + r.Stime.Nano())
}

// report tells what each of n took of the processor: ffmpeg, and the rest.
func report(b *testing.B, h *house, ffmpeg, own time.Duration) {
	b.Helper()
	n := float64(b.N)
	b.ReportMetric((h.ffmpeg.Stats().CPU-ffmpeg).Seconds()*1000/n, "ffmpeg-ms/op")
	b.ReportMetric((ownCPU(b)-own).Seconds()*1000/n, "own-ms/op")
}

// BenchmarkLive: a still of a stream of 1080p.
func BenchmarkLive(b *testing.B) {
	h := newHouse(b, testkit.Tool(b, "ffmpeg"))
	u := units(b, full, 1)[0]
	ffmpeg, own := h.ffmpeg.Stats().CPU, ownCPU(b)
	for b.Loop() {
		_, err := h.ffmpeg.Pictures(b.Context(), transcode.Job{Track: u.Track, Keys: [][]byte{u.Data}, Width: liveSide, Height: liveSide, Urgent: true})
		require.NoError(b, err)
	}
	report(b, h, ffmpeg, own)
}

// BenchmarkRecording: the storyboard and the cover of ten minutes of it.
func BenchmarkRecording(b *testing.B) {
	h := newHouse(b, testkit.Tool(b, "ffmpeg"))
	id := h.record(units(b, full, 50))
	ffmpeg, own := h.ffmpeg.Stats().CPU, ownCPU(b)
	for b.Loop() {
		require.NoError(b, h.s.make(b.Context(), id))
	}
	report(b, h, ffmpeg, own)
	row, err := h.db.Stills(b.Context(), id)
	require.NoError(b, err)
	b.ReportMetric(float64(row.Tiles), "tiles")
	b.ReportMetric(float64(row.Bytes)/1000, "kB")
}
