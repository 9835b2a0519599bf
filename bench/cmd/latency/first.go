package main

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"time"

	"github.com/rostrumlive/rostrum/bench/internal/reader"
	"github.com/rostrumlive/rostrum/bench/internal/report"
)

// The sides and the column of the table of first moments.
const (
	sideList    = "the list is answered with 200"
	sidePicture = "stock hls.js that asked at the first byte shows a picture"
	sinceFirst  = "ms after the first byte of media"
)

// firstPlayable begins one broadcast after the other and measures how long a
// viewer who was there from the start waits. The session is open and the
// player's page is loaded before the first byte of media is sent.
func (l *lab) firstPlayable(ctx context.Context, s *site) error {
	for i := range l.trials {
		channel := fmt.Sprintf("first-%d", i+1)
		list, picture, err := l.trial(ctx, s, channel)
		if err != nil {
			return err
		}
		list.Side, picture.Side = s.String()+": "+sideList, s.String()+": "+sidePicture
		list.Number, picture.Number = i+1, i+1
		l.playable.Rounds = append(l.playable.Rounds, list, picture)
	}
	return nil
}

func (l *lab) trial(ctx context.Context, s *site, channel string) (list, picture report.Round, err error) {
	if err := l.browser.Prepare(l.stock); err != nil {
		return list, picture, err
	}
	if err := l.source.Publish(ctx, s.RTMP, channel); err != nil {
		return list, picture, err
	}
	defer func() { err = errors.Join(err, l.source.Unpublish()) }()
	first, err := l.source.First(ctx)
	if err != nil {
		return list, picture, err
	}
	answered := make(chan report.Round, 1)
	go func() { answered <- l.untilList(ctx, s, channel, first) }()
	// nginx has no list for some seconds, and stock hls.js asks for a missing
	// one twice only: on that side the player is let loose once it is there.
	if s.kind == nginx {
		list = <-answered
	}
	j, loadErr := l.browser.Load(s.list(channel), time.Second)
	if s.kind != nginx {
		list = <-answered
	}
	if loadErr != nil {
		return list, picture, loadErr
	}
	if j.FirstWall == nil {
		picture.Fault = fmt.Sprintf("no picture; %v %v", j.Failures, j.Errors)
		return list, picture, nil
	}
	picture.Figures = map[string]float64{sinceFirst: float64(*j.FirstWall - first.UnixMilli())}
	return list, picture, nil
}

// untilList asks for the list until it is there.
func (l *lab) untilList(ctx context.Context, s *site, channel string, first time.Time) report.Round {
	var r report.Round
	err := s.WaitFor(ctx, playableLimit, func(ctx context.Context) error {
		_, err := reader.Get(ctx, http.DefaultClient, s.list(channel), 1<<20)
		return err
	})
	if err != nil {
		r.Fault = err.Error()
		return r
	}
	r.Figures = map[string]float64{sinceFirst: float64(time.Since(first).Milliseconds())}
	return r
}
