package web

import (
	"context"
	"fmt"
	"time"

	"github.com/rostrumlive/rostrum/internal/account"
	"github.com/rostrumlive/rostrum/internal/store"
	"github.com/rostrumlive/rostrum/internal/vod"
)

// Storage is what the server keeps, and where that ends.
type Storage struct {
	Disk       Disk      `json:"disk"`
	Kept       Kept      `json:"kept"`
	Limits     Limits    `json:"limits"`
	Configured Retention `json:"configured" doc:"What the configuration says, in force where the limits are null."`
}

// Disk is the file system that recordings lie on.
type Disk struct {
	FreeBytes  int64 `json:"free_bytes"`
	TotalBytes int64 `json:"total_bytes"`
	LeastBytes int64 `json:"least_bytes" doc:"With less free than this nothing is recorded; live goes on."`
}

// Kept is what recordings and clips take. What is on air counts when it is over.
type Kept struct {
	Recordings     int64 `json:"recordings" doc:"Their number."`
	RecordingBytes int64 `json:"recording_bytes"`
	ClipBytes      int64 `json:"clip_bytes" doc:"Of media that clips show and whose recording is gone; other clips take nothing."`
	PictureBytes   int64 `json:"picture_bytes" doc:"Of the pictures made of recordings."`
}

// ChannelStorage is what a channel keeps.
type ChannelStorage struct {
	Channel string `json:"channel"`
	Title   string `json:"title"`
	Kept
}

// Retention says how long and how much is kept.
type Retention struct {
	RetentionDays  float64 `json:"retention_days" doc:"0: for ever."`
	RetentionBytes int64   `json:"retention_bytes" doc:"0: no limit."`
}

// Limits are the bounds that an admin sets while the server runs.
type Limits struct {
	RetentionDays   *float64 `json:"retention_days" minimum:"0" maximum:"3650" doc:"How old a recording may become where its channel does not say; null: as configured, 0: for ever."`
	RetentionBytes  *int64   `json:"retention_bytes" minimum:"0" doc:"What all recordings may take together before the oldest are removed; null: as configured, 0: no limit."`
	ChannelsPerUser int      `json:"channels_per_user" minimum:"0" maximum:"500" doc:"How many channels a user who is no admin may make."`
}

func keptOf(u store.Usage) Kept {
	return Kept{Recordings: u.Recordings, RecordingBytes: u.RecordedBytes, ClipBytes: u.ClippedBytes, PictureBytes: u.PictureBytes}
}

func retentionOf(l vod.Limits) Retention {
	return Retention{RetentionDays: float64(l.MaxAge) / float64(24*time.Hour), RetentionBytes: l.MaxBytes}
}

func (s *Server) storage(ctx context.Context, _ *struct{}) (*answer[Storage], error) {
	if err := actor(ctx).RequireAdmin(); err != nil {
		return nil, s.problem(err)
	}
	space, err := s.opts.Library.Space()
	if err != nil {
		return nil, s.problem(err)
	}
	all, err := s.opts.DB.UsageOfAll(ctx)
	if err != nil {
		return nil, s.problem(err)
	}
	set, err := s.opts.Accounts.Settings(ctx)
	if err != nil {
		return nil, s.problem(err)
	}
	return reply(Storage{
		Disk:       Disk{FreeBytes: space.Free, TotalBytes: space.Total, LeastBytes: space.Least},
		Kept:       keptOf(all),
		Limits:     Limits(set.Limits),
		Configured: retentionOf(s.opts.Limits),
	}), nil
}

func (s *Server) storageChannels(ctx context.Context, in *Paging) (*answer[page[ChannelStorage]], error) {
	if err := actor(ctx).RequireAdmin(); err != nil {
		return nil, s.problem(err)
	}
	bytes, id := int64(store.LargestUsage), ""
	if in.Cursor != "" {
		if _, err := fmt.Sscanf(in.Cursor, "%d.%s", &bytes, &id); err != nil {
			return reply(page[ChannelStorage]{Items: []ChannelStorage{}}), nil
		}
	}
	rows, err := s.opts.DB.Usages(ctx, bytes, id, in.Limit+1)
	if err != nil {
		return nil, s.problem(err)
	}
	list := page[ChannelStorage]{Items: []ChannelStorage{}}
	for i, u := range rows {
		if i == in.Limit {
			last := rows[i-1]
			list.Next = cursorOr(fmt.Sprintf("%d.%s", last.Bytes(), last.ChannelID))
			break
		}
		list.Items = append(list.Items, ChannelStorage{u.Channel, u.Title, keptOf(u)})
	}
	return reply(list), nil
}

type changeLimitsInput struct{ Body Limits }

func (s *Server) changeLimits(ctx context.Context, in *changeLimitsInput) (*struct{}, error) {
	return nil, s.problemOr(s.opts.Accounts.SetLimits(ctx, actor(ctx), account.Limits(in.Body)))
}
