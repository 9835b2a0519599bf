package hook

import (
	"context"
	"crypto/rand"
	"net/http"
	"net/netip"
	"strconv"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

func viewer() Viewer {
	return Viewer{
		ID:      rand.Text(),
		Channel: "ann", Address: netip.MustParseAddr("192.0.2.9"), Args: "ticket=t%201", Agent: "VLC/3", Page: "http://h/@ann",
		URL: "http://h/live/ann/index.m3u8",
	}
}

// A player is asked for once, and its end is told once, in both dialects.
func TestPlay(t *testing.T) {
	b := newBackEnd(t, says("0"))
	s := start(t, Options{Nginx: b.allNginx(), SRS: b.allSRS()})
	p, err := s.Play(t.Context(), viewer(), true)
	require.NoError(t, err)
	first := b.next("play")
	for name, want := range map[string]string{
		"addr": "192.0.2.9", "app": "live", "name": "ann", "flashver": "VLC/3", "tcurl": "http://h/live/ann/index.m3u8", "pageurl": "http://h/@ann",
		"ticket": "t 1", "clientid": strconv.FormatInt(p.client.id, 10), "start": "4294965296", "duration": "0", "reset": "0",
	} {
		require.Equal(t, []string{want}, first.fields[name], name)
	}
	other := b.next("on_play")
	require.Equal(t, "?ticket=t%201", other.get("param"))
	require.Equal(t, "http://h/@ann", other.get("pageUrl"))
	require.Equal(t, first.get("clientid"), other.get("client_id"))
	require.Equal(t, []Player{{ID: p.client.id, Address: "192.0.2.9", Agent: "VLC/3", Page: "http://h/@ann", Since: p.client.began}}, s.Players("ann"))

	require.Nil(t, s.Extend(p.ID))
	p.End()
	p.End()
	s.Close(t.Context())
	got := map[string]int{}
	for len(b.calls) > 0 {
		h := <-b.calls
		got[h.call]++
		require.Equal(t, first.get("clientid"), h.get("clientid")+h.get("client_id"))
	}
	require.Equal(t, map[string]int{"play_done": 1, "on_stop": 1}, got)
	require.Empty(t, s.Players("ann"))
}

func TestPlayVerdicts(t *testing.T) {
	b := newBackEnd(t, nil)
	s := start(t, Options{Nginx: Nginx{OnPlay: b.server.URL}})
	for _, test := range []struct {
		answer  func(http.ResponseWriter, heard)
		allowed bool
	}{
		{status(http.StatusOK), true},
		{status(http.StatusForbidden), false},
		{sendsTo("/another"), false}, // what is asked for cannot become another stream
		{sendsTo("rtmp://198.51.100.1/live/x"), false},
	} {
		b.says(test.answer)
		_, err := s.Play(t.Context(), viewer(), false)
		if test.allowed {
			require.NoError(t, err)
			continue
		}
		refusedAs(t, "hook_refused", err)
	}
	down := start(t, Options{SRS: SRS{OnPlay: nobody}, Timeout: 20 * time.Millisecond})
	_, err := down.Play(t.Context(), viewer(), false)
	refusedAs(t, "hook_unanswered", err)
	open := start(t, Options{SRS: SRS{OnPlay: nobody}, Timeout: 20 * time.Millisecond, FailOpen: true})
	_, err = open.Play(t.Context(), viewer(), false)
	require.NoError(t, err)
	gone, cancel := context.WithCancel(t.Context())
	cancel()
	_, err = down.Play(gone, viewer(), false)
	require.ErrorIs(t, err, context.Canceled)
}

// A player that asks for nothing more has gone; a long body goes on by itself.
func TestPlayersLapse(t *testing.T) {
	b := newBackEnd(t, status(http.StatusOK))
	s := start(t, Options{Nginx: Nginx{OnPlay: b.server.URL, OnPlayDone: b.server.URL}, Lapse: 40 * time.Millisecond})
	body, err := s.Play(t.Context(), viewer(), true)
	require.NoError(t, err)
	b.next("play")
	p, err := s.Play(t.Context(), viewer(), false)
	require.NoError(t, err)
	b.next("play")
	require.Equal(t, strconv.FormatInt(p.client.id, 10), b.next("play_done").get("clientid"))
	require.Len(t, s.Players("ann"), 1)
	require.Nil(t, s.Extend(p.ID), "another run, or long ago")
	body.End()
	b.next("play_done")
	p.End()
	s.Close(t.Context())
	b.quiet()
}

// on_update asks for players too, and sends away who may not go on.
func TestUpdateOfPlayers(t *testing.T) {
	b := newBackEnd(t, status(http.StatusOK))
	s := start(t, Options{Nginx: Nginx{OnPlay: b.server.URL, OnUpdate: b.server.URL, OnPlayDone: b.server.URL}, Update: 20 * time.Millisecond})
	p, err := s.Play(t.Context(), viewer(), false)
	require.NoError(t, err)
	b.next("play")
	require.Equal(t, "ann", b.next("update_play").get("name"))
	b.says(status(http.StatusGone))
	select {
	case <-p.Out():
	case <-time.After(limit):
		t.Fatal("the player stays")
	}
	refusedAs(t, "hook_ended", s.Extend(p.ID))
	p.End()
	s.Close(t.Context())
	ends := 0
	for len(b.calls) > 0 {
		if (<-b.calls).call == "play_done" {
			ends++
		}
	}
	require.Equal(t, 1, ends)
}

func TestDropPlayers(t *testing.T) {
	s := start(t, Options{})
	p, err := s.Play(t.Context(), viewer(), false)
	require.NoError(t, err)
	require.Zero(t, s.DropPlayers("bob", ""))
	require.Zero(t, s.DropPlayers("ann", "192.0.2.1"))
	require.Equal(t, 1, s.DropPlayers("ann", "192.0.2.9"))
	require.Zero(t, s.DropPlayers("ann", ""))
	<-p.Out()
	refusedAs(t, "dropped", s.Extend(p.ID))
}

// Beyond a bound players watch, and are not followed.
func TestPlayersAreBounded(t *testing.T) {
	b := newBackEnd(t, status(http.StatusOK))
	s := start(t, Options{Nginx: Nginx{OnPlay: b.server.URL, OnPlayDone: b.server.URL}, MaxPlays: 1})
	_, err := s.Play(t.Context(), viewer(), false)
	require.NoError(t, err)
	more, err := s.Play(t.Context(), viewer(), false)
	require.NoError(t, err)
	require.Len(t, s.Players("ann"), 1)
	more.End()
	s.Close(t.Context())
	ends := 0
	for len(b.calls) > 0 {
		if (<-b.calls).call == "play_done" {
			ends++
		}
	}
	require.Equal(t, 1, ends)
}
