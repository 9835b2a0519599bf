package app

import (
	"errors"
	"fmt"
	"log/slog"
	"net"
	"slices"
	"strconv"
	"strings"
	"time"
)

// address is a host:port to listen at.
type address struct {
	to       *string
	mayBeOff bool
}

func (v address) Set(text string) error {
	if v.mayBeOff && isOff(text) {
		*v.to = ""
		return nil
	}
	host, port, err := net.SplitHostPort(text)
	switch {
	case err != nil && isNumber(text):
		return fmt.Errorf("%q has no colon: write :%s for every interface, or 127.0.0.1:%s", text, text, text)
	case err != nil:
		return fmt.Errorf("%q is not an address like :8080 or 127.0.0.1:8080", text)
	case strings.ContainsAny(host, " /@"):
		return fmt.Errorf("%q is not the name or number of a host", host)
	}
	// Port 0 asks the system for a free one.
	if n, err := strconv.Atoi(port); err != nil || n < 0 || n > 65535 {
		return fmt.Errorf("%q is not a port between 0 and 65535", port)
	}
	*v.to = text
	return nil
}

func (v address) Form() string {
	if v.mayBeOff {
		return "address, or off"
	}
	return "address"
}

func (v address) Placeholder() string { return "ADDR" }

// span is a length of wall time within bounds.
type span struct {
	to       *time.Duration
	min, max time.Duration
}

func (v span) Set(text string) error {
	d, err := time.ParseDuration(text)
	switch {
	case err != nil && isNumber(text):
		return fmt.Errorf("%q has no unit: write %ss or %sms", text, text, text)
	case err != nil:
		return fmt.Errorf("%q is not a duration like 200ms, 2s or 1m30s", text)
	case d < v.min:
		return fmt.Errorf("%s is too short: %s", text, v.Form())
	case d > v.max:
		return fmt.Errorf("%s is too long: %s", text, v.Form())
	}
	*v.to = d
	return nil
}

func (v span) Form() string { return "duration, " + short(v.min) + " to " + short(v.max) }

func (v span) Placeholder() string { return "DURATION" }

// short writes a duration without the zeros that its String ends with.
func short(d time.Duration) string {
	text := d.String()
	if strings.HasSuffix(text, "m0s") {
		text = strings.TrimSuffix(text, "0s")
	}
	if strings.HasSuffix(text, "h0m") {
		text = strings.TrimSuffix(text, "0m")
	}
	return text
}

// reach is how far back something goes: a length of wall time within bounds, or
// all of it, which is 0.
type reach struct{ span }

const wholeReach = "all"

func (v reach) Set(text string) error {
	if strings.EqualFold(text, wholeReach) {
		*v.to = 0
		return nil
	}
	return v.span.Set(text)
}

func (v reach) Form() string        { return v.span.Form() + ", or " + wholeReach }
func (v reach) Placeholder() string { return "DURATION|" + wholeReach }

// toggle is on or off.
type toggle struct{ to *bool }

func (v toggle) Set(text string) error {
	switch {
	case slices.Contains([]string{"on", "true", "yes"}, strings.ToLower(text)):
		*v.to = true
	case isOff(text):
		*v.to = false
	default:
		return fmt.Errorf("%q is neither on nor off", text)
	}
	return nil
}

func (v toggle) Form() string        { return "on or off" }
func (v toggle) Placeholder() string { return "on|off" }

// folder is a path; relative ones start at the working directory.
type folder struct{ to *string }

func (v folder) Set(text string) error {
	if text == "" || strings.ContainsRune(text, 0) {
		return errors.New("the path of a folder is wanted")
	}
	*v.to = text
	return nil
}

func (v folder) Form() string        { return "path" }
func (v folder) Placeholder() string { return "DIR" }

// program is the path of one, or its name, or off.
type program struct{ to *string }

func (v program) Set(text string) error {
	if isOff(text) {
		*v.to = ""
		return nil
	}
	if text == "" || strings.ContainsRune(text, 0) {
		return errors.New("the path of a program is wanted, or off")
	}
	*v.to = text
	return nil
}

func (v program) Form() string        { return "path, or off" }
func (v program) Placeholder() string { return "FILE" }

// pemFile is the path of a file, or off.
type pemFile struct{ to *string }

func (v pemFile) Set(text string) error {
	if isOff(text) {
		*v.to = ""
		return nil
	}
	if text == "" || strings.ContainsRune(text, 0) {
		return errors.New("the path of a file is wanted, or off")
	}
	*v.to = text
	return nil
}

func (v pemFile) Form() string        { return "path, or off" }
func (v pemFile) Placeholder() string { return "FILE" }

// choice is one word of a few.
type choice struct {
	to *string
	of []string
}

func (v choice) Set(text string) error {
	if !slices.Contains(v.of, text) {
		return fmt.Errorf("%q is not one of: %s", text, v.Form())
	}
	*v.to = text
	return nil
}

func (v choice) Form() string        { return strings.Join(v.of, ", ") }
func (v choice) Placeholder() string { return strings.Join(v.of, "|") }

// level is a gravity of log lines.
type level struct{ to *slog.Level }

func (v level) Set(text string) error {
	var word string
	if err := (choice{&word, []string{"debug", "info", "warn", "error"}}).Set(text); err != nil {
		return err
	}
	return v.to.UnmarshalText([]byte(word))
}

func (v level) Form() string        { return "debug, info, warn, error" }
func (v level) Placeholder() string { return "debug|info|warn|error" }

func isOff(text string) bool {
	return slices.Contains([]string{"off", "false", "no"}, strings.ToLower(text))
}

func isNumber(text string) bool {
	_, err := strconv.ParseUint(text, 10, 63)
	return err == nil
}
