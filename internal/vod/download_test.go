package vod

import (
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/rostrumlive/rostrum/internal/cliptest"
	"github.com/rostrumlive/rostrum/internal/packager"
	"github.com/rostrumlive/rostrum/internal/store"
	"github.com/rostrumlive/rostrum/internal/testkit"
)

// download asks for a recording as a file, with headers in pairs.
func (h *house) download(id, query string, headers ...string) *httptest.ResponseRecorder {
	w := httptest.NewRecorder()
	r := httptest.NewRequest(http.MethodGet, "/vod/"+id+"/download.mp4"+query, http.NoBody)
	for i := 0; i < len(headers); i += 2 {
		r.Header.Set(headers[i], headers[i+1])
	}
	h.lib.ServeDownload(w, r, id)
	return w
}

// saved writes a download to a file.
func (h *house) saved(w *httptest.ResponseRecorder) string {
	h.t.Helper()
	require.Equal(h.t, http.StatusOK, w.Code, w.Body.String())
	path := filepath.Join(h.t.TempDir(), "download.mp4")
	require.NoError(h.t, os.WriteFile(path, w.Body.Bytes(), 0o600))
	return path
}

// requireSame checks that a file has the frames of another, byte by byte and
// with the same pictures when decoded, at the same times.
func requireSame(t *testing.T, want, got string) {
	t.Helper()
	for _, kind := range []string{"v", "a"} {
		sent, kept := testkit.Packets(t, want, kind), testkit.Packets(t, got, kind)
		require.Len(t, kept, len(sent))
		for i := range sent {
			require.Equal(t, sent[i].Hash, kept[i].Hash, "frame %d of %s", i, kind)
			require.InDelta(t, (sent[i].PTS - sent[0].PTS).Seconds(), (kept[i].PTS - kept[0].PTS).Seconds(), 0.002)
		}
	}
	require.Equal(t, testkit.DecodedFrames(t, want, "v"), testkit.DecodedFrames(t, got, "v"))
}

const clipFile = "../app/demo/clip.flv"

func TestDownloadIsTheRecording(t *testing.T) {
	h := newHouse(t, nil)
	a := h.begin(packager.Options{}, 0)
	cliptest.Load(t).Send(a.pub)
	a.end()
	h.archive(a.id)

	w := h.download(a.id, "")
	requireSame(t, clipFile, h.saved(w))
	require.Equal(t, "video/mp4", w.Header().Get("Content-Type"))
	require.Equal(t, archivedCache, w.Header().Get("Cache-Control"))
	require.Equal(t, `attachment; filename="mine-`+time.Now().UTC().Format(time.DateOnly)+`.mp4"`, w.Header().Get("Content-Disposition"))
}

// requests of all kinds are answered out of one body.
func TestDownloadRanges(t *testing.T) {
	h := newHouse(t, nil)
	a := h.begin(packager.Options{}, 0)
	cliptest.Load(t).Between(0, 9*time.Second).Send(a.pub)
	a.end()
	h.archive(a.id)

	whole := h.download(a.id, "")
	require.Equal(t, http.StatusOK, whole.Code)
	all, tag := whole.Body.Bytes(), whole.Header().Get("ETag")
	require.Regexp(t, `^"[\w-]+"$`, tag, "strong")
	require.Equal(t, "bytes", whole.Header().Get("Accept-Ranges"))
	require.Equal(t, fmt.Sprint(len(all)), whole.Header().Get("Content-Length"))
	require.Equal(t, "ftyp", string(all[4:8]))

	head, err := h.lib.heads.get(t.Context(), fmt.Sprintf("%s-1-0-%d", a.id, len(h.rows(a.id, video))-1), nil)
	require.NoError(t, err, "it is kept")
	defer head.close()
	n := len(all)
	for _, r := range [][2]int{{0, n}, {0, 1}, {n - 1, n}, {int(head.bytes) - 5, int(head.bytes) + 5}, {n / 3, 2 * n / 3}, {int(head.bytes), n}} {
		w := h.download(a.id, "", "Range", fmt.Sprintf("bytes=%d-%d", r[0], r[1]-1))
		require.Equal(t, http.StatusPartialContent, w.Code)
		require.Equal(t, fmt.Sprintf("bytes %d-%d/%d", r[0], r[1]-1, n), w.Header().Get("Content-Range"))
		require.Equal(t, all[r[0]:r[1]], w.Body.Bytes())
		require.Equal(t, tag, w.Header().Get("ETag"))
	}
	require.Equal(t, all[n-10:], h.download(a.id, "", "Range", "bytes=-10").Body.Bytes())

	for name, c := range map[string]struct {
		headers []string
		status  int
	}{
		"the same since":  {[]string{"Range", "bytes=5-9", "If-Range", tag}, http.StatusPartialContent},
		"another since":   {[]string{"Range", "bytes=5-9", "If-Range", `"other"`}, http.StatusOK},
		"weak":            {[]string{"Range", "bytes=5-9", "If-Range", "W/" + tag}, http.StatusOK},
		"has it":          {[]string{"If-None-Match", tag}, http.StatusNotModified},
		"wants the other": {[]string{"If-Match", `"other"`}, http.StatusPreconditionFailed},
		"beyond":          {[]string{"Range", fmt.Sprintf("bytes=%d-", n)}, http.StatusRequestedRangeNotSatisfiable},
	} {
		t.Run(name, func(t *testing.T) {
			w := h.download(a.id, "", c.headers...)
			require.Equal(t, c.status, w.Code)
			if c.status >= http.StatusBadRequest {
				require.Equal(t, "no-store", w.Header().Get("Cache-Control"))
			}
		})
	}
	w := httptest.NewRecorder()
	h.lib.ServeDownload(w, httptest.NewRequest(http.MethodHead, "/", http.NoBody), a.id)
	require.Equal(t, fmt.Sprint(n), w.Header().Get("Content-Length"))
	require.Zero(t, w.Body.Len())

	h.lib.Close()
	h.open()
	require.Equal(t, tag, h.download(a.id, "").Header().Get("ETag"), "also after a restart")
}

// While it is on air a recording can be had up to where it has come, at an
// address of its own.
func TestDownloadOnAir(t *testing.T) {
	h := newHouse(t, nil)
	clip := cliptest.Load(t)
	a := h.begin(packager.Options{}, 0)
	a.record(clip, 9*time.Second)

	w := h.download(a.id, "")
	require.Equal(t, http.StatusFound, w.Code)
	require.Equal(t, redirectCache, w.Header().Get("Cache-Control"))
	_, query, _ := strings.Cut(w.Header().Get("Location"), "?")
	require.Equal(t, "to=3", query)
	first := h.download(a.id, "?"+query)
	require.Equal(t, http.StatusOK, first.Code)
	require.Equal(t, "public, max-age=31536000, immutable", first.Header().Get("Cache-Control"))
	require.Equal(t, 180, testkit.DecodedFrames(t, h.saved(first), "v"))
	require.Equal(t, http.StatusNotFound, h.download(a.id, "?to=6").Code)

	a.record(clip, 15*time.Second)
	require.Equal(t, "download.mp4?to=6", h.download(a.id, "").Header().Get("Location"))
	again := h.download(a.id, "?"+query)
	require.Equal(t, first.Body.Bytes(), again.Body.Bytes())
	require.Equal(t, first.Header().Get("ETag"), again.Header().Get("ETag"))

	a.end()
	h.archive(a.id)
	h.lib.heads.drop(a.id)
	again = h.download(a.id, "?"+query)
	require.Equal(t, first.Body.Bytes(), again.Body.Bytes(), "made again it is the same")
	require.NotEqual(t, first.Header().Get("ETag"), h.download(a.id, "").Header().Get("ETag"))
}

func TestDownloadIsRefused(t *testing.T) {
	h := newHouse(t, nil)
	a := h.begin(packager.Options{}, 0)
	cliptest.Load(t).Between(0, 5*time.Second).Send(a.pub)
	a.end()
	h.archive(a.id)
	removed := h.broadcast(store.StateLive)
	h.archive(removed)
	for name, c := range map[string]struct {
		id, query string
		status    int
	}{
		"no such recording": {"none", "", http.StatusNotFound},
		"removed":           {removed, "", http.StatusGone},
		"failed":            {h.broadcast(store.StateFailed), "", http.StatusNotFound},
		"discarded":         {h.broadcast(store.StateDiscarded), "", http.StatusGone},
		"no part":           {a.id, "?part=2", http.StatusNotFound},
		"part 0":            {a.id, "?part=0", http.StatusBadRequest},
		"no number":         {a.id, "?to=x", http.StatusBadRequest},
		"negative":          {a.id, "?to=-1", http.StatusBadRequest},
		"empty":             {a.id, "?to=", http.StatusBadRequest},
		"huge":              {a.id, "?part=9223372036854775808", http.StatusBadRequest},
		"backwards":         {a.id, "?from=2&to=1", http.StatusNotFound},
		"beyond":            {a.id, "?from=1000", http.StatusNotFound},
	} {
		t.Run(name, func(t *testing.T) {
			w := h.download(c.id, c.query)
			require.Equal(t, c.status, w.Code, w.Body.String())
			require.Equal(t, "no-store", w.Header().Get("Cache-Control"))
			require.Equal(t, "*", w.Header().Get("Access-Control-Allow-Origin"))
		})
	}
}

// An index that is missing, torn or wrong is made again of the segments.
func TestDownloadWithoutIndex(t *testing.T) {
	h := newHouse(t, nil)
	a := h.begin(packager.Options{}, 0)
	clip := cliptest.Load(t)
	sixfold := clip.Repeat(6) // over two blocks
	a.recordInSteps(sixfold, 143*time.Second)
	sixfold.Between(a.sent, 144*time.Second).Send(a.pub)
	a.end()
	h.archive(a.id)
	want := h.download(a.id, "")
	require.Equal(t, http.StatusOK, want.Code)
	require.Len(t, h.rows(a.id, video), 73)

	ctx := t.Context()
	keys := []string{indexKey(a.id, video, 0), indexKey(a.id, video, 1), indexKey(a.id, audio, 0), indexKey(a.id, audio, 1)}
	was := map[string][]byte{}
	for _, k := range keys {
		b, err := h.lib.bytesOf(ctx, "", k)
		require.NoError(t, err)
		was[k] = b
	}
	other, err := parseIndex(was[keys[1]])
	require.NoError(t, err)
	other[0].bytes++
	for name, damage := range map[string]func(k string) error{
		"missing":          func(k string) error { return h.files.Delete(ctx, k) },
		"torn":             func(k string) error { return h.files.PutBytes(ctx, k, was[k][:len(was[k])/2]) },
		"zeros":            func(k string) error { return h.files.PutBytes(ctx, k, make([]byte, len(was[k]))) },
		"empty":            func(k string) error { return h.files.PutBytes(ctx, k, nil) },
		"of another block": func(k string) error { return h.files.PutBytes(ctx, k, packIndex(other)) },
		"partial": func(k string) error {
			all, err := parseIndex(was[k])
			require.NoError(t, err)
			return h.files.PutBytes(ctx, k, packIndex(all[2:4]))
		},
	} {
		t.Run(name, func(t *testing.T) {
			h.lib.heads.drop(a.id)
			for _, k := range keys {
				require.NoError(t, damage(k))
			}
			got := h.download(a.id, "")
			require.Equal(t, http.StatusOK, got.Code)
			require.Equal(t, want.Body.Bytes(), got.Body.Bytes())
			require.Equal(t, want.Header().Get("ETag"), got.Header().Get("ETag"))
			for _, k := range keys {
				b, err := h.lib.bytesOf(ctx, "", k)
				require.NoError(t, err)
				require.Equal(t, was[k], b, "and stored")
			}
		})
	}
}

// Of a recording whose oldest segments are deleted what is left can be had.
func TestDownloadOfWhatIsLeft(t *testing.T) {
	h := newHouse(t, nil)
	a := h.begin(packager.Options{LiveWindow: 16 * time.Second}, time.Millisecond) // raised to 32 s
	h.exec("UPDATE broadcasts SET keep_ms = 1 WHERE id = ?", a.id)
	clip := cliptest.Load(t).Repeat(3)
	a.record(clip, 5*time.Second)
	early := "?to=1"
	require.Equal(t, http.StatusOK, h.download(a.id, early).Code)
	a.record(clip, 61*time.Second)
	h.await("the oldest segments to go", func() bool { return h.rows(a.id, video)[0].Number > 0 && h.rows(a.id, audio)[0].Number > 0 })
	require.Equal(t, http.StatusGone, h.download(a.id, early).Code)

	location := h.download(a.id, "").Header().Get("Location")
	require.Contains(t, location, "&from=")
	_, query, _ := strings.Cut(location, "?")
	w := h.download(a.id, "?"+query)
	n := testkit.DecodedFrames(t, h.saved(w), "v")
	require.Positive(t, n)
	require.Less(t, n, 40*30)
	a.end()
	h.archive(a.id)
	require.Equal(t, http.StatusOK, h.download(a.id, "").Code)

	h.write(func(tx *store.Tx) error { return tx.DeleteMedia(t.Context(), a.id) })
	require.Equal(t, http.StatusGone, h.download(a.id, "").Code)
	left, err := os.ReadDir(h.options.Heads)
	require.NoError(t, err)
	require.Empty(t, left, "its heads go with it")
}

// A head is made once for all who ask, by one of them; and of many recordings
// few are kept.
func TestHeadsAreBounded(t *testing.T) {
	hs, err := newHeads(filepath.Join(t.TempDir(), "heads"))
	require.NoError(t, err)
	made := 0
	write := func(f *os.File) error {
		made++
		_, err := f.Write(make([]byte, footerBytes))
		return err
	}
	for i := range 3 * maxHeads {
		h, err := hs.get(t.Context(), fmt.Sprintf("b%d-1-0-0", i), write)
		require.NoError(t, err)
		h.close()
	}
	left, err := os.ReadDir(hs.folder)
	require.NoError(t, err)
	require.Len(t, left, maxHeads)
	require.Equal(t, 3*maxHeads, made)

	made = 0
	done := make(chan error)
	for range 8 {
		go func() { // awaited below
			h, err := hs.get(context.Background(), "new-1-0-0", write)
			if err == nil {
				h.close()
			}
			done <- err
		}()
	}
	for range 8 {
		require.NoError(t, <-done)
	}
	require.Equal(t, 1, made)
}
