package bus

import (
	"net/url"

	"github.com/nats-io/nats-server/v2/server"
)

// cluster is how nodes find each other.
type cluster struct {
	name   string // of this node, unlike all others'
	listen int    // a port on loopback; -1 is any
	join   []*url.URL
}

func (c *cluster) apply(o *server.Options) {
	o.ServerName = c.name
	// Routes wait until clients are listened for.
	o.DontListen, o.Host, o.Port = false, "127.0.0.1", -1
	o.Cluster = server.ClusterOpts{Name: "rostrum", Host: "127.0.0.1", Port: c.listen}
	o.Routes = c.join
}
