package store

import (
	"net"
	"syscall"
	"time"
)

// silence is how long the database's machine may keep silent before it counts
// as lost. Without a bound a statement would wait for a quarter of an hour, and
// an idle connection for hours, until TCP gives up.
const silence = 30 * time.Second

// dialer connects to PostgreSQL. How long a statement takes is nothing to it: a
// machine that lives acknowledges whatever its database does.
func dialer() *net.Dialer {
	return &net.Dialer{
		KeepAliveConfig: net.KeepAliveConfig{Enable: true, Idle: silence / 2, Interval: silence / 6, Count: 3},
		Control: func(network, _ string, c syscall.RawConn) error {
			if network == "unix" {
				return nil
			}
			return boundSilence(c, silence)
		},
	}
}
