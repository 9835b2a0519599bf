package web

import (
	"context"
	"errors"

	"github.com/rostrumlive/rostrum/internal/transcode"
)

// Status is what a server has to work with.
type Status struct {
	FFmpeg FFmpeg `json:"ffmpeg"`
}

// FFmpeg is the program that makes pictures of streams and recordings.
type FFmpeg struct {
	Wanted  bool   `json:"wanted" doc:"False where ffmpeg.path is off."`
	Found   bool   `json:"found"`
	Version string `json:"version" doc:"Empty when it was not found."`
	Problem string `json:"problem" doc:"Why it was not found; empty when it was, or is not wanted."`
}

func (s *Server) status(ctx context.Context, _ *struct{}) (*answer[Status], error) {
	if err := actor(ctx).RequireAdmin(); err != nil {
		return nil, s.problem(err)
	}
	version, err := s.opts.FFmpeg(ctx)
	switch {
	case err == nil:
		return reply(Status{FFmpeg{Wanted: true, Found: true, Version: version}}), nil
	case errors.Is(err, transcode.ErrUnwanted):
		return reply(Status{}), nil
	case errors.Is(err, transcode.ErrMissing):
		return reply(Status{FFmpeg{Wanted: true, Problem: err.Error()}}), nil
	}
	return nil, s.problem(err)
}
