// Package faults makes bad encoders of good ones: it edits the tags of a clip,
// and the moments at which they are sent, before a test publishes them. And it
// reads what became of them, frame by frame.
package faults

import (
	"bytes"
	"context"
	"math/rand/v2"
	"slices"
	"time"

	"github.com/rostrumlive/rostrum/internal/testkit"
)

// Cue is a tag and when an encoder sends it, which the stamp of the tag may
// contradict.
type Cue struct {
	testkit.Tag
	At   time.Duration
	True time.Duration // what a good encoder would stamp
}

// Fault is what is wrong with an encoder: it edits the cues in place or makes
// others of them.
type Fault func([]Cue) []Cue

// Cues makes a cue of each tag, sent at its own time. Bodies are copies.
func Cues(tags []testkit.Tag) []Cue {
	cues := make([]Cue, len(tags))
	for i, tag := range tags {
		tag.Body = bytes.Clone(tag.Body)
		cues[i] = Cue{Tag: tag, At: tag.Time, True: tag.Time}
	}
	return cues
}

// Play sends each cue when it is due after start.
func Play(ctx context.Context, e *testkit.Encoder, start time.Time, cues []Cue) error {
	for _, c := range cues {
		if err := testkit.At(ctx, start.Add(c.At)); err != nil {
			return err
		}
		if err := e.Send(c.Tag); err != nil {
			return err
		}
	}
	return nil
}

// All makes one of several, in their order.
func All(list ...Fault) Fault {
	return func(cues []Cue) []Cue {
		for _, f := range list {
			cues = f(cues)
		}
		return cues
	}
}

// Of restricts a fault that edits stamps or bodies to the cues that match.
func Of(match func(testkit.Tag) bool, f Fault) Fault {
	return func(cues []Cue) []Cue {
		var at []int
		var some []Cue
		for i, c := range cues {
			if match(c.Tag) {
				at, some = append(at, i), append(some, c)
			}
		}
		for i, c := range f(some) {
			cues[at[i]] = c
		}
		return cues
	}
}

// During restricts a fault that edits stamps or bodies to what is sent from
// one moment up to another.
func During(from, to time.Duration, f Fault) Fault {
	return func(cues []Cue) []Cue {
		first := slices.IndexFunc(cues, func(c Cue) bool { return c.At >= from })
		if first < 0 {
			return cues
		}
		last := first
		for last < len(cues) && cues[last].At < to {
			last++
		}
		copy(cues[first:last], f(cues[first:last]))
		return cues
	}
}

// From is During without an end.
func From(from time.Duration, f Fault) Fault { return During(from, 1<<62, f) }

// Each edits every cue by itself; n counts them.
func Each(edit func(n int, c *Cue)) Fault {
	return func(cues []Cue) []Cue {
		for i := range cues {
			edit(i, &cues[i])
		}
		return cues
	}
}

// Shift moves the stamps.
func Shift(by time.Duration) Fault { return Each(func(_ int, c *Cue) { c.Time += by }) }

// Once edits the first cue that matches and no other.
func Once(match func(testkit.Tag) bool, edit func(*Cue)) Fault {
	return func(cues []Cue) []Cue {
		if i := slices.IndexFunc(cues, func(c Cue) bool { return match(c.Tag) }); i >= 0 {
			edit(&cues[i])
		}
		return cues
	}
}

// Wrap makes the stamps count from zero again at a limit.
func Wrap(limit time.Duration) Fault { return Each(func(_ int, c *Cue) { c.Time %= limit }) }

// Freeze gives all the stamp of the first.
func Freeze() Fault {
	return func(cues []Cue) []Cue {
		return Each(func(_ int, c *Cue) { c.Time = cues[0].Time })(cues)
	}
}

// Scatter moves each stamp by its own random distance, at most span either
// way. The same seed gives the same distances.
func Scatter(span time.Duration, seed uint64) Fault {
	random := rand.New(rand.NewPCG(seed, seed))
	return Each(func(_ int, c *Cue) {
		c.Time += time.Duration(random.Int64N(2*int64(span)+1) - int64(span)).Truncate(time.Millisecond)
	})
}

// Cut leaves out what matches of what is sent from one moment up to another.
func Cut(from, to time.Duration, match func(testkit.Tag) bool) Fault {
	return func(cues []Cue) []Cue {
		return slices.DeleteFunc(cues, func(c Cue) bool { return c.At >= from && c.At < to && match(c.Tag) })
	}
}

// Insert sends cues among the others, each when it is due, behind those that
// are due with it.
func Insert(more ...Cue) Fault {
	return func(cues []Cue) []Cue {
		cues = append(cues, more...)
		slices.SortStableFunc(cues, func(a, b Cue) int { return int(a.At - b.At) })
		return cues
	}
}

// FollowedBy sends a second clip from a moment on in place of what is left of the
// first, as an encoder whose settings are changed on air.
func FollowedBy(at time.Duration, second []testkit.Tag) Fault {
	return func(cues []Cue) []Cue {
		cues = slices.DeleteFunc(cues, func(c Cue) bool { return c.At >= at })
		for _, c := range Cues(second) {
			c.Time, c.At, c.True = c.Time+at, c.At+at, c.True+at
			cues = append(cues, c)
		}
		return cues
	}
}

// CodedVideo tells a coded picture from the rest.
func CodedVideo(g testkit.Tag) bool { return g.Video() && Frame(g) != nil }

// CodedAudio tells a coded frame of sound from the rest.
func CodedAudio(g testkit.Tag) bool { return g.Audio() && Frame(g) != nil }
