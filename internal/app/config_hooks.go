package app

import (
	"errors"
	"net/url"
	"strings"
	"time"
)

const (
	// A question to the back-end is answered before encoders give up: librtmp
	// waits 30 s.
	minHookTimeout, maxHookTimeout = 100 * time.Millisecond, 20 * time.Second
	minHookUpdate, maxHookUpdate   = time.Second, time.Hour
)

// hookURL is where a back-end is posted to, or off. It may hold a secret.
type hookURL struct{ to *string }

// Set refuses without repeating what it was given.
func (v hookURL) Set(text string) error {
	if isOff(text) {
		*v.to = ""
		return nil
	}
	u, err := url.Parse(text)
	if err != nil || u.Scheme != "http" && u.Scheme != "https" || !isHost(u.Host) || u.Fragment != "" || strings.ContainsAny(text, " \t\r\n") {
		return errors.New("this is not one address like http://127.0.0.1:8000/on_publish")
	}
	*v.to = text
	return nil
}

func (v hookURL) Form() string        { return "http:// or https://, or off" }
func (v hookURL) Placeholder() string { return "URL" }

// Masked implements secret: what people put into a hook's address to know the
// server by stands in its user or its query.
func (v hookURL) Masked(text string) string {
	u, err := url.Parse(text)
	if err != nil || isOff(text) {
		return text
	}
	if u.RawQuery != "" {
		u.RawQuery = "xxxxx"
	}
	return u.Redacted()
}

// backEndKeys are those of hooks, and of an operator's programs.
func backEndKeys() []key {
	keys := []key{
		{
			name: "hooks.timeout", fallback: "3s", group: groupBackEnd,
			help:  "How long the back-end may take for an answer, with all attempts to reach it",
			field: func(c *Config) value { return span{to: &c.Hooks.Timeout, min: minHookTimeout, max: maxHookTimeout} },
		},
		{
			name: "hooks.fail_open", fallback: "off", group: groupBackEnd,
			help:  "Let in, and leave on air, whom a back-end is asked for that does not answer; else they are refused",
			field: func(c *Config) value { return toggle{to: &c.Hooks.FailOpen} },
		},
		{
			name: "hooks.update_interval", fallback: "30s", group: groupBackEnd,
			help:  "How often on_update asks whether who publishes or watches may go on",
			field: func(c *Config) value { return span{to: &c.Hooks.Update, min: minHookUpdate, max: maxHookUpdate} },
		},
		{
			name: "control.token", fallback: "off", group: groupBackEnd,
			help:  "What opens /control/… and /stat in nginx-rtmp's form, as Authorization: Bearer or ?token=",
			field: func(c *Config) value { return hidden{line{to: &c.Control.Token}} },
		},
		{
			name: "control.allow", fallback: "off", group: groupBackEnd,
			help:  "Networks and addresses that may use /control/… and /stat without the token",
			field: func(c *Config) value { return networks{to: &c.Control.Allow} },
		},
	}
	for _, h := range []struct {
		name, help string
		to         func(*Config) *string
	}{
		{"nginx.on_publish", "who may publish, in nginx-rtmp's form; it stands in place of the key check", func(c *Config) *string { return &c.Hooks.Nginx.OnPublish }},
		{"nginx.on_publish_done", "the end of each encoder's connection", func(c *Config) *string { return &c.Hooks.Nginx.OnPublishDone }},
		{"nginx.on_play", "who may watch", func(c *Config) *string { return &c.Hooks.Nginx.OnPlay }},
		{"nginx.on_play_done", "the end of each viewing", func(c *Config) *string { return &c.Hooks.Nginx.OnPlayDone }},
		{"nginx.on_update", "whether who publishes or watches may go on", func(c *Config) *string { return &c.Hooks.Nginx.OnUpdate }},
		{"nginx.on_record_done", "the address of each recording", func(c *Config) *string { return &c.Hooks.Nginx.OnRecordDone }},
		{"srs.on_publish", "who may publish, in SRS's form; it stands in place of the key check", func(c *Config) *string { return &c.Hooks.SRS.OnPublish }},
		{"srs.on_unpublish", "the end of each encoder's connection", func(c *Config) *string { return &c.Hooks.SRS.OnUnpublish }},
		{"srs.on_play", "who may watch", func(c *Config) *string { return &c.Hooks.SRS.OnPlay }},
		{"srs.on_stop", "the end of each viewing", func(c *Config) *string { return &c.Hooks.SRS.OnStop }},
		{"srs.on_dvr", "the address of each recording", func(c *Config) *string { return &c.Hooks.SRS.OnDVR }},
		{"srs.on_hls", "the address of each segment of MPEG-TS", func(c *Config) *string { return &c.Hooks.SRS.OnHLS }},
	} {
		keys = append(keys, key{
			name: "hooks." + h.name, fallback: "off", group: groupBackEnd, help: "Where the back-end is asked or told: " + h.help,
			field: func(c *Config) value { return hookURL{to: h.to(c)} },
		})
	}
	return keys
}
