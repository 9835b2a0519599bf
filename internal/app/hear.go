package app

import (
	"context"
	"log/slog"

	"github.com/rostrumlive/rostrum/internal/doctor"
	"github.com/rostrumlive/rostrum/internal/transcode"
)

// newHear decodes sound by ffmpeg, one stream after the other; nil when there is
// no ffmpeg.
func newHear(log *slog.Logger) doctor.Hear {
	ffmpeg, err := transcode.Find("")
	if err != nil {
		log.Info("the level of sound is not measured", "error", err)
		return nil
	}
	turn := make(chan struct{}, 1)
	return func(ctx context.Context, mp4 []byte) ([]int16, int, error) {
		select {
		case turn <- struct{}{}:
		case <-ctx.Done():
			return nil, 0, ctx.Err()
		}
		defer func() { <-turn }()
		samples, err := transcode.Hear(ctx, ffmpeg, mp4)
		return samples, transcode.HearRate, err
	}
}
