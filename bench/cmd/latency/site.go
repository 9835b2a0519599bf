package main

import (
	"fmt"

	"github.com/rostrumlive/rostrum/bench/internal/servers"
)

// site is one server under test.
type site struct {
	*servers.Server
	kind string
	part string
}

// list is the address that players are given for a channel.
func (s *site) list(channel string) string {
	if s.kind == nginx {
		return fmt.Sprintf("http://%s/%s.m3u8", s.HTTP, channel)
	}
	return fmt.Sprintf("http://%s/live/%s/index.m3u8", s.HTTP, channel)
}

func (s *site) String() string {
	switch {
	case s.kind == nginx:
		return "nginx-rtmp HLS"
	case s.part == "":
		return "rostrum"
	}
	return "rostrum, parts of " + s.part
}
