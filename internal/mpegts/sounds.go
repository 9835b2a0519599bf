package mpegts

import (
	"fmt"
	"slices"

	"github.com/rostrumlive/rostrum/internal/media"
)

const (
	// togetherTicks and togetherBytes bound the frames that share a PES packet:
	// one to itself would leave much of its last packet empty, and the clock of
	// a broadcast without a picture ticks with them.
	togetherTicks = clockEvery
	togetherBytes = 32 << 10
	// maxOpus is what a PES packet, whose length must be told, has room for.
	maxOpus = 65000
)

// sounds are the frames of a sound as PES packets.
type sounds struct {
	units []media.AccessUnit
	at    int // the frame that comes next
	id    byte
	adts  adts
}

func newSounds(units []media.AccessUnit) (*sounds, error) {
	t := units[0].Track
	s := &sounds{id: idAudio}
	most := maxADTS - adtsSize
	switch {
	case t.Codec == media.AAC:
		var err error
		if s.adts, err = adtsOf(t); err != nil {
			return nil, err
		}
	case t.Codec == media.Opus && Carries(t):
		s.id, most = idPrivate, maxOpus
	default:
		return nil, fmt.Errorf("%v in a transport stream: %w", t.Codec, media.ErrUnsupported)
	}
	wrong := func(u media.AccessUnit) bool { return len(u.Data) == 0 || len(u.Data) > most }
	if slices.ContainsFunc(units, wrong) {
		units = slices.DeleteFunc(slices.Clone(units), wrong)
	}
	s.units = units
	return s, nil
}

func (s *sounds) left() bool  { return s.at < len(s.units) }
func (s *sounds) time() int64 { return s.stamp(s.at) }

func (s *sounds) stamp(i int) int64 { return stamp(s.units[i].PTS, s.units[i].Track.Timescale) }

func (s *sounds) next(pes []byte) (out []byte, key bool) {
	key = s.at == 0 // all are: a player needs to know of one
	first := s.at
	pes = appendPESHeader(pes, s.id, s.time(), s.time())
	for {
		if u := &s.units[s.at]; s.id == idPrivate {
			pes = appendOpus(pes, u.Data)
		} else {
			pes = s.adts.append(pes, u.Data)
		}
		s.at++
		if !s.left() || !s.follows() || len(pes)+len(s.units[s.at].Data) > togetherBytes ||
			s.end(s.at)-s.stamp(first) > togetherTicks {
			break
		}
	}
	setPESLength(pes)
	return pes, key
}

// follows reports whether the next frame begins where the last one ended: only
// then can its time be left out.
func (s *sounds) follows() bool {
	u := &s.units[s.at-1]
	return s.units[s.at].PTS == u.PTS+s.length(u)
}

func (s *sounds) end(i int) int64 {
	u := &s.units[i]
	return stamp(u.PTS+s.length(u), u.Track.Timescale)
}

// length is how long a frame plays, in ticks of its track.
func (s *sounds) length(u *media.AccessUnit) int64 {
	if s.id == idPrivate {
		return int64(media.OpusPacketSamples(u.Data))
	}
	return int64(u.Track.SamplesPerFrame)
}
