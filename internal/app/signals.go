package app

import (
	"context"
	"log/slog"
	"os"
	"os/signal"
	"sync"
	"syscall"
)

// untilSignal returns a context that ends with the first SIGTERM or SIGINT,
// so that work can drain. A signal after its end calls exit at once. The
// caller calls stop when the work is done; signals then have their usual
// effect again.
func untilSignal(parent context.Context, log *slog.Logger, exit func(code int)) (ctx context.Context, stop func()) {
	ctx, cancel := context.WithCancel(parent)
	signals := make(chan os.Signal, 2) // one to drain, one to end
	signal.Notify(signals, syscall.SIGTERM, syscall.SIGINT)
	quit, ended := make(chan struct{}), make(chan struct{})
	go func() {
		defer close(ended)
		for {
			select {
			case s := <-signals:
				if ctx.Err() != nil {
					log.Warn("ending at once", "signal", s.String())
					exit(exitFailed)
					return
				}
				log.Info("shutting down; a second signal ends at once", "signal", s.String())
				cancel()
			case <-quit:
				return
			}
		}
	}()
	return ctx, sync.OnceFunc(func() {
		signal.Stop(signals)
		close(quit)
		<-ended
		cancel()
	})
}
