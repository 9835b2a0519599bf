// Package doctor owns what is known of a stream's health: measures of each
// access unit, second by second, and verdicts on them in plain sentences, with
// the names that the encoder's own settings have. It knows neither accounts nor
// addresses, and it changes nothing of what it looks at.
package doctor

import (
	"time"

	"github.com/rostrumlive/rostrum/internal/media"
)

// Severity says how much a fault hurts.
type Severity string

// The severities, the worst first.
const (
	Bad  Severity = "bad"  // viewers see or hear it, or some can see nothing
	Poor Severity = "poor" // it works, and worse than it could
	Hint Severity = "hint" // nothing is wrong; it could be better
)

// The codes of verdicts. They are stable: programs look for them.
const (
	KeyFrameInterval = "key_frame_interval"
	KeyFramesDense   = "key_frames_dense"
	BitrateSwings    = "bitrate_swings"
	FrameRateDrop    = "frame_rate_drop"
	BFrames          = "b_frames"
	AudioMissing     = "audio_missing"
	AudioSilent      = "audio_silent"
	AudioDrift       = "audio_drift"
	VideoMissing     = "video_missing"
	ClockJumps       = "clock_jumps"
	CodecSupport     = "codec_support"
	NotCarried       = "not_carried"
	EncoderOverload  = "encoder_overload"
	UploadStarving   = "upload_starving"
	LevelWrong       = "level_wrong"
	OddResolution    = "odd_resolution"
	EncodersFight    = "encoders_fight"
	EncoderLost      = "encoder_lost"
)

// Verdict is one fault of a stream.
type Verdict struct {
	Code     string    `json:"code"`
	Case     string    `json:"case"`    // which of the code's sentences Seen is; empty where there is one
	Figures  Figures   `json:"figures"` // what varies in the sentence
	Severity Severity  `json:"severity"`
	Seen     string    `json:"seen"`    // a sentence with numbers: what is wrong
	Fix      string    `json:"fix"`     // a sentence: what to do about it
	Encoder  string    `json:"encoder"` // by whose names Fix speaks, as KindOf tells them apart
	Since    time.Time `json:"since"`

	// NotCarried is what a verdict of that code tells of; empty for others.
	NotCarried []media.Notice `json:"not_carried,omitempty"`
}

// Figures are the numbers in a verdict's sentence, by name: so that a page can
// say it in another language. With Case they are as stable as the codes.
type Figures map[string]float64

const (
	// Window is how many seconds are remembered.
	Window = 600
	// settle is how many seconds of an encoder's media are looked at before
	// anything is said of how it runs.
	settle = 10
	// warmUp is how many seconds at an encoder's beginning count for nothing:
	// it sends what it has buffered, and its rate control finds its way.
	warmUp = 2
	// hold is for how many seconds a verdict stays after what it says was true
	// last, so that it does not flicker.
	hold = 10
)

// Examine says what is wrong, the worst first. It looks at nothing but the
// snapshot: the same one gives the same verdicts.
func Examine(s *Snapshot) []Verdict {
	found := []Verdict{}
	for _, severity := range []Severity{Bad, Poor, Hint} {
		for _, r := range rules {
			if v, ok := s.examine(r); ok && v.Severity == severity {
				found = append(found, v)
			}
		}
	}
	return found
}

// examine asks a rule how things stood at the end of each second, from the
// newest back to where the verdict began.
func (s *Snapshot) examine(r rule) (Verdict, bool) {
	var v Verdict
	found, last := false, 0
	for end := len(s.seconds); end > 0; end-- {
		if found && last-end > hold || !found && len(s.seconds)-end >= hold {
			break
		}
		now, ok := r(view{s, end})
		if !ok {
			continue
		}
		if !found {
			v, found = now, true
		}
		last, v.Since = end, s.time(end-1)
	}
	return v, found
}
