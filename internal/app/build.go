package app

import (
	"context"
	"fmt"
	"io"
	"net"
	"path/filepath"
	"time"

	"github.com/rostrumlive/rostrum/internal/account"
	"github.com/rostrumlive/rostrum/internal/audience"
	"github.com/rostrumlive/rostrum/internal/blob"
	"github.com/rostrumlive/rostrum/internal/bodies"
	"github.com/rostrumlive/rostrum/internal/broadcast"
	"github.com/rostrumlive/rostrum/internal/hook"
	"github.com/rostrumlive/rostrum/internal/mail"
	"github.com/rostrumlive/rostrum/internal/notify"
	"github.com/rostrumlive/rostrum/internal/oidc"
	"github.com/rostrumlive/rostrum/internal/packager"
	"github.com/rostrumlive/rostrum/internal/restream"
	"github.com/rostrumlive/rostrum/internal/rtmp"
	"github.com/rostrumlive/rostrum/internal/still"
	"github.com/rostrumlive/rostrum/internal/transcode"
	"github.com/rostrumlive/rostrum/internal/viewing"
	"github.com/rostrumlive/rostrum/internal/vod"
	"github.com/rostrumlive/rostrum/internal/web"
	"github.com/rostrumlive/rostrum/internal/webhook"
	"github.com/rostrumlive/rostrum/ui"
)

// build makes everything and binds the listeners, so that a start that cannot
// succeed fails before an encoder comes.
func (s *server) build(ctx context.Context) (err error) {
	cfg := s.cfg
	if s.lock, err = lockData(cfg.Data); err != nil {
		return err
	}
	if s.db, err = openStore(ctx, cfg, s.log); err != nil {
		return err
	}
	if s.files, err = blob.Open(filepath.Join(cfg.Data, objectsFolder)); err != nil {
		return err
	}
	s.bodies = bodies.New(cfg.HTTP.CacheBytes)
	hls := packager.Options{
		Segment: cfg.HLS.Segment, Part: cfg.HLS.Part, LiveWindow: cfg.HLS.LiveWindow, Window: cfg.HLS.Window,
		Bodies: s.bodies,
	}
	s.accounts = account.New(s.db)
	s.viewing, err = viewing.New(ctx, viewing.Options{DB: s.db, Accounts: s.accounts, Log: s.log})
	if err != nil {
		return err
	}
	s.accounts.Watch(s.viewing.Forget)
	s.webhooks = webhook.New(webhook.Options{
		DB: s.db, Accounts: s.accounts, Private: privacy(cfg.Webhooks.AllowPrivate), Site: cfg.HTTP.URL, Version: Version(), Log: s.log,
	})
	s.library, err = vod.New(ctx, vod.Options{
		DB: s.db, Files: s.files, Spool: filepath.Join(cfg.Data, "spool"), Heads: filepath.Join(cfg.Data, "heads"),
		TargetDuration: hls.TargetDuration(), Reach: hls.ReachOf, MinFree: cfg.Recordings.MinFree.Of, Bodies: s.bodies, Log: s.log,
	})
	if err != nil {
		return fmt.Errorf("open recordings: %w", err)
	}
	s.ffmpeg = transcode.New(transcode.Options{FFmpeg: cfg.FFmpeg.Path, Log: s.log})
	s.stills = still.New(still.Options{DB: s.db, Files: s.files, Library: s.library, Transcoder: s.ffmpeg, Log: s.log})
	s.audience = audience.New(audience.Options{DB: s.db, Lapse: max(audience.DefaultLapse, 3*hls.TargetDuration()), Log: s.log})
	hooks := s.buildHooks()
	s.relays = restream.New(restream.Options{Log: s.log})
	s.manager, err = broadcast.New(ctx, broadcast.Options{
		DB: s.db, Accounts: s.accounts, Library: s.library, HLS: hls, Open: openness(cfg.Open), Hooks: hooks, Relays: s.relays,
		ReconnectWindow: cfg.ReconnectWindow, Ended: s.stills.Ended, Hear: newHear(cfg.FFmpeg.Path, s.log),
		Audience: s.audience, Log: s.log,
	})
	if err != nil {
		return err
	}
	if err := s.buildChat(); err != nil {
		return err
	}
	if cfg.Demo {
		if s.demo, err = newDemo(ctx, s.manager, s.accounts); err != nil {
			return err
		}
	}
	if err := s.buildMail(); err != nil {
		return err
	}
	if err := s.buildNotify(); err != nil {
		return err
	}
	return s.buildDoors(ctx)
}

// buildHooks makes what speaks with a back-end, where somebody needs that.
func (s *server) buildHooks() broadcast.Hooks {
	c := s.cfg.Hooks
	if !c.any() && !s.cfg.Control.on() {
		return nil
	}
	s.hooks = hook.New(hook.Options{
		Nginx: c.Nginx, SRS: c.SRS, Timeout: c.Timeout, Update: c.Update, FailOpen: c.FailOpen, Origin: s.cfg.HTTP.URL, Log: s.log,
	})
	return s.hooks
}

// buildMail begins to send mail, when there is a server for it.
func (s *server) buildMail() error {
	if s.cfg.SMTP.URL == "" {
		return nil
	}
	sender, err := mail.New(s.cfg.SMTP.URL, s.cfg.SMTP.From)
	if err != nil {
		return fmt.Errorf("smtp.url: %w", err)
	}
	s.sender = sender
	s.letters = s.accounts.NewLetters(func(ctx context.Context, to, subject, text string) error {
		return sender.Send(ctx, mail.Letter{To: to, Subject: subject, Text: text})
	}, s.cfg.HTTP.URL, s.log)
	return nil
}

// buildNotify makes what tells followers.
func (s *server) buildNotify() (err error) {
	o := notify.Options{DB: s.db, Accounts: s.accounts, Bus: pagesBus{s.bus}, Private: notify.Private(s.cfg.Push.AllowPrivate), Site: s.cfg.HTTP.URL, Log: s.log}
	if s.sender != nil {
		o.Mail = s.sender
	}
	s.notify, err = notify.New(o)
	return err
}

func (s *server) buildDoors(ctx context.Context) (err error) {
	cfg := s.cfg
	s.rtmp = rtmp.New(rtmp.Options{Gate: s.manager, Logins: s.manager, Log: s.log, MaxStrangers: strangerLimit(), GateTimeout: gateTimeout(cfg.Hooks)})
	if s.rtmpListener, err = listen(ctx, "rtmp.addr", cfg.RTMP.Addr); err != nil {
		return err
	}
	s.viewers = newViewers(viewerPace(), viewerLimit(), s.log)
	s.viewers.begin()
	if s.httpListener, err = s.viewers.door(ctx, "http.addr", cfg.HTTP.Addr, false); err != nil {
		return err
	}
	if err := s.listenTLS(ctx); err != nil {
		return err
	}
	var accessLog io.Writer
	if cfg.HTTP.AccessLog {
		accessLog = s.out
	}
	var sso *web.SingleSignOn
	if cfg.OIDC.Issuer != "" {
		s.oidc = oidc.New(oidc.Options{
			Issuer: cfg.OIDC.Issuer, ClientID: cfg.OIDC.ClientID, ClientSecret: cfg.OIDC.ClientSecret, Callback: cfg.HTTP.URL + web.OIDCCallback,
		})
		sso = &web.SingleSignOn{Provider: s.oidc, Name: cfg.OIDC.Name, SignUp: cfg.OIDC.SignUp}
	}
	s.web, err = web.New(web.Options{
		Manager: s.manager, Library: s.library, Stills: s.stills, FLV: &s.flv, Accounts: s.accounts, Viewing: s.viewing, Audience: s.audience, Webhooks: s.webhooks, Notify: s.notify, Chat: s.chat, DB: s.db,
		Files: s.files, UI: ui.Files(), Log: s.log, FFmpeg: s.ffmpeg.Version, Limits: configuredLimits(s.cfg),
		Version: Version(), Open: string(cfg.Open), Demo: cfg.Demo,
		RTMPPort: portOf(s.rtmpListener), AccessLog: accessLog, Secure: s.secure(), Letters: s.letters, OIDC: sso, URL: cfg.HTTP.URL, Proxies: cfg.HTTP.Proxies,
		Hooks: s.hooks, Relays: s.relays, Control: web.Control{Token: cfg.Control.Token, Allow: cfg.Control.Allow, Accepted: func() int64 { return s.rtmp.Stats().Accepted }},
	})
	if err != nil {
		return err
	}
	s.flv.Direct = direct
	handler := s.web.Handler()
	if s.acme != nil {
		handler = s.acme.Handler(handler)
	}
	s.viewers.plain = handler
	s.http = newViewerServer(s.viewers.plain, s.log)
	if s.httpsListener != nil {
		s.http.TLSConfig = viewerTLS(s.tls())
	}
	if cfg.Metrics.Addr == "" {
		return nil
	}
	if s.metricsListener, err = listen(ctx, "metrics.addr", cfg.Metrics.Addr); err != nil {
		return err
	}
	reg := newRegistry()
	reg.MustRegister(newCollector(s.manager, s.library, s.rtmp, &s.flv), newRelayCollector(s.relays), newViewerCollector(s.viewers), newCacheCollector(s.bodies), newStillCollector(s.ffmpeg), newViewingCollector(s.viewing))
	reg.MustRegister(peopleCollectors(s.audience, s.chat, s.webhooks)...)
	s.metrics = newMetricsServer(reg, s.log)
	return nil
}

// configuredLimits are in force where an admin has set none.
func configuredLimits(cfg Config) vod.Limits {
	return vod.Limits{MaxAge: cfg.Recordings.MaxAge, MaxBytes: cfg.Recordings.MaxBytes}
}

// gateTimeout is how long an encoder's question may take: 10 s, and what the
// back-end may take before that, in each dialect.
func gateTimeout(c HooksConfig) time.Duration { return 10*time.Second + 2*c.Timeout }

func openness(o Openness) broadcast.Openness {
	switch o {
	case OpenPrivate:
		return broadcast.Private
	case OpenAny:
		return broadcast.Any
	}
	return broadcast.Closed
}

func privacy(allowed string) webhook.Private {
	switch allowed {
	case "site":
		return webhook.SiteOnly
	case "all":
		return webhook.All
	}
	return webhook.Never
}

// secure tells web of HTTPS.
func (s *server) secure() web.Secure {
	if s.httpsListener == nil {
		return web.Secure{}
	}
	secure := web.Secure{Port: portOf(s.httpsListener), Redirect: s.cfg.HTTPS.Redirect}
	// A browser that is told to use TLS alone (RFC 6797 8.3) goes from port 80
	// to port 443, and asks for TLS at every other port of the host as it is:
	// it would never see plain HTTP at :8080 again, nor what else runs there.
	secure.Strict = secure.Redirect && secure.Port == "443" && portOf(s.httpListener) == "80"
	return secure
}

func portOf(l net.Listener) string {
	_, port, err := net.SplitHostPort(l.Addr().String())
	if err != nil {
		return ""
	}
	return port
}
