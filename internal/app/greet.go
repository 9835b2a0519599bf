package app

import (
	"context"
	"errors"
	"fmt"
	"net"

	"github.com/rostrumlive/rostrum/internal/account"
)

// greet tells a person where everything is.
func (s *server) greet(ctx context.Context) error {
	s.log.Info("listening", "http", s.httpListener.Addr().String(), "rtmp", s.rtmpListener.Addr().String())
	if s.httpsListener != nil {
		s.log.Info("listening", "https", s.httpsListener.Addr().String())
	}
	if s.rtmpsListener != nil {
		s.log.Info("listening", "rtmps", s.rtmpsListener.Addr().String())
	}
	if s.metricsListener != nil {
		s.log.Info("listening", "metrics", s.metricsListener.Addr().String())
	}
	switch s.cfg.Open {
	case OpenPrivate:
		s.log.Warn("--open: anyone on a loopback, private or link-local address may publish without a key")
	case OpenAny:
		s.log.Warn("--open=any: anyone in the world may publish without a key")
	}
	also, site := "", "http://"+reachable(s.httpListener.Addr().String())
	if s.httpsListener != nil {
		secure := "https://" + reachable(s.httpsListener.Addr().String())
		if s.cfg.HTTPS.Redirect {
			site = secure
		} else {
			also = "\n    or with TLS     " + secure
		}
	}
	if !s.cfg.Demo {
		return s.offerSetup(ctx, site)
	}
	key, err := demoKey(ctx, s.accounts, s.cfg.Data)
	if err != nil {
		return fmt.Errorf("make the demo streamer's key: %w", err)
	}
	password, err := makeDemoPeople(ctx, s.accounts, s.cfg.Data)
	if err != nil {
		return fmt.Errorf("make the demo's accounts: %w", err)
	}
	rtmp := "rtmp://" + reachable(s.rtmpListener.Addr().String()) + "/live"
	if s.rtmpsListener != nil {
		rtmp += "\n    or with TLS     rtmps://" + reachable(s.rtmpsListener.Addr().String()) + "/live"
	}
	_, err = fmt.Fprintf(s.out, `
  Rostrum is running.

    Site            %s%s
    Demo channel    %s/@%s   (on air in a moment)

    Sign in as      demo-admin, demo-streamer or demo-viewer
    Password        %s

  Publish with OBS: Settings, Stream, Service "Custom…"

    Server          %s
    Stream key      %s
    Watch it at     %s/@%s

  Or with ffmpeg:   make ingest KEY=%s
  Data is kept in   %s
  Stop with         Ctrl-C

`, site, also, site, demoChannel, password, rtmp, key, site, demoStreamer, key, s.cfg.Data)
	return err
}

// offerSetup tells where the first admin is made, while there is none. The token
// stands behind the #, which browsers send nowhere, so that it is in no log.
func (s *server) offerSetup(ctx context.Context, site string) error {
	token, err := s.accounts.SetupToken(ctx)
	if errors.Is(err, account.ErrSetupDone) {
		return nil
	}
	if err != nil {
		return fmt.Errorf("make the set-up token: %w", err)
	}
	_, err = fmt.Fprintf(s.out, `
  This site has no admin yet. Make the first one here, within a week or before the next start:

    %s/setup#%s

  From another machine, put this one's name or address in place of 127.0.0.1.

`, site, token)
	return err
}

// reachable is an address that a browser on this machine can open.
func reachable(addr string) string {
	host, port, err := net.SplitHostPort(addr)
	if err != nil {
		return addr
	}
	if ip := net.ParseIP(host); host == "" || ip != nil && ip.IsUnspecified() {
		host = "127.0.0.1"
	}
	return net.JoinHostPort(host, port)
}
