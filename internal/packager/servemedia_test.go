package packager

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"net/http"
	"os"
	"path/filepath"
	"strconv"
	"testing"
	"time"

	"github.com/rostrumlive/rostrum/internal/fmp4"
	"github.com/stretchr/testify/require"
)

const videoMedia = "/media/b1/video/source/"

func TestMediaIsServedByAddress(t *testing.T) {
	onAir(t, Options{}, func(s *station) {
		s.play(5 * time.Second)
		w := s.p.Window("video/source")
		init := s.get(videoMedia + "init0.mp4")
		require.Equal(t, http.StatusOK, init.Code)
		require.Equal(t, w.Init(0).Bytes, init.Body.Bytes())
		require.Equal(t, "video/mp4", init.Header().Get("Content-Type"))

		seg := s.now().segment(1)
		whole := s.get(videoMedia + seg.Name())
		require.Equal(t, http.StatusOK, whole.Code)
		require.EqualValues(t, seg.Size, whole.Body.Len())
		require.Equal(t, strconv.FormatInt(seg.Size, 10), whole.Header().Get("Content-Length"))
		frags, err := fmp4.ParseFragments(whole.Body.Bytes())
		require.NoError(t, err)
		require.Len(t, frags, len(seg.Parts))
		var joined []byte
		for i := range seg.Parts {
			p := s.get(videoMedia + seg.Parts[i].Name())
			require.Equal(t, http.StatusOK, p.Code)
			joined = append(joined, p.Body.Bytes()...)
			require.Equal(t, "video/iso.segment", p.Header().Get("Content-Type"))
			require.Equal(t, "public, max-age=31536000, immutable", p.Header().Get("Cache-Control"))
			require.Equal(t, "bytes", p.Header().Get("Accept-Ranges"))
			requireOpen(t, p)
		}
		require.Equal(t, whole.Body.Bytes(), joined, "parts are the segment's bytes")
		open, parts := s.now().open, s.now().parts
		require.NotEmpty(t, parts)
		part := s.get(videoMedia + parts[0].Name())
		require.Equal(t, parts[0].Size, part.Body.Len(), "of the open segment")
		require.Equal(t, http.StatusTeapot, s.get(videoMedia+open.Name()).Code, "not before it is complete")
	})
}

func TestAddressesThatAreNotThereAreTheCallersToAnswer(t *testing.T) {
	onAir(t, Options{}, func(s *station) {
		s.play(3 * time.Second)
		next := s.now().nextPart
		for _, name := range []string{
			"init1.mp4", "init00.mp4", "init.mp4", "seg99.m4s", "seg01.m4s", "seg-1.m4s", "seg+1.m4s", "seg1.mp4", "seg1", "part.m4s", "partx.m4s",
			fmt.Sprintf("part%d.m4s", next+1), "part99999999999999999999.m4s", "x", "",
		} {
			p := s.get(videoMedia + name)
			require.Equal(t, http.StatusTeapot, p.Code, name)
			require.Empty(t, p.Header(), name)
			require.Zero(t, p.took, name)
		}
	})
}

func TestTheHintedPartIsHeldUntilItIsThere(t *testing.T) {
	onAir(t, Options{}, func(s *station) {
		s.play(3 * time.Second)
		next := s.now().nextPart
		name := (&Part{Number: next}).Name()
		p, head, gone := s.ask(http.MethodGet, videoMedia+name), s.ask(http.MethodHead, videoMedia+name), s.ask(http.MethodGet, videoMedia+name)
		require.True(t, p.waits())
		gone.cancel()
		require.False(t, gone.waits())
		s.play(300 * time.Millisecond)
		require.False(t, p.waits())
		require.False(t, head.waits())
		require.LessOrEqual(t, p.took, 210*time.Millisecond)
		require.Equal(t, http.StatusOK, p.Code)
		again := s.get(videoMedia + name)
		require.Equal(t, again.Body.Bytes(), p.Body.Bytes())
		require.Equal(t, again.Header(), head.Header())

		// One that never comes, by silence and by the end.
		time.Sleep(time.Second)
		never := s.get(videoMedia + (&Part{Number: s.now().nextPart}).Name())
		require.Equal(t, http.StatusServiceUnavailable, never.Code)
		require.Equal(t, "1", never.Header().Get("Retry-After"))
		require.Equal(t, 12*time.Second, never.took)
		open := s.ask(http.MethodGet, videoMedia+(&Part{Number: s.now().nextPart}).Name())
		require.True(t, open.waits())
		s.end()
		require.False(t, open.waits(), "the end closes the open part")
		require.Equal(t, http.StatusOK, open.Code)
		last := s.get(videoMedia + (&Part{Number: s.now().nextPart}).Name())
		require.Equal(t, http.StatusTeapot, last.Code)
		require.Zero(t, last.took)
	})
}

func TestRangesOfMedia(t *testing.T) {
	onAir(t, Options{}, func(s *station) {
		s.play(5 * time.Second)
		seg := s.now().segment(1)
		names := []string{"init0.mp4", seg.Name(), seg.Parts[3].Name()}
		whole := map[string][]byte{}
		for _, name := range names {
			whole[name] = bytes.Clone(s.get(videoMedia + name).Body.Bytes())
		}
		check := func() {
			for _, name := range names {
				body := whole[name]
				p := s.get(videoMedia+name, "Range", "bytes=10-99")
				require.Equal(t, http.StatusPartialContent, p.Code)
				require.Equal(t, body[10:100], p.Body.Bytes())
				require.Equal(t, fmt.Sprintf("bytes 10-99/%d", len(body)), p.Header().Get("Content-Range"))
				require.Contains(t, p.Header().Get("Cache-Control"), "immutable")
				p = s.get(videoMedia+name, "Range", "bytes=-7")
				require.Equal(t, body[len(body)-7:], p.Body.Bytes())
				p = s.get(videoMedia+name, "Range", "bytes=99999999-")
				require.Equal(t, http.StatusRequestedRangeNotSatisfiable, p.Code)
				require.Equal(t, "no-store", p.Header().Get("Cache-Control"))
				require.Equal(t, body, s.get(videoMedia+name).Body.Bytes())
			}
		}
		check()
		storeIn(t, seg)
		check()
	})
}

// storeIn puts a complete segment into a file, as one who stores it does.
func storeIn(t *testing.T, s *Segment) {
	path := filepath.Join(t.TempDir(), s.Name())
	require.NoError(t, os.WriteFile(path, bytes.Join(s.memory(0, len(s.Parts)), nil), 0o600))
	s.Stored(func() (*os.File, error) { return os.Open(path) })
}

func TestAStoredSegmentLeavesMemoryAndIsServedFromItsFile(t *testing.T) {
	onAir(t, Options{}, func(s *station) {
		s.play(5 * time.Second)
		seg := s.now().segment(1)
		name := seg.Parts[2].Name()
		part, whole := s.get(videoMedia+name), s.get(videoMedia+seg.Name())
		storeIn(t, seg)
		require.Nil(t, seg.memory(0, 1))
		require.Zero(t, seg.held())
		for from, want := range map[string]*pending{name: part, seg.Name(): whole} {
			p := s.get(videoMedia + from)
			require.Equal(t, want.Body.Bytes(), p.Body.Bytes())
			require.Equal(t, want.Header(), p.Header(), "nobody can tell where it comes from")
		}
	})
}

func TestTroubleWithTheFile(t *testing.T) {
	onAir(t, Options{}, func(s *station) {
		s.play(5 * time.Second)
		seg := s.now().segment(1)
		seg.Stored(func() (*os.File, error) { return nil, fmt.Errorf("open segment: %w", fs.ErrNotExist) })
		p := s.get(videoMedia + seg.Name())
		require.Equal(t, http.StatusTeapot, p.Code, "it was deleted: the caller may know more")
		require.Empty(t, p.Header())
		seg.Stored(func() (*os.File, error) { return nil, errors.New("input/output error") })
		requireRefused(t, s.get(videoMedia+seg.Parts[0].Name()), http.StatusInternalServerError)
	})
}
