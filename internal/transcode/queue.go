package transcode

import (
	"context"
	"time"
)

const (
	// restTimes is how many times the processor's time of a process is rested
	// after it: what is left is a fifth of a core.
	restTimes = 4
	// maxUrgent is how many urgent jobs may wait. Their people wait for seconds,
	// in which no more get their turn.
	maxUrgent = 8
	// maxStreak is how many urgent jobs go before one that is not.
	maxStreak = 4
)

// order is a job that waits, and who waits for it.
type order struct {
	ctx context.Context
	job Job
	out chan result // holds one
}

type result struct {
	pictures [][]byte
	err      error
}

// Pictures makes a JPEG of each key frame of a job, in their order; nil stands
// for one that could not be decoded. When none could the error wraps
// ErrUndecodable and has ffmpeg's words. It waits for its turn: an urgent job
// goes before others, and fails with ErrBusy when too many wait already.
func (t *Transcoder) Pictures(ctx context.Context, j Job) ([][]byte, error) {
	if _, err := t.Version(ctx); err != nil {
		return nil, err // nobody would do what is queued
	}
	o := &order{ctx: ctx, job: j, out: make(chan result, 1)}
	if j.Urgent {
		select {
		case t.urgent <- o:
		default:
			return nil, ErrBusy
		}
	} else {
		select {
		case t.patient <- o:
		case <-ctx.Done():
			return nil, ctx.Err()
		case <-t.ctx.Done():
			return nil, t.ctx.Err()
		}
	}
	select {
	case r := <-o.out:
		return r.pictures, r.err
	case <-ctx.Done():
		return nil, ctx.Err()
	case <-t.ctx.Done():
		return nil, t.ctx.Err()
	}
}

// run does one job after the other, and rests after each.
func (t *Transcoder) run() {
	streak := 0
	for {
		o := t.next(&streak)
		if o == nil {
			return
		}
		if o.ctx.Err() != nil {
			continue // nobody waits for it any more
		}
		pictures, used, err := t.make(o.ctx, o.job)
		t.cpu.Add(int64(used))
		if err != nil {
			t.failed.Add(1)
		}
		o.out <- result{pictures, err}
		rest := time.NewTimer(restTimes * used)
		select {
		case <-rest.C:
		case <-t.ctx.Done():
			rest.Stop()
			return
		}
	}
}

// next takes the job whose turn it is; nil is the end.
func (t *Transcoder) next(streak *int) *order {
	if *streak < maxStreak {
		select {
		case o := <-t.urgent:
			*streak++
			return o
		default:
		}
	}
	select {
	case o := <-t.patient:
		*streak = 0
		return o
	default:
	}
	select {
	case o := <-t.urgent:
		*streak++
		return o
	case o := <-t.patient:
		*streak = 0
		return o
	case <-t.ctx.Done():
		return nil
	}
}
