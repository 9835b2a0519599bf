package app

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
)

// shutdown ends what runs, within shutdown_grace.
func (s *server) shutdown() error {
	ctx, cancel := context.WithTimeout(context.Background(), s.cfg.ShutdownGrace)
	defer cancel()
	s.log.Info("stopping")
	s.web.SetReady(false)
	// The manager refuses encoders from now on, and tells those on air why
	// they must go; then their connections are closed.
	err := errors.Join(s.manager.Shutdown(ctx), s.rtmp.Shutdown(ctx))
	s.notify.Close() // whose sockets no server of HTTP waits for
	s.chat.Close()
	err = errors.Join(err, shutdownHTTP(ctx, s.http))
	if s.metrics != nil {
		err = errors.Join(err, shutdownHTTP(ctx, s.metrics))
	}
	if s.hooks != nil {
		s.hooks.Close(ctx)
	}
	if s.letters != nil {
		s.letters.Close(ctx)
	}
	return err
}

// close lets go of what holds no goroutines of requests: rows last.
func (s *server) close() error {
	for _, d := range []*viewerDoor{s.httpListener, s.httpsListener} {
		if d != nil {
			_ = d.Close() // closed already after a run
		}
	}
	if s.viewers != nil {
		s.viewers.close()
	}
	if s.acme != nil {
		s.acme.Close()
	}
	for _, l := range []net.Listener{s.rtmpListener, s.rtmpsListener, s.metricsListener} {
		if l != nil {
			_ = l.Close() // closed already after a run
		}
	}
	if s.manager != nil {
		ctx, cancel := context.WithTimeout(context.Background(), s.cfg.ShutdownGrace)
		defer cancel()
		if err := s.manager.Shutdown(ctx); err != nil {
			s.log.Warn("stop broadcasts", "error", err)
		}
	}
	if s.relays != nil {
		s.relays.Close()
	}
	if s.chat != nil {
		s.chat.Close()
	}
	if s.notify != nil {
		s.notify.Close() // closed already after a run
	}
	if s.bus != nil {
		s.bus.Close()
	}
	if s.hooks != nil {
		ended, cancel := context.WithCancel(context.Background())
		cancel()
		s.hooks.Close(ended) // closed already after a run
	}
	if s.letters != nil {
		ended, cancel := context.WithCancel(context.Background())
		cancel()
		s.letters.Close(ended) // closed already after a run
	}
	if s.sender != nil {
		s.sender.Close() // after all who send by it
	}
	if s.oidc != nil {
		s.oidc.Close()
	}
	if s.audience != nil {
		s.audience.Close()
	}
	if s.stills != nil {
		s.stills.Close()
	}
	if s.ffmpeg != nil {
		s.ffmpeg.Close()
	}
	if s.library != nil {
		s.library.Close()
	}
	if s.viewing != nil {
		s.viewing.Close()
	}
	var err error
	if s.db != nil {
		err = s.db.Close()
	}
	if s.lock != nil {
		err = errors.Join(err, s.lock.Close())
	}
	return err
}

// shutdownHTTP lets requests finish, and breaks those that do not in time.
func shutdownHTTP(ctx context.Context, srv *http.Server) error {
	if err := srv.Shutdown(ctx); err != nil {
		return errors.Join(fmt.Errorf("finish requests: %w", err), srv.Close())
	}
	return nil
}
