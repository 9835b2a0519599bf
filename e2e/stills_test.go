package e2e

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"image"
	"image/jpeg"
	"net/http"
	"regexp"
	"strconv"
	"syscall"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/rostrumlive/rostrum/internal/testkit"
)

// stills are the addresses of the pictures of what is on air, or of a recording.
type stills struct {
	Preview    string `json:"preview"`
	Cover      string `json:"cover"`
	Storyboard string `json:"storyboard"`
}

// TestStills: what is on air has a still that moves on, its recording a cover
// and a storyboard soon after its end, and nobody sees them who may not see the
// rest.
func TestStills(t *testing.T) {
	t.Parallel()
	s := startOpen(t)
	encoder := testkit.PublishTest(t, "60", s.PublishURL("pictures"))
	now := onAir(t, s, "pictures")
	var c struct{ Live stills }
	require.NoError(t, getJSON(t.Context(), s, "/api/v1/channels/pictures", &c))
	first := awaitPicture(t, s, c.Live.Preview, nil)
	require.Equal(t, image.Pt(320, 180), picture(t, first).Bounds().Size())
	awaitPicture(t, s, c.Live.Preview, first)
	encoder.Signal(syscall.SIGTERM)
	archived(t, s, "pictures", now.Broadcast)

	var b stills
	testkit.Eventually(t, limit, func(ctx context.Context) error {
		if err := getJSON(ctx, s, "/api/v1/broadcasts/"+now.Broadcast, &b); err != nil {
			return err
		}
		if b.Cover == "" || b.Storyboard == "" {
			return errors.New("there are no stills yet")
		}
		return nil
	})
	require.Equal(t, image.Pt(320, 180), picture(t, bodyAt(t, s, b.Cover)).Bounds().Size())
	list := bodyAt(t, s, b.Storyboard)
	require.True(t, bytes.HasPrefix(list, []byte("WEBVTT\n")), "%s", list)
	cues := regexp.MustCompile(`(?m)^[0-9:.]+ --> [0-9:.]+\n(storyboard-0\.jpg)#xywh=(\d+),(\d+),(\d+),(\d+)$`).FindAllSubmatch(list, -1)
	require.NotEmpty(t, cues, "%s", list)
	sheet := picture(t, bodyAt(t, s, "/vod/"+now.Broadcast+"/"+string(cues[0][1]))).Bounds()
	for _, cue := range cues {
		var at [4]int
		for i := range at {
			n, err := strconv.Atoi(string(cue[i+2]))
			require.NoError(t, err)
			at[i] = n
		}
		tile := image.Rect(at[0], at[1], at[0]+at[2], at[1]+at[3])
		require.True(t, tile.In(sheet) && !tile.Empty(), "%v in %v", tile, sheet)
	}
	require.Positive(t, metric(t, s, "rostrum_stills_total"))
	require.Positive(t, metric(t, s, "rostrum_ffmpeg_cpu_seconds_total"))

	again := testkit.PublishTest(t, "60", s.PublishURL("pictures"))
	onAir(t, s, "pictures")
	setPassword(t, s, "pictures", "open sesame")
	for _, address := range []string{c.Live.Preview, b.Cover, b.Storyboard} {
		refused(t, s.URL(address))
	}
	v := beginViewing(t, s, "channels/pictures", "open sesame")
	awaitPicture(t, s, v.Prefix+c.Live.Preview, nil)
	recorded := beginViewing(t, s, "broadcasts/"+now.Broadcast, "open sesame")
	require.Equal(t, list, bodyAt(t, s, recorded.Prefix+b.Storyboard))
	again.Signal(syscall.SIGTERM)
}

func bodyAt(t *testing.T, s *testkit.Server, path string) []byte {
	t.Helper()
	b, err := testkit.Fetch(t.Context(), s.URL(path))
	require.NoError(t, err)
	return b
}

// awaitPicture asks for one until there is one that is another than one before.
func awaitPicture(t *testing.T, s *testkit.Server, path string, before []byte) (b []byte) {
	t.Helper()
	require.NotEmpty(t, path)
	testkit.Eventually(t, limit, func(ctx context.Context) (err error) {
		if b, err = testkit.Fetch(ctx, s.URL(path)); err != nil {
			return err
		}
		if bytes.Equal(b, before) {
			return fmt.Errorf("%s is the one before", path)
		}
		return nil
	})
	require.Equal(t, "image/jpeg", http.DetectContentType(b))
	return b
}

func picture(t *testing.T, b []byte) image.Image {
	t.Helper()
	m, err := jpeg.Decode(bytes.NewReader(b))
	require.NoError(t, err)
	return m
}
