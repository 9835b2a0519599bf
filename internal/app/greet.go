package app

import (
	"context"
	"fmt"
	"net"
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
	if !s.cfg.Demo {
		return nil
	}
	key, err := demoKey(ctx, s.accounts, s.cfg.Data)
	if err != nil {
		return fmt.Errorf("make the demo streamer's key: %w", err)
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
	rtmp := "rtmp://" + reachable(s.rtmpListener.Addr().String()) + "/live"
	if s.rtmpsListener != nil {
		rtmp += "\n    or with TLS     rtmps://" + reachable(s.rtmpsListener.Addr().String()) + "/live"
	}
	_, err = fmt.Fprintf(s.out, `
  Rostrum is running.

    Site            %s%s
    Demo channel    %s/@%s   (on air in a moment)

  Publish with OBS: Settings, Stream, Service "Custom…"

    Server          %s
    Stream key      %s
    Watch it at     %s/@%s

  Or with ffmpeg:   make ingest KEY=%s
  Data is kept in   %s
  Stop with         Ctrl-C

`, site, also, site, demoChannel, rtmp, key, site, demoStreamer, key, s.cfg.Data)
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
