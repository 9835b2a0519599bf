package testkit

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"time"
)

// Tab is a page in the browser.
type Tab struct {
	b  *Browser
	id int
}

// Picture is what the page's video did so far. Times of the page are seconds.
type Picture struct {
	Found  bool // there is a video element
	Frames int  // presented
	First  *Frame
	Last   *Frame
	Waits  int // times that play stood still for want of data
	Errors []string

	CurrentTime       float64
	Paused, Muted     bool
	Ended             bool
	ReadyState        int
	Duration          float64      // -1 when it is not a number
	Buffered          [][2]float64 // from, to
	DecodedAudioBytes int64
	Now               float64 // the browser's clock, ms since 1970
}

// Frame is one presented picture.
type Frame struct {
	MediaTime     float64 // on the video's own timeline
	At            float64 // the browser's clock, ms since 1970
	Width, Height int
}

// Open opens an address in a window of its own, with cookies of its own.
func (b *Browser) Open(t testing.TB, url string) *Tab {
	t.Helper()
	return b.tab(t, "open", map[string]any{"url": url})
}

// OpenBeside opens an address in a tab beside others of the same name, which
// share cookies and connections as one person's tabs do.
func (b *Browser) OpenBeside(t testing.TB, person, url string) *Tab {
	t.Helper()
	return b.tab(t, "open", map[string]any{"url": url, "context": person})
}

// The stock players.
const (
	HLSJS    = "hls"
	DashJS   = "dash"
	Shaka    = "shaka"
	MpegtsJS = "flv"
)

// OpenStock opens a page of another site that has stock hls.js and plays
// nothing yet.
func (b *Browser) OpenStock(t testing.TB) *Tab {
	t.Helper()
	return b.OpenPlayer(t, HLSJS)
}

// OpenPlayer opens such a page with another stock player.
func (b *Browser) OpenPlayer(t testing.TB, player string) *Tab {
	t.Helper()
	return b.tab(t, "stock", map[string]any{"player": player})
}

// OpenPhone is OpenBeside in a window of a telephone's size.
func (b *Browser) OpenPhone(t testing.TB, person, url string) *Tab {
	t.Helper()
	return b.tab(t, "open", map[string]any{"url": url, "context": person, "width": 390, "height": 844})
}

func (b *Browser) tab(t testing.TB, name string, args map[string]any) *Tab {
	t.Helper()
	tab := &Tab{b: b}
	if err := b.command(&tab.id, name, args); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { tab.tellAndClose(t) })
	return tab
}

// PlayStock lets the page's stock player load an address; it returns the
// browser's time of that moment.
func (tab *Tab) PlayStock(t testing.TB, address string) time.Time {
	t.Helper()
	quoted, err := json.Marshal(address)
	if err != nil {
		t.Fatal(err)
	}
	var ms int64
	tab.Eval(t, fmt.Sprintf("window.play(%s)", quoted), &ms)
	return time.UnixMilli(ms)
}

// Eval evaluates a JavaScript expression in the page and decodes its value.
func (tab *Tab) Eval(t testing.TB, js string, value any) {
	t.Helper()
	if err := tab.eval(js, value); err != nil {
		t.Fatal(err)
	}
}

func (tab *Tab) eval(js string, value any) error {
	return tab.b.command(value, "eval", map[string]any{"tab": tab.id, "js": js})
}

// Press presses a key, named as in KeyboardEvent.key.
func (tab *Tab) Press(t testing.TB, key string) {
	t.Helper()
	if err := tab.b.command(nil, "press", map[string]any{"tab": tab.id, "key": key}); err != nil {
		t.Fatal(err)
	}
}

// Requests returns the addresses that the page asked for so far.
func (tab *Tab) Requests(t testing.TB) []string {
	t.Helper()
	var urls []string
	if err := tab.b.command(&urls, "requests", map[string]any{"tab": tab.id}); err != nil {
		t.Fatal(err)
	}
	return urls
}

// Picture tells what the page's video did so far.
func (tab *Tab) Picture(t testing.TB) Picture {
	t.Helper()
	p, err := tab.picture()
	if err != nil {
		t.Fatal(err)
	}
	return p
}

func (tab *Tab) picture() (p Picture, err error) {
	err = tab.eval("window.rostrumProbe()", &p)
	return p, err
}

// WaitPicture waits until enough says so of what the video did, and returns
// that. It fails the test after limit with what the video did until then.
func (tab *Tab) WaitPicture(t testing.TB, limit time.Duration, what string, enough func(Picture) bool) Picture {
	t.Helper()
	var p Picture
	Eventually(t, limit, func(context.Context) error {
		var err error
		if p, err = tab.picture(); err != nil {
			return err
		}
		if !enough(p) {
			return fmt.Errorf("the page does not come to this: %s; its video: %s", what, p)
		}
		return nil
	})
	return p
}

// String tells the facts in one line.
func (p Picture) String() string {
	text, err := json.Marshal(p)
	if err != nil {
		return err.Error()
	}
	return string(text)
}

// tellAndClose logs a failed test's page and closes it.
func (tab *Tab) tellAndClose(t testing.TB) {
	if t.Failed() {
		p, err := tab.picture()
		t.Logf("the page's video: %s (%v)", p, err)
		var said []string
		if err := tab.b.command(&said, "console", map[string]any{"tab": tab.id}); err == nil && len(said) > 0 {
			t.Logf("the page's console:\n%s", strings.Join(said, "\n"))
		}
		var player []string
		if err := tab.eval("window.playerErrors ?? []", &player); err == nil && len(player) > 0 {
			t.Logf("the stock player said: %v", player)
		}
		var did []string
		if err := tab.eval("window.playerLog ?? []", &did); err == nil && len(did) > 0 {
			t.Logf("the stock player did:\n%s", strings.Join(did, "\n"))
		}
	}
	if err := tab.b.command(nil, "close", map[string]any{"tab": tab.id}); err != nil {
		t.Logf("close a tab: %v", err)
	}
}
