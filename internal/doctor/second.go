package doctor

// second is what came within one second of the arrival clock: 60 bytes, of
// which a stream keeps Window.
type second struct {
	videoBytes, audioBytes uint32
	advance                uint32 // µs of media time that the pictures took
	keyEvery               uint32 // ms between the two newest key frames, when the second of them came here
	usual                  uint32 // µs from one picture to the next, usually
	late, early            int32  // ms that units arrived after their media time, the most and the least; against the encoder's first
	skew                   int32  // tenths of ms by which the sound's stamps have run from its samples
	apart                  int32  // ms by which the sound's stamps were ahead of the pictures'
	leap                   int32  // ms of the largest step by which a stamp was wrong
	level                  int16  // dB of full scale, unmeasured
	pictures, frames       uint16
	keys, skipped          uint16 // pictures that are missing between others
	silent                 uint16 // frames of sound that hold nothing, up to the first that does not
	repaired               uint16
	session                uint16
}

// unmeasured is a level that nobody looked at.
const unmeasured = -1000

// sum adds up what is counted.
func sum(list []second) (total totals) {
	for i := range list {
		s := &list[i]
		total.bytes += int64(s.videoBytes) + int64(s.audioBytes)
		total.videoBytes += int64(s.videoBytes)
		total.advance += int64(s.advance)
		total.pictures += int(s.pictures)
		total.frames += int(s.frames)
		total.skipped += int(s.skipped)
		total.silent += int(s.silent)
		total.repaired += int(s.repaired)
		total.keys += int(s.keys)
	}
	return total
}

// totals are of several seconds.
type totals struct {
	bytes, videoBytes, advance                        int64
	pictures, frames, skipped, silent, repaired, keys int
}

// frameRate is pictures a second of media time, 0 when there is too little.
func (t totals) frameRate() float64 {
	if t.pictures < 2 || t.advance == 0 {
		return 0
	}
	return float64(t.pictures) * 1e6 / float64(t.advance)
}
