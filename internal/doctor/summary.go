package doctor

import (
	"fmt"
	"math"
)

// Summary is what a stream is, in numbers.
type Summary struct {
	Seconds          int     `json:"seconds"` // that were looked at
	VideoCodec       string  `json:"video_codec,omitempty"`
	VideoCodecs      string  `json:"video_codecs,omitempty"` // as RFC 6381 says
	Width            int     `json:"width,omitempty"`
	Height           int     `json:"height,omitempty"`
	FrameRate        float64 `json:"frame_rate,omitempty"`
	VideoBitrate     int64   `json:"video_bitrate,omitempty"`
	KeyFrameInterval float64 `json:"key_frame_interval,omitempty"` // seconds
	BFramesDelayMS   int64   `json:"b_frames_delay_ms,omitempty"`
	AudioCodec       string  `json:"audio_codec,omitempty"`
	SampleRate       int     `json:"sample_rate,omitempty"`
	Channels         int     `json:"channels,omitempty"`
	AudioBitrate     int64   `json:"audio_bitrate,omitempty"`
	Encoder          string  `json:"encoder,omitempty"`
}

// Summarise puts a snapshot in numbers.
func Summarise(s *Snapshot) Summary {
	v := view{s, len(s.seconds)}
	t := sum(s.seconds)
	out := Summary{Seconds: len(s.seconds), Encoder: s.Encoder}
	if n := int64(len(s.seconds)); n > 0 {
		out.VideoBitrate, out.AudioBitrate = t.videoBytes*8/n, (t.bytes-t.videoBytes)*8/n
	}
	if s.Video != nil {
		out.VideoCodec, out.VideoCodecs, out.Width, out.Height = s.Video.Codec.String(), s.Video.Codecs, s.Video.Width, s.Video.Height
		out.FrameRate = math.Round(t.frameRate()*100) / 100
		out.BFramesDelayMS = s.Delay.Milliseconds()
		if len(s.seconds) > 0 {
			out.KeyFrameInterval = float64(v.keyEvery(Window)) / 1000
		}
	}
	if s.Audio != nil {
		out.AudioCodec, out.SampleRate, out.Channels = s.Audio.Codec.String(), s.Audio.SampleRate, s.Audio.Channels
	}
	return out
}

// Lines tell a summary to a person.
func (s Summary) Lines() []string {
	var lines []string
	if s.VideoCodec == "" {
		lines = append(lines, "Picture: none")
	} else {
		lines = append(lines, fmt.Sprintf("Picture: %s (%s), %d × %d, %.2f pictures a second, %s", s.VideoCodec, s.VideoCodecs, s.Width, s.Height, s.FrameRate, tellBits(s.VideoBitrate)))
		every := "none came a second time"
		if s.KeyFrameInterval > 0 {
			every = "every " + tellSeconds(int64(s.KeyFrameInterval*1000))
		}
		lines = append(lines, "Key frames: "+every)
	}
	if s.AudioCodec == "" {
		lines = append(lines, "Sound: none")
	} else {
		lines = append(lines, fmt.Sprintf("Sound: %s, %g kHz, %s, %s", s.AudioCodec, float64(s.SampleRate)/1000, channels(s.Channels), tellBits(s.AudioBitrate)))
	}
	if s.Encoder != "" {
		lines = append(lines, "Encoder: "+s.Encoder)
	}
	return lines
}

func channels(n int) string {
	switch n {
	case 1:
		return "mono"
	case 2:
		return "stereo"
	}
	return fmt.Sprintf("%d channels", n)
}

// Series are the measures over time, a value for each second, oldest first.
type Series struct {
	VideoBitrate     []int64   // bit/s
	AudioBitrate     []int64   // bit/s
	FrameRate        []float64 // a second
	KeyFrameInterval []float64 // seconds, of the newest two key frames so far; 0 before there are two
	SoundLevel       []int     // dB of full scale; Unmeasured where nobody decoded it
	Silent           []bool    // sound came, and there was nothing in it
}

// Unmeasured is a level of sound that is not known.
const Unmeasured = unmeasured

// SeriesOf returns the newest seconds of a snapshot, at most n, and when the
// first of them began in ms since 1970.
func SeriesOf(s *Snapshot, n int) (out Series, from int64) {
	first := max(0, len(s.seconds)-n)
	list := s.seconds[first:]
	every := 0.0
	for i := first - 1; i >= 0; i-- {
		if s.seconds[i].keyEvery > 0 {
			every = float64(s.seconds[i].keyEvery) / 1000
			break
		}
	}
	out = Series{
		VideoBitrate: make([]int64, len(list)), AudioBitrate: make([]int64, len(list)), FrameRate: make([]float64, len(list)),
		KeyFrameInterval: make([]float64, len(list)), SoundLevel: make([]int, len(list)), Silent: make([]bool, len(list)),
	}
	for i := range list {
		b := &list[i]
		if b.keyEvery > 0 {
			every = float64(b.keyEvery) / 1000
		}
		out.VideoBitrate[i], out.AudioBitrate[i] = int64(b.videoBytes)*8, int64(b.audioBytes)*8
		out.FrameRate[i] = math.Round(sum(list[i:i+1]).frameRate()*10) / 10
		out.KeyFrameInterval[i], out.SoundLevel[i] = every, int(b.level)
		out.Silent[i] = b.frames > 0 && b.silent == b.frames
	}
	return out, s.time(first).UnixMilli()
}
