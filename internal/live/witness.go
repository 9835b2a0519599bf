package live

import "github.com/rostrumlive/rostrum/internal/media"

// Sight is what can be seen of one unit when it is published.
type Sight struct {
	Unit     *media.AccessUnit // its times are the broadcast's
	Stamp    int64             // its DTS as the encoder gave it
	Repaired bool              // its time ran backwards or leapt, and is not what the encoder meant
	Session  uint32            // counts the publishers
}

// Witness is told of each unit, by the goroutine that wrote it and without a
// lock: of several renditions by several at once. It never blocks, and it keeps
// no unit: that would keep its data.
type Witness interface{ Witness(Sight) }
