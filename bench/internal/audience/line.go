package audience

import (
	"context"
	"math/rand/v2"
	"net"
	"net/http"
	"sync"
	"time"
)

// answerLimit is how long a server may take over any answer: more than it may
// hold a blocking reload.
const answerLimit = 30 * time.Second

// line is one viewer's connections.
type line struct {
	client *http.Client
	abrupt bool // they end by RST

	mu    sync.Mutex
	conns []net.Conn
}

func newLine() *line {
	l := &line{abrupt: rand.IntN(2) == 0}
	var d net.Dialer
	l.client = &http.Client{Timeout: answerLimit, Transport: &http.Transport{
		DisableCompression:  true, // the server is what is watched, not gzip on this side
		MaxIdleConnsPerHost: 2,
		DialContext: func(ctx context.Context, network, addr string) (net.Conn, error) {
			c, err := d.DialContext(ctx, network, addr)
			if err == nil {
				l.mu.Lock()
				l.conns = append(l.conns, c)
				l.mu.Unlock()
			}
			return c, err
		},
	}}
	return l
}

// hangUp drops all connections, whatever is under way on them.
func (l *line) hangUp() {
	l.mu.Lock()
	defer l.mu.Unlock()
	for _, c := range l.conns {
		if tcp, ok := c.(*net.TCPConn); ok && l.abrupt {
			_ = tcp.SetLinger(0)
		}
		_ = c.Close()
	}
	l.client.CloseIdleConnections()
}
