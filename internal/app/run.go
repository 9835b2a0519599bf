package app

import (
	"context"
	"errors"
	"io"
	"log/slog"
	"net"
	"net/http"
	"os"

	"golang.org/x/sync/errgroup"

	"github.com/rostrumlive/rostrum/internal/account"
	"github.com/rostrumlive/rostrum/internal/acme"
	"github.com/rostrumlive/rostrum/internal/audience"
	"github.com/rostrumlive/rostrum/internal/blob"
	"github.com/rostrumlive/rostrum/internal/bodies"
	"github.com/rostrumlive/rostrum/internal/broadcast"
	"github.com/rostrumlive/rostrum/internal/bus"
	"github.com/rostrumlive/rostrum/internal/chat"
	"github.com/rostrumlive/rostrum/internal/hook"
	"github.com/rostrumlive/rostrum/internal/httpmedia"
	"github.com/rostrumlive/rostrum/internal/mail"
	"github.com/rostrumlive/rostrum/internal/notify"
	"github.com/rostrumlive/rostrum/internal/oidc"
	"github.com/rostrumlive/rostrum/internal/restream"
	"github.com/rostrumlive/rostrum/internal/rtmp"
	"github.com/rostrumlive/rostrum/internal/still"
	"github.com/rostrumlive/rostrum/internal/store"
	"github.com/rostrumlive/rostrum/internal/transcode"
	"github.com/rostrumlive/rostrum/internal/viewing"
	"github.com/rostrumlive/rostrum/internal/vod"
	"github.com/rostrumlive/rostrum/internal/web"
	"github.com/rostrumlive/rostrum/internal/webhook"
)

// server is everything that runs, in the order in which it is built. It is
// shut down in the reverse order.
type server struct {
	cfg Config
	log *slog.Logger
	out io.Writer // for people, and the access log

	lock     *os.File // of the data folder
	db       *store.DB
	accounts *account.Service
	sender   *mail.Sender     // nil without mail
	letters  *account.Letters // nil without mail
	oidc     *oidc.Provider   // nil without one
	files    *blob.Files
	library  *vod.Library
	ffmpeg   *transcode.Transcoder
	stills   *still.Service
	hooks    *hook.Service // nil where nobody is asked or told, and nobody in control
	relays   *restream.Service
	manager  *broadcast.Manager
	viewing  *viewing.Service
	audience *audience.Service
	webhooks *webhook.Service
	notify   *notify.Service
	bus      *bus.Bus
	chat     *chat.Service
	flv      httpmedia.FLV
	demo     *demo
	web      *web.Server
	http     *http.Server
	rtmp     *rtmp.Server
	metrics  *http.Server

	certificate *certificate  // nil without HTTPS and RTMPS, and with acme
	acme        *acme.Manager // nil where the certificate does not come from an authority
	bodies      *bodies.Cache
	viewers     *viewers

	httpListener, httpsListener                  *viewerDoor
	rtmpListener, rtmpsListener, metricsListener net.Listener
}

// serve runs a server until ctx ends, and returns when everything it started
// has ended. What a person should read is written to out, and the access log
// when that is on.
func serve(ctx context.Context, cfg Config, log *slog.Logger, out io.Writer) error {
	s := &server{cfg: cfg, log: log, out: out}
	if err := s.build(ctx); err != nil {
		return errors.Join(err, s.close())
	}
	if err := s.greet(ctx); err != nil {
		return errors.Join(err, s.close())
	}
	g, running := errgroup.WithContext(ctx)
	g.Go(func() error { return s.rtmp.Serve(s.rtmpListener) })
	if s.rtmpsListener != nil {
		g.Go(func() error { return s.rtmp.ServeTLS(s.rtmpsListener, s.tls()) })
	}
	g.Go(func() error { return serveHTTP(s.http, s.httpListener) })
	if s.httpsListener != nil {
		g.Go(func() error { return serveHTTPS(s.http, s.httpsListener) })
	}
	if s.metrics != nil {
		g.Go(func() error { return serveHTTP(s.metrics, s.metricsListener) })
	}
	if s.demo != nil {
		g.Go(func() error { return s.demo.run(running) })
	}
	g.Go(func() error { return tendHeap(running) })
	g.Go(func() error {
		s.sweep(running)
		return nil
	})
	g.Go(func() error {
		s.stills.Run(running)
		return nil
	})
	g.Go(func() error {
		s.webhooks.Run(running)
		return nil
	})
	g.Go(func() error {
		s.notify.Run(running)
		return nil
	})
	g.Go(func() error {
		<-running.Done()
		return s.shutdown()
	})
	if s.acme != nil {
		if err := s.acme.Start(); err != nil {
			s.log.Error("no certificate can be had", "error", err)
		}
	}
	s.web.SetReady(true)
	return errors.Join(g.Wait(), s.close())
}

func serveHTTP(srv *http.Server, l net.Listener) error {
	if err := srv.Serve(l); !errors.Is(err, http.ErrServerClosed) {
		return err
	}
	return nil
}

func serveHTTPS(srv *http.Server, l net.Listener) error {
	if err := srv.ServeTLS(l, "", ""); !errors.Is(err, http.ErrServerClosed) {
		return err
	}
	return nil
}
