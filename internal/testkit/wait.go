package testkit

import (
	"context"
	"fmt"
	"testing"
	"time"
)

// pollEvery is the step between two looks at a condition that cannot wake us.
const pollEvery = 20 * time.Millisecond

// Eventually waits until cond returns nil and fails the test with cond's last
// error when limit passes first. The context ends with the limit.
func Eventually(t testing.TB, limit time.Duration, cond func(context.Context) error) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), limit)
	defer cancel()
	if err := Until(ctx, cond); err != nil {
		t.Fatalf("waited %v in vain: %v", limit, err)
	}
}

// Until looks at cond again and again until it returns nil. When ctx is done
// first, the error is cond's last one.
func Until(ctx context.Context, cond func(context.Context) error) error {
	step := time.NewTicker(pollEvery)
	defer step.Stop()
	var last error
	for {
		err := cond(ctx)
		if err == nil {
			return nil
		}
		// A look that the end of the wait cut short says less than the one before it.
		if ctx.Err() == nil || last == nil {
			last = err
		}
		select {
		case <-ctx.Done():
			return fmt.Errorf("%w (%w)", last, context.Cause(ctx))
		case <-step.C:
		}
	}
}

// At waits for the moment of a scenario, such as "1.9 s into the broadcast".
// A moment that has passed does not wait.
func At(ctx context.Context, when time.Time) error {
	timer := time.NewTimer(time.Until(when))
	defer timer.Stop()
	select {
	case <-timer.C:
		return nil
	case <-ctx.Done():
		return context.Cause(ctx)
	}
}
