package audience

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"sync"
	"time"

	"github.com/rostrumlive/rostrum/bench/internal/reader"
	"github.com/rostrumlive/rostrum/bench/internal/tally"
	"github.com/rostrumlive/rostrum/internal/testkit"
)

// maxBody bounds any answer.
const maxBody = 16 << 20

// viewer is one visit to one channel.
type viewer struct {
	tally         *tally.Tally
	channel, addr string
	home          *url.URL // the folder of the channel's lists
	line          *line
}

// fault counts what the viewer should not have met. What happens once the
// visit is over is its own doing.
func (v *viewer) fault(ctx context.Context, kind, format string, args ...any) {
	if ctx.Err() == nil {
		v.tally.Fault("viewer: "+kind, "%s: %s", v.channel, fmt.Sprintf(format, args...))
	}
}

// get fetches what must be there.
func (v *viewer) get(ctx context.Context, what string, at *url.URL) ([]byte, bool) {
	status, body, err := reader.Fetch(ctx, v.line.client, at.String(), maxBody)
	switch {
	case err != nil:
		v.fault(ctx, what+" did not come", "%v", err)
	case status != http.StatusOK:
		v.fault(ctx, fmt.Sprintf("%s: status %d", what, status), "%s: %.100s", at, body)
	default:
		return body, true
	}
	return nil, false
}

// lists asks for the channel's playlist and returns the addresses of its media
// playlists, pictures first; none when the channel is off air.
func (v *viewer) lists(ctx context.Context, name string) []*url.URL {
	at := v.home.JoinPath(name)
	status, body, err := reader.Fetch(ctx, v.line.client, at.String(), maxBody)
	switch {
	case err != nil:
		v.fault(ctx, "multivariant list did not come", "%v", err)
		return nil
	case status == http.StatusNotFound:
		v.tally.Event("visits to a channel that was off air")
		return nil
	case status != http.StatusOK:
		v.fault(ctx, fmt.Sprintf("multivariant list: status %d", status), "%.100s", body)
		return nil
	}
	m, err := testkit.ParseMultivariant(string(body))
	if err != nil {
		v.fault(ctx, "multivariant list cannot be read", "%v", err)
		return nil
	}
	uris := []string{m.Variants[0].URI}
	for _, a := range m.Audio {
		if a.URI != "" {
			uris = append(uris, a.URI)
		}
	}
	lists := make([]*url.URL, len(uris))
	for i, uri := range uris {
		if lists[i], err = at.Parse(uri); err != nil {
			v.fault(ctx, "multivariant list cannot be read", "%v", err)
			return nil
		}
	}
	return lists
}

// watch follows all renditions by blocking reloads, as a player does.
func (v *viewer) watch(ctx context.Context) {
	var all sync.WaitGroup
	for _, list := range v.lists(ctx, "index.m3u8") {
		all.Go(func() { v.follow(ctx, list, 0) })
	}
	all.Wait()
	v.tally.Event("visits of LL-HLS")
}

// poll asks for whole segments every two seconds.
func (v *viewer) poll(ctx context.Context) {
	var all sync.WaitGroup
	for _, list := range v.lists(ctx, "plain.m3u8") {
		all.Go(func() { v.follow(ctx, list, 2*time.Second) })
	}
	all.Wait()
	v.tally.Event("visits of plain HLS")
}
