package hook

import (
	"net/netip"
	"net/url"
	"time"

	"github.com/rostrumlive/rostrum/internal/live"
)

// client is one connection, of an encoder or a player, as both dialects speak
// of it. Its name is the one that it gave itself: it stays so in all hooks, as
// with the servers whose dialects these are, also when the back-end has given
// it another.
type client struct {
	id         int64
	addr       string
	app, name  string
	query      url.Values
	args       string
	spoken     live.Spoken
	flashver   string
	began      time.Time
	stream     string // the channel that it feeds or watches; empty before it does
	broadcast  string
	publishing bool
}

func (s *Service) encoder(req live.Request) client {
	c := client{
		id: s.clients.Add(1), addr: ip(req.Remote.Addr()), app: req.App, name: req.Name, query: req.Query, args: req.Args,
		spoken: req.Spoken, flashver: req.Encoder, began: time.Now(), publishing: true,
	}
	if req.Login != nil {
		c.name = req.Login.Channel
	}
	if c.spoken.Type == "" {
		c.spoken.Type = "live"
	}
	return c
}

// ip is the number of a host alone, as both dialects have it.
func ip(a netip.Addr) string {
	if !a.IsValid() {
		return ""
	}
	return a.Unmap().WithZone("").String()
}
