package chat

import (
	"context"
	"errors"
	"time"

	"github.com/rostrumlive/rostrum/internal/account"
	"github.com/rostrumlive/rostrum/internal/store"
)

// refresh tells a user's connections what the user may do now, and ends those on
// which nothing may be read any more.
func (r *Room) refresh(userID string) {
	r.forgetStandings(userID)
	conns := r.connections(func(c *conn) bool { return c.userID() == userID })
	if userID == "" || len(conns) == 0 {
		return
	}
	r.mu.Lock()
	channel, set := r.channel, r.settings
	r.mu.Unlock()
	ctx, cancel := context.WithTimeout(r.s.ctx, 30*time.Second)
	defer cancel()
	r.judge(ctx, conns, channel, set)
}

// recheck asks of everybody whether they may still read and speak. It is
// for changes of the channel, which are rare.
func (r *Room) recheck() {
	r.forgetStandings("")
	ctx, cancel := context.WithTimeout(r.s.ctx, 30*time.Second)
	defer cancel()
	channel, err := r.s.o.DB.Channel(ctx, r.channelID)
	if errors.Is(err, store.ErrNotFound) {
		r.closeAll(closeMayNotRead, "there is no such channel any more")
		return
	}
	if err != nil {
		r.s.log.Warn("a chat cannot be checked", "error", err)
		return
	}
	r.mu.Lock()
	r.channel = channel
	set := r.settings
	r.mu.Unlock()
	r.judge(ctx, r.connections(func(*conn) bool { return true }), channel, set)
}

// judge ends connections of those who may not read any more, and tells others
// what they may do now.
func (r *Room) judge(ctx context.Context, conns []*conn, channel account.Channel, set Settings) {
	anyone := r.s.mayRead(ctx, channel, set, Asker{}) == nil
	for _, c := range conns {
		var who Asker
		if c.asker != nil {
			who = *c.asker
		}
		if !anyone && r.s.mayRead(ctx, channel, set, who) != nil {
			c.shut(closeMayNotRead, "you may not read this any more")
			continue
		}
		if c.userID() != "" {
			r.tellYou(c)
		}
	}
}
