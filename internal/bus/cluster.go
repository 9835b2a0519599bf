package bus

import (
	"net/url"

	"github.com/nats-io/nats-server/v2/server"
)

// Cluster is how nodes find each other.
type Cluster struct {
	Name   string     // of this node, unlike all others'
	Listen int        // a port on loopback; -1 is any
	Join   []*url.URL // where other nodes listen; one that is not there is asked again
}

func (c *Cluster) apply(o *server.Options) {
	o.ServerName = c.Name
	// Routes wait until clients are listened for.
	o.DontListen, o.Host, o.Port = false, "127.0.0.1", -1
	o.Cluster = server.ClusterOpts{Name: "rostrum", Host: "127.0.0.1", Port: c.Listen}
	o.Routes = c.Join
}

// Address is where this node listens for others; nil where it does not, or not
// yet.
func (b *Bus) Address() *url.URL {
	at := b.srv.ClusterAddr()
	if at == nil {
		return nil
	}
	return &url.URL{Scheme: "nats", Host: at.String()}
}

// Joins is 0 until there is a way to another node, and becomes greater whenever
// one was made, also anew after it broke: what was said on the other side until a
// moment after that may not have been heard here.
func (b *Bus) Joins() uint64 {
	if b.srv.NumRoutes() == 0 {
		return b.joins.Load()
	}
	ways, err := b.srv.Routez(nil)
	if err != nil { // without options it has none
		return b.joins.Load()
	}
	for _, way := range ways.Routes { // the server counts what connects to it
		for last := b.joins.Load(); way.Rid > last && !b.joins.CompareAndSwap(last, way.Rid); last = b.joins.Load() {
		}
	}
	return b.joins.Load()
}
