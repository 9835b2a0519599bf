package main

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"os"
	"time"

	"github.com/rostrumlive/rostrum/bench/internal/reader"
)

// watchAll puts a channel on air and has every player join it.
func (l *lab) watchAll(ctx context.Context, s *site) (err error) {
	const channel = "latency"
	if err := l.source.Publish(ctx, s.RTMP, channel); err != nil {
		return err
	}
	defer func() { err = errors.Join(err, l.source.Unpublish()) }()
	if err := s.WaitFor(ctx, playableLimit, func(ctx context.Context) error {
		_, err := reader.Get(ctx, http.DefaultClient, s.list(channel), 1<<20)
		return err
	}); err != nil {
		return err
	}
	for _, player := range l.players {
		address := fmt.Sprintf("http://%s/embed/@%s", s.HTTP, channel)
		if player == stock {
			address = l.stock + "?src=" + url.QueryEscape(s.list(channel))
		} else if s.kind == nginx {
			continue // it has no page
		}
		if err := l.watchWith(ctx, playerNames[player]+", "+s.String(), address); err != nil {
			return err
		}
	}
	return nil
}

var playerNames = map[string]string{page: "our page", stock: "stock hls.js"}

// watchWith takes the joins of one player, and the long watch if asked for.
func (l *lab) watchWith(ctx context.Context, name, address string) error {
	l.source.Delays() // those of before are not these viewers'
	for i := range l.joins {
		// Joins fall on all phases of the 2 s GOP.
		if err := pause(ctx, time.Duration(i*370%2000)*time.Millisecond); err != nil {
			return err
		}
		j, err := l.browser.Watch(address, l.watch, l.throttle)
		if err != nil {
			return err
		}
		l.detail[name] = append(l.detail[name], j)
		fmt.Fprintf(os.Stderr, "  %s, join %d of %d: %s\n", name, i+1, l.joins, brief(j, l.settle))
	}
	l.watched.Rounds = append(l.watched.Rounds, summary(name, l.detail[name], l.settle, l.source.Delays()))
	if l.long <= 0 {
		return nil
	}
	j, err := l.browser.Watch(address, l.long, l.throttle)
	if err != nil {
		return err
	}
	name += fmt.Sprintf(", one watch of %v", l.long)
	l.detail[name] = append(l.detail[name], j)
	l.watched.Rounds = append(l.watched.Rounds, summary(name, l.detail[name], l.settle, l.source.Delays()))
	return nil
}
