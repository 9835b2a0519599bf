package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"time"

	"github.com/rostrumlive/rostrum/internal/store"
)

const (
	// inOne is how many rows one transaction writes here.
	inOne = 2000
	// apart is the time between two recordings, each of which is as long.
	apart = 10 * time.Minute
)

// fill writes the rows of a server that has recorded for years, and returns
// the names of its channels. Recordings go round: each channel has its newest
// among the newest.
func fill(ctx context.Context, where string, channels, recordings int) (names []string, err error) {
	db, err := store.Open(ctx, where, slog.New(slog.DiscardHandler))
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, db.Close()) }()
	began := time.Now().Add(-time.Duration(recordings) * apart)
	ids := make([]string, channels)
	err = inBatches(ctx, db, channels, func(ctx context.Context, tx *store.Tx, i int) error {
		ids[i] = db.NewID()
		names = append(names, fmt.Sprintf("channel-%d", i))
		return tx.InsertChannel(ctx, store.Channel{
			ID: ids[i], Name: names[i], Title: "Channel " + names[i], CreatedAt: began,
			Takeover: "newest", Recorded: true, Visibility: "public", Embedding: "allowed",
		})
	})
	if err != nil {
		return nil, err
	}
	return names, inBatches(ctx, db, recordings, func(ctx context.Context, tx *store.Tx, i int) error {
		at := began.Add(time.Duration(i) * apart)
		return tx.InsertBroadcast(ctx, store.Broadcast{
			ID: db.NewID(), ChannelID: ids[i%channels], State: store.StateArchived, CreatedAt: at, StartedAt: at,
			EndedAt: at.Add(apart), EndReason: "The encoder stopped.", Protocol: "rtmp", Encoder: "obs-output module (libobs version 29.0.2)",
			Remote: "192.0.2.7:50000", Recorded: true, Duration: apart, Bytes: 1 << 28,
		})
	})
}

// inBatches calls write for 0..n-1, in transactions of many.
func inBatches(ctx context.Context, db *store.DB, n int, write func(context.Context, *store.Tx, int) error) error {
	for first := 0; first < n; first += inOne {
		err := db.Write(ctx, func(tx *store.Tx) error {
			for i := first; i < min(first+inOne, n); i++ {
				if err := write(ctx, tx, i); err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil {
			return err
		}
	}
	return nil
}
