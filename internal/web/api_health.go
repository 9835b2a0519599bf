package web

import (
	"context"
	"net/http"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"github.com/rostrumlive/rostrum/internal/doctor"
	"github.com/rostrumlive/rostrum/internal/store"
)

func (s *Server) healthRoutes(api huma.API) {
	get(api, "/api/v1/channels/{channel}/health", "channel-health",
		"Tells how the media of what a channel has on air is: verdicts in sentences, and measures for each of the newest seconds. For moderators, editors and owners.",
		s.health, http.StatusUnauthorized, http.StatusForbidden, http.StatusNotFound)
}

// Health is how a broadcast's media is.
type Health struct {
	Broadcast string         `json:"broadcast" doc:"Empty when nothing is on air; the lists are too, then."`
	State     string         `json:"state" enum:",opening,live,interrupted"`
	Encoder   string         `json:"encoder" doc:"What the encoder calls itself; may be empty."`
	Settled   bool           `json:"settled" doc:"Enough was seen of the encoder. Before, that there are no verdicts does not say that all is well."`
	Verdicts  []Verdict      `json:"verdicts" nullable:"false" doc:"The worst first."`
	Series    HealthMeasures `json:"series"`
}

// Verdict is a fault that was found.
type Verdict struct {
	Code     string             `json:"code" example:"key_frame_interval" doc:"Stable. There may be more of them in time."`
	Case     string             `json:"case" example:"long" doc:"Which of the code's sentences it is; empty where there is one."`
	Figures  map[string]float64 `json:"figures" doc:"The numbers in the sentence, by their names."`
	Severity string             `json:"severity" enum:"bad,poor,hint"`
	Seen     string             `json:"seen" doc:"What is wrong, in a sentence."`
	Fix      string             `json:"fix" doc:"What to do about it, in a sentence, by the names that the encoder's settings have."`
	Encoder  string             `json:"encoder" enum:"obs,ffmpeg,other" doc:"By whose names the sentence says what to do."`
	Since    time.Time          `json:"since"`

	NotCarried []NotCarried `json:"not_carried" nullable:"false" doc:"What a verdict of the code not_carried tells of: its sentences, one by one. Empty for others."`
}

// HealthMeasures are values for seconds in a row, oldest first. All lists are of
// the same length. The second that is not over yet is left out.
type HealthMeasures struct {
	From             int64     `json:"from" doc:"When the first second began, milliseconds since 1970."`
	VideoBitrate     []int64   `json:"video_bitrate" nullable:"false" doc:"Bits that arrived."`
	AudioBitrate     []int64   `json:"audio_bitrate" nullable:"false" doc:"Bits that arrived."`
	FrameRate        []float64 `json:"frame_rate" nullable:"false" doc:"Pictures for a second of media time."`
	KeyFrameInterval []float64 `json:"key_frame_interval" nullable:"false" doc:"Seconds between the newest two key frames; 0 before there are two."`
	SoundLevel       []int     `json:"sound_level" nullable:"false" doc:"dB of full scale; -1000 where it was not measured, which it is while this is asked for and the server has ffmpeg."`
	Silent           []bool    `json:"silent" nullable:"false" doc:"Sound came, and there was nothing in it."`
}

type healthInput struct {
	ChannelPath
	Seconds int `query:"seconds" minimum:"1" maximum:"600" default:"120" doc:"How many of the newest seconds to measure."`
}

// listenWait bounds how long an answer waits for the sound's level.
const listenWait = 2 * time.Second

func (s *Server) health(ctx context.Context, in *healthInput) (*answer[Health], error) {
	c, err := s.opts.Accounts.Overseen(ctx, actor(ctx), in.Channel)
	if err != nil {
		return nil, s.problem(err)
	}
	b := s.opts.Manager.Live(c.Name)
	if b == nil {
		return reply(healthOf(&doctor.Snapshot{}, in.Seconds)), nil
	}
	state := b.State()
	if state != store.StateOpening && state != store.StateLive && state != store.StateInterrupted {
		return reply(healthOf(&doctor.Snapshot{}, in.Seconds)), nil
	}
	listening, cancel := context.WithTimeout(ctx, listenWait)
	defer cancel()
	out := healthOf(b.Health(listening), in.Seconds)
	out.Broadcast, out.State = b.ID, string(state)
	return reply(out), nil
}

func healthOf(snapshot *doctor.Snapshot, seconds int) Health {
	m, from := doctor.SeriesOf(snapshot, seconds)
	out := Health{
		Encoder: snapshot.Encoder, Settled: snapshot.Settled(), Verdicts: []Verdict{},
		Series: HealthMeasures{
			From: from, VideoBitrate: m.VideoBitrate, AudioBitrate: m.AudioBitrate, FrameRate: m.FrameRate,
			KeyFrameInterval: m.KeyFrameInterval, SoundLevel: m.SoundLevel, Silent: m.Silent,
		},
	}
	for _, v := range doctor.Examine(snapshot) {
		out.Verdicts = append(out.Verdicts, Verdict{
			Code: v.Code, Case: v.Case, Figures: v.Figures, Severity: string(v.Severity),
			Seen: v.Seen, Fix: v.Fix, Encoder: v.Encoder, Since: v.Since, NotCarried: notCarriedOf(v.NotCarried),
		})
	}
	return out
}
