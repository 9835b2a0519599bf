package doctor

import (
	"bytes"
	"context"
	"io"
	"os"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/rostrumlive/rostrum/internal/media"
	"github.com/rostrumlive/rostrum/internal/testkit"
)

// Captures of encoders that make other codecs.
func TestOtherCodecs(t *testing.T) {
	for file, says := range map[string]string{
		"../flv/testdata/h265_opus.flv": "H.265",
		"../flv/testdata/av1_aac.flv":   "AV1",
	} {
		s := watch(t, file)
		require.Contains(t, found(t, s, CodecSupport).Seen, says)
		require.NotEmpty(t, Summarise(s).AudioCodec)
	}
}

func TestFormats(t *testing.T) {
	plain := recipe{video: "testsrc=s=128x72:r=25:d=2", audio: "sine=r=16000:d=2", format: "mp4"}.make(t)
	s := watch(t, plain)
	require.InDelta(t, 2, Summarise(s).Seconds, 1)
	require.InDelta(t, 25, Summarise(s).FrameRate, 0.5)
	require.Equal(t, "AAC", Summarise(s).AudioCodec)

	whole := t.TempDir() + "/whole.mp4"
	testkit.FFmpeg(t, time.Minute, "-i", plain, "-c", "copy", whole)
	file, err := os.ReadFile(whole)
	require.NoError(t, err)
	for name, b := range map[string][]byte{
		"MP4 without fragments": file,
		"a playlist":            []byte("#EXTM3U\n#EXT-X-VERSION:9\n"),
		"fragments alone":       append([]byte{0, 0, 0, 8}, "moof\x00\x00\x00\x08mdat"...),
		"a box of no size":      []byte("\x00\x00\x00\x04moov"),
		"a header too long":     []byte("FLV\x01\x05\x7f\x00\x00\x00\x00\x00"),
	} {
		_, err := Watch(t.Context(), bytes.NewReader(b), Watching{})
		require.ErrorIs(t, err, ErrFormat, name)
	}
	_, err = Watch(t.Context(), bytes.NewReader(nil), Watching{})
	require.ErrorIs(t, err, io.EOF)
	_, err = Watch(t.Context(), bytes.NewReader([]byte("FLV\x01\x05\x00\x00\x00\x09\x00\x00")), Watching{})
	require.ErrorIs(t, err, io.EOF, "cut within its header")
}

// What breaks off counts up to there.
func TestAFileThatIsCut(t *testing.T) {
	for _, format := range []string{"flv", "mp4"} {
		whole, err := os.ReadFile(recipe{video: "testsrc=s=128x72:r=25:d=4", audio: "-", format: format}.make(t))
		require.NoError(t, err)
		s, err := Watch(t.Context(), bytes.NewReader(whole[:len(whole)*2/3]), Watching{})
		require.NoError(t, err)
		n := sum(s.seconds).pictures
		require.Greater(t, n, 25, format)
		require.Less(t, n, 100, format)
	}
}

// endless sends a file again and again, as a live stream that goes on.
type endless struct {
	head, rest []byte
	b          *bytes.Reader
}

func (e *endless) Read(p []byte) (int, error) {
	if e.b == nil {
		e.b = bytes.NewReader(e.head)
	}
	if e.b.Len() == 0 {
		e.b = bytes.NewReader(e.rest)
	}
	return e.b.Read(p)
}

func TestALiveStreamIsWatchedForAWhile(t *testing.T) {
	b, err := os.ReadFile(recipe{video: "testsrc=s=128x72:r=25:d=1", audio: "-"}.make(t))
	require.NoError(t, err)
	s, err := Watch(t.Context(), &endless{head: b, rest: b[13:]}, Watching{Live: true, For: 50 * time.Millisecond})
	require.NoError(t, err)
	require.NotNil(t, s.Video)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	s, err = Watch(ctx, &endless{head: b, rest: b[13:]}, Watching{Live: true})
	require.NoError(t, err)
	require.Nil(t, s.Video, "ended before it began")
}

// FuzzSilent: no frame makes the parser run away, and what it calls silent is
// short: nothing in it is coded.
func FuzzSilent(f *testing.F) {
	for _, b := range [][]byte{tune, rest, hush} {
		f.Add(b, false)
	}
	f.Add([]byte{0xfc, 0xff, 0xfe}, true)
	f.Fuzz(func(t *testing.T, b []byte, opus bool) {
		track := aac
		if opus {
			track = &media.Track{Codec: media.Opus, Timescale: 48000}
		}
		before := bytes.Clone(b)
		silent(&media.AccessUnit{Track: track, Data: b})
		require.Equal(t, before, b)
	})
}

// FuzzWatch: whatever a server sends is read to its end or refused.
func FuzzWatch(f *testing.F) {
	b, err := os.ReadFile("../flv/testdata/h264_aac.flv")
	require.NoError(f, err)
	f.Add(b[:4000])
	f.Add([]byte("\x00\x00\x00\x10moof\x00\x00\x00\x08xxxx\x00\x00\x00\x08mdat"))
	f.Fuzz(func(t *testing.T, b []byte) {
		s, err := Watch(t.Context(), bytes.NewReader(b), Watching{})
		if err == nil {
			Examine(s)
		}
	})
}
