package archive

import (
	"encoding/binary"
	"errors"
)

// errBoxes: a file is not made of movie fragments.
var errBoxes = errors.New("not a segment of movie fragments")

// decodeTime is where a segment holds a tfdt's time of 64 bits (ISO/IEC
// 14496-12 8.8.12).
type decodeTime int

func (t decodeTime) add(data []byte, ticks int64) {
	at := data[t:]
	binary.BigEndian.PutUint64(at, binary.BigEndian.Uint64(at)+uint64(ticks))
}

// decodeTimes finds those of all fragments.
func decodeTimes(data []byte) (times []decodeTime, err error) {
	const head, full = 8, 12 // of a box, with version and flags
	for at := 0; at < len(data); {
		if len(data)-at < head {
			return nil, errBoxes
		}
		size := int(binary.BigEndian.Uint32(data[at:]))
		if size < head || size > len(data)-at {
			return nil, errBoxes
		}
		switch string(data[at+4 : at+head]) {
		case "moof", "traf": // what they hold comes next
			at += head
			continue
		case "tfdt":
			if size != full+8 || data[at+head] != 1 {
				return nil, errBoxes
			}
			times = append(times, decodeTime(at+full))
		}
		at += size
	}
	if len(times) == 0 {
		return nil, errBoxes
	}
	return times, nil
}
