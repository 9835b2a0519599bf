package flv

import (
	"bytes"
	"flag"
	"fmt"
	"hash/crc32"
	"os"
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/stretchr/testify/require"

	"github.com/rostrumlive/rostrum/internal/media"
)

var update = flag.Bool("update", false, "rewrite golden files")

// tag is one tag of an FLV file.
type tag struct {
	typ  TagType
	ms   int64
	body []byte
}

// tags reads an FLV file. h264_aac.flv is
// ffmpeg's own; the others are Enhanced RTMP made of what ffmpeg encoded.
func tags(t testing.TB, name string) []tag {
	t.Helper()
	b, err := os.ReadFile(filepath.Join("testdata", name))
	require.NoError(t, err)
	file, err := ParseFile(b)
	require.NoError(t, err)
	var all []tag
	for _, f := range file {
		all = append(all, tag{f.Type, f.Timestamp, f.Body})
	}
	return all
}

// describe writes what a tag told in one line, nothing for nothing.
func describe(out *bytes.Buffer, tracks map[*media.Track]int, ms int64, e Event, err error) {
	if len(e.Expect) > 0 {
		fmt.Fprintf(out, "%d expect %v\n", ms, e.Expect)
	}
	if e.Notice.Code != "" {
		fmt.Fprintf(out, "%d notice %s\n", ms, e.Notice)
	}
	if err != nil {
		fmt.Fprintf(out, "%d error %v\n", ms, err)
	}
	u := e.Unit
	if u == nil {
		return
	}
	if _, ok := tracks[u.Track]; !ok {
		tracks[u.Track] = len(tracks)
		k := u.Track
		fmt.Fprintf(out, "track %d %s %s timescale %d %dx%d rate %d/%d, %d Hz %d channels %d samples, %d bit/s\n",
			tracks[k], k.Codec, k.Codecs, k.Timescale, k.Width, k.Height, k.FrameRate.Num, k.FrameRate.Den,
			k.SampleRate, k.Channels, k.SamplesPerFrame, k.Bitrate)
	}
	key := ""
	if u.Key {
		key = " key"
	}
	fmt.Fprintf(out, "%d unit of %d dts %d pts %d %d bytes %08x%s\n",
		ms, tracks[u.Track], u.DTS, u.PTS, len(u.Data), crc32.ChecksumIEEE(u.Data), key)
}

func TestFilesAgainstGolden(t *testing.T) {
	for _, name := range []string{"h264_aac", "h265_opus", "av1_aac"} {
		t.Run(name, func(t *testing.T) {
			var d Demuxer
			var out bytes.Buffer
			tracks := map[*media.Track]int{}
			for _, tag := range tags(t, name+".flv") {
				e, err := d.Tag(tag.typ, tag.ms, tag.body)
				describe(&out, tracks, tag.ms, e, err)
			}
			golden := filepath.Join("testdata", name+".golden")
			if *update {
				require.NoError(t, os.WriteFile(golden, out.Bytes(), 0o644))
			}
			want, err := os.ReadFile(golden)
			require.NoError(t, err)
			if diff := cmp.Diff(string(want), out.String()); diff != "" {
				t.Fatal(diff)
			}
		})
	}
}

// Every NAL unit of the files is whole, and of a type that belongs there.
func TestFilesHoldOnlyContent(t *testing.T) {
	for _, name := range []string{"h264_aac.flv", "h265_opus.flv"} {
		var d Demuxer
		pictures := 0
		for _, tag := range tags(t, name) {
			e, err := d.Tag(tag.typ, tag.ms, tag.body)
			require.NoError(t, err)
			if e.Unit == nil || e.Unit.Track.Kind() != media.Video {
				continue
			}
			pictures++
			total := 0
			for nal := range media.NALUnits(e.Unit.Data) {
				total += 4 + len(nal)
				require.Contains(t, []role{content, randomAccess}, nalRole(d.video.codec, nal))
			}
			require.Equal(t, len(e.Unit.Data), total)
		}
		require.Greater(t, pictures, 10)
	}
}
