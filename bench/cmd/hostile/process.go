package main

import (
	"context"
	"fmt"
	"net/url"
	"os"
	"strings"
	"time"

	"github.com/rostrumlive/rostrum/bench/internal/proc"
)

const (
	gatherLimit = 60 * time.Second
	leaveGrace  = 10 * time.Second
)

// gang is a crowd from outside.
type gang struct{ *proc.Process }

// gather starts a crowd and returns when it has tried all its connections.
// The caller owes leave.
func gather(ctx context.Context, kind, addr string, list *url.URL, n int) (*gang, error) {
	self, err := os.Executable()
	if err != nil {
		return nil, fmt.Errorf("find the crowd's program: %w", err)
	}
	p, err := proc.Start(self, "crowd", "-kind", kind, "-addr", addr, "-list", list.String(), "-n", fmt.Sprint(n))
	if err != nil {
		return nil, err
	}
	g := &gang{p}
	err = p.WaitFor(ctx, gatherLimit, func(context.Context) error {
		_, _, _, err := g.state()
		return err
	})
	if err != nil {
		_ = g.leave()
		return nil, fmt.Errorf("gather %d %s: %w", n, kind, err)
	}
	return g, nil
}

// state is what the crowd told last: how many are there, came, and could not.
func (g *gang) state() (open, opened, failed int, err error) {
	lines := strings.Split(g.Log(), "\n")
	if len(lines) < 2 { // the last one is not whole
		return 0, 0, 0, fmt.Errorf("the crowd has said nothing yet")
	}
	line := lines[len(lines)-2]
	if _, err := fmt.Sscanf(line, stateFormat, &open, &opened, &failed); err != nil {
		return 0, 0, 0, fmt.Errorf("the crowd says %q", line)
	}
	return open, opened, failed, nil
}

func (g *gang) leave() error { return g.Stop(leaveGrace) }
