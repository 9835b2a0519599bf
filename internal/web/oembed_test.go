package web

import (
	"bytes"
	"encoding/json"
	"html"
	"image"
	"image/jpeg"
	"net/http"
	"net/url"
	"regexp"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/rostrumlive/rostrum/internal/account"
	"github.com/rostrumlive/rostrum/internal/still"
	"github.com/rostrumlive/rostrum/internal/store"
)

// discovery finds the address of the answer in a page.
var discovery = regexp.MustCompile(`type="application/json\+oembed" title="[^"]*" href="([^"]+)"`)

// Recordings and clips are shown by other sites as channels are: found by their
// pages, sized as asked, with the picture that there is, and only where anyone
// may watch them and show them.
func TestOEmbedOfRecordingsAndClips(t *testing.T) {
	s := newSite(t, nil)
	over := s.archived("show")
	clip := s.clipIn(over.ID, 0, 2*time.Second)
	var cover bytes.Buffer
	require.NoError(t, jpeg.Encode(&cover, image.NewGray(image.Rect(0, 0, 640, 360)), nil))
	ofRecording, _, _ := still.Object(over.ID, "cover.jpg")
	ofClip, _, _ := still.ClipObject(clip, "cover.jpg")
	of := map[string]string{"/v/" + over.ID: ofRecording, "/c/" + clip.ID: ofClip}
	ask := func(path, more string) response {
		return s.get(oembedPath + "?url=" + url.QueryEscape(s.url+path) + more)
	}

	for path, object := range of {
		link := discovery.FindStringSubmatch(s.get(path).body)
		require.NotNil(t, link, path)
		var bare, got rich
		require.NoError(t, json.Unmarshal([]byte(s.get(html.UnescapeString(link[1])).body), &bare), path)
		require.Equal(t, []string{"video", "show", s.url + "/@show"}, []string{bare.Type, bare.Author, bare.AuthorAt})
		require.Contains(t, bare.HTML, `<iframe src="`+s.url+"/embed"+path+`" width="960" height="540"`)
		require.NotEmpty(t, bare.Title)
		require.Empty(t, bare.Thumbnail, "there is no picture")

		require.NoError(t, s.files.PutBytes(t.Context(), object, cover.Bytes()))
		if object == ofRecording {
			require.NoError(t, s.db.Write(t.Context(), func(tx *store.Tx) error {
				return tx.PutStills(t.Context(), store.Stills{BroadcastID: over.ID, MadeAt: time.Now(), Cover: true})
			}))
		}
		require.NoError(t, json.Unmarshal([]byte(ask(path, "&maxwidth=640&maxheight=270").body), &got))
		require.Equal(t, [2]int{480, 270}, [2]int{got.Width, got.Height})
		require.Empty(t, got.Thumbnail, "its picture is higher than that")
		require.NoError(t, json.Unmarshal([]byte(ask(path, "&maxwidth=640").body), &got))
		require.Equal(t, [2]int{640, 360}, [2]int{got.ThumbnailWidth, got.ThumbnailHeight})
		a := s.get(got.Thumbnail[len(s.url):])
		require.Equal(t, cover.String(), a.body)
	}
	require.Contains(t, ask("/v/"+over.ID+"?t=1m30s", "").body, "/embed/v/"+over.ID+"?t=1m30s")
	require.NotContains(t, ask("/v/"+over.ID+"?t=%22x", "").body, "?t=")
	for _, path := range []string{"/v/none", "/c/none", "/v/", "/v/" + clip.ID, "/c/" + over.ID, "/v/" + over.ID + "/more", "/search"} {
		require.Equal(t, http.StatusNotFound, ask(path, "").status, path)
	}

	details := func(d account.Details) {
		t.Helper()
		_, err := s.accounts.SetDetails(t.Context(), account.CommandLine(), "show", account.AnyRevision, d)
		require.NoError(t, err)
	}
	status := func(want int, why string) {
		t.Helper()
		for path := range of {
			require.Equal(t, want, ask(path, "").status, "%s: %s", why, path)
			require.Equal(t, want == http.StatusOK, discovery.MatchString(s.get(path).body), "%s: %s", why, path)
		}
	}
	details(account.Details{Mature: new(true)})
	status(http.StatusOK, "for adults")
	for path := range of {
		require.NotContains(t, ask(path, "").body, "thumbnail", path)
	}
	for _, e := range []account.Embedding{account.EmbeddingRefused, account.EmbeddingSites} {
		details(account.Details{Embedding: &e, EmbedSites: &[]string{"https://friend.example"}})
		status(http.StatusUnauthorized, string(e))
	}
	allowed := account.EmbeddingAllowed
	details(account.Details{Embedding: &allowed})
	for _, v := range []account.Visibility{account.Password, account.Members} {
		s.setRecording(over.ID, v)
		s.set("show", account.Public)
		status(http.StatusUnauthorized, string(v))
	}
	s.setRecording(over.ID, account.Unlisted)
	s.set("show", account.Public)
	status(http.StatusOK, "unlisted: who asks has the address")

	mod := s.user("mod", account.RoleModerator)
	d := s.takeDown(mod, "clip", clip.ID)
	require.Equal(t, http.StatusGone, ask("/c/"+clip.ID, "").status)
	require.Equal(t, http.StatusOK, ask("/v/"+over.ID, "").status)
	require.Equal(t, http.StatusNoContent, s.call("DELETE", "/api/v1/admin/takedowns/"+d.ID, mod, "").status)
	s.takeDown(mod, "recording", over.ID)
	status(http.StatusGone, "taken down")
}

// What was removed is not there to be shown.
func TestOEmbedOfWhatIsGone(t *testing.T) {
	s := newSite(t, nil)
	over := s.archived("show")
	clip := s.clipIn(over.ID, 0, 2*time.Second)
	status := func(path string) int { return s.get(oembedPath + "?url=" + url.QueryEscape(s.url+path)).status }
	require.NoError(t, s.web.opts.Library.Remove(t.Context(), over.ID, nil))
	require.Equal(t, http.StatusNotFound, status("/v/"+over.ID))
	require.NotRegexp(t, discovery, s.get("/v/"+over.ID).body)
	require.Equal(t, http.StatusOK, status("/c/"+clip.ID), "its clips are")
	require.NoError(t, s.web.opts.Library.RemoveClip(t.Context(), clip.ID, nil))
	require.Equal(t, http.StatusNotFound, status("/c/"+clip.ID))
}
