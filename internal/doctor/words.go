package doctor

import (
	"fmt"
	"strings"
)

// words say what to do, by the names that the encoder's own settings have.
type words struct{ obs, ffmpeg, other string }

// of returns the words for who calls itself so.
func (w words) of(encoder string) string {
	switch KindOf(encoder) {
	case "obs":
		return w.obs
	case "ffmpeg":
		return w.ffmpeg
	}
	return w.other
}

// KindOf tells encoders apart whose settings are known: "obs", "ffmpeg", or
// "other".
func KindOf(encoder string) string {
	name := strings.ToLower(encoder)
	switch {
	case strings.Contains(name, "obs"):
		return "obs"
	case strings.Contains(name, "lavf"), strings.Contains(name, "ffmpeg"):
		return "ffmpeg"
	}
	return "other"
}

func keyFrameFix(rate int) words {
	return words{
		obs:    "In OBS → Settings → Output (Output Mode: Advanced) → Streaming set Keyframe Interval to 2 s.",
		ffmpeg: fmt.Sprintf("Give ffmpeg -g %d: two seconds at %d pictures a second.", 2*rate, rate),
		other:  "Set the key frame interval (GOP) of your encoder to 2 seconds.",
	}
}

var (
	swingFix = words{
		obs:    "In OBS → Settings → Output → Streaming set Rate Control to CBR.",
		ffmpeg: "Give ffmpeg -b:v, and with it -maxrate of the same value and -bufsize of twice that; leave out -crf.",
		other:  "Set the rate control of your encoder to constant bitrate (CBR).",
	}
	overloadFix = words{
		obs:    "In OBS → Settings → Output → Streaming choose a hardware Encoder (NVENC, QuickSync, AMF) or a faster CPU Usage Preset, or lower the Output (Scaled) Resolution in Settings → Video.",
		ffmpeg: "Choose a faster -preset, a smaller -s, or an encoder of the hardware such as h264_nvenc or h264_vaapi.",
		other:  "Lower the resolution or the frame rate, choose a faster preset or a hardware encoder, and close other programs.",
	}
	rateFix = words{
		obs:    "Look at Skipped frames in OBS → View → Stats: when they grow, lower Common FPS Values or the Output (Scaled) Resolution in Settings → Video.",
		ffmpeg: "Look whether ffmpeg tells a speed below 1x: then choose a faster -preset. Set the rate with -r before -i when the source gives less.",
		other:  "Look whether the computer or the camera keeps up: in the dark many cameras halve their frame rate.",
	}
	starvingFix = words{
		obs:    "In OBS → Settings → Output → Streaming lower Bitrate to three quarters of what your upload measures, and use a cable in place of Wi-Fi.",
		ffmpeg: "Lower -b:v and -maxrate to three quarters of what your upload measures. When ffmpeg tells a speed below 1x it is the computer that is too slow: choose a faster -preset.",
		other:  "Lower the bitrate to three quarters of what your upload measures, and use a cable in place of Wi-Fi.",
	}
	jumpFix = words{
		obs:    "In OBS look for a media source or capture device that restarts; stop and start the stream when it goes on.",
		ffmpeg: "Give ffmpeg -use_wallclock_as_timestamps 1 before -i, or -fflags +genpts for a file that loops.",
		other:  "Restart the stream. When it goes on, look whether the encoder's clock is set (NTP) while it runs.",
	}
	missingFix = words{
		obs:    "In OBS look whether the Audio Mixer moves and Audio Track 1 is ticked in Edit → Advanced Audio Properties and in Settings → Output → Streaming.",
		ffmpeg: "Give ffmpeg a source of sound and -c:a aac; -an takes it away.",
		other:  "Turn the sound on in your encoder, as AAC. If there shall be none, leave it so.",
	}
	frozenFix = words{
		obs:    "Restart the stream in OBS; when it happens again, choose another Encoder in Settings → Output → Streaming.",
		ffmpeg: "Look what ffmpeg says of the video source: it ended, or cannot be decoded.",
		other:  "Look whether camera and encoder still work, and restart the stream.",
	}
	silentFix = words{
		obs:    "In OBS → Audio Mixer look for a source that is muted or the wrong device, in Settings → Audio → Global Audio Devices too.",
		ffmpeg: "Look whether the input that -map takes the sound from is the right one, and not muted.",
		other:  "Look whether the microphone is muted, or another input is chosen.",
	}
	driftFix = words{
		obs:    "Set the same Sample Rate in OBS → Settings → Audio and for the device in the system's settings, and Use Device Timestamps in the source's properties.",
		ffmpeg: "Give ffmpeg -af aresample=async=1000, which follows the clock of the source.",
		other:  "Set the same sample rate (48 kHz) for the device and in the encoder.",
	}
	codecFix = words{
		obs:    "In OBS → Settings → Output → Streaming choose a Video Encoder of H.264.",
		ffmpeg: "Give ffmpeg -c:v libx264 (or h264_nvenc, h264_vaapi).",
		other:  "Set the video codec of your encoder to H.264.",
	}
	formatFix = words{
		obs:    "In OBS → Settings → Advanced set Color Format to NV12, and Profile in Settings → Output → Streaming to high.",
		ffmpeg: "Give ffmpeg -pix_fmt yuv420p.",
		other:  "Set the pixel format of your encoder to 4:2:0 with 8 bits.",
	}
	notCarriedFix = words{
		obs:    "In OBS → Settings → Output → Streaming choose H.264 as Video Encoder and AAC as Audio Encoder.",
		ffmpeg: "Give ffmpeg -c:v libx264 -c:a aac.",
		other:  "Set your encoder to H.264 and AAC.",
	}
	levelFix = words{
		obs:    "In OBS → Settings → Output → Streaming take level= out of x264 Options.",
		ffmpeg: "Leave out -level: the encoder finds the right one.",
		other:  "Set the level of your encoder to automatic.",
	}
	bFramesFix = words{
		obs:    "In OBS → Settings → Output → Streaming set Max B-frames to 0, or with x264 set Tune to zerolatency.",
		ffmpeg: "Give ffmpeg -bf 0, or -tune zerolatency.",
		other:  "Set B-frames to 0 in your encoder.",
	}
	sizeFix = words{
		obs:    "In OBS → Settings → Video set Output (Scaled) Resolution to 1920x1080 or 1280x720.",
		ffmpeg: "Give ffmpeg -vf scale=1280:-4, or a usual size such as -s 1280x720.",
		other:  "Set the resolution to a usual one, such as 1920 × 1080 or 1280 × 720.",
	}
	fightFix = words{
		obs:    "Stop the stream in one of the two. Whoever is not meant to be there has your stream key: rotate it on the page of the stream keys.",
		ffmpeg: "Stop one of the two. Whoever is not meant to be there has your stream key: rotate it on the page of the stream keys.",
		other:  "Stop one of the two. Whoever is not meant to be there has your stream key: rotate it on the page of the stream keys.",
	}
	lostFix = words{
		obs:    "Use a cable in place of Wi-Fi, and lower Bitrate in OBS → Settings → Output → Streaming; Dynamically change bitrate in Settings → Advanced → Network helps too.",
		ffmpeg: "Use a cable in place of Wi-Fi, and lower -b:v. Look what ffmpeg says when it ends.",
		other:  "Use a cable in place of Wi-Fi, and lower the bitrate.",
	}
)
