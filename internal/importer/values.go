package importer

import (
	"errors"
	"math"
	"net"
	"strconv"
	"strings"
	"time"
)

var (
	errAddress = errors.New("this is no address with a port")
	errLength  = errors.New("this is no length of time")
)

// listenAddress writes the address of a listen line as ours are: 1935,
// 127.0.0.1:1935, *:1935 or [::]:1935. An address of every interface is ours
// without a host, which is IPv4 and IPv6. port is what a host alone means.
func listenAddress(text, port string) (string, error) {
	host := text
	switch {
	case strings.HasPrefix(text, "unix:"):
		return "", errors.New("this server listens at no Unix sockets")
	case isNumber(text):
		host, port = "", text
	default:
		if h, p, err := net.SplitHostPort(text); err == nil {
			host, port = h, p
		}
	}
	host = strings.Trim(host, "[]")
	switch host {
	case "*", "0.0.0.0", "::":
		host = ""
	}
	if n, err := strconv.Atoi(port); err != nil || n < 1 || n > math.MaxUint16 {
		return "", errAddress
	}
	return net.JoinHostPort(host, port), nil
}

// nginxUnits are what nginx writes behind numbers of time.
var nginxUnits = map[string]time.Duration{
	"": time.Second, "ms": time.Millisecond, "s": time.Second, "m": time.Minute, "h": time.Hour,
	"d": day, "w": 7 * day, "M": 30 * day, "y": 365 * day,
}

const day = 24 * time.Hour

// maxLength is what no setting of ours is longer than, so that sums of lengths
// do not overflow.
const maxLength = 100 * 365 * day

// nginxLength reads a length of time as nginx writes it: 3, 500ms, 1m30s.
func nginxLength(text string) (time.Duration, error) {
	if text == "" {
		return 0, errLength
	}
	var sum time.Duration
	for text != "" {
		digits := len(text) - len(strings.TrimLeft(text, "0123456789"))
		n, err := strconv.ParseInt(text[:digits], 10, 64)
		if err != nil {
			return 0, errLength
		}
		text = text[digits:]
		letters := len(text) - len(strings.TrimLeft(text, "mshdwMy"))
		unit, ok := nginxUnits[text[:letters]]
		if !ok || n > int64(maxLength/unit) {
			return 0, errLength
		}
		text = text[letters:]
		if sum += time.Duration(n) * unit; sum > maxLength {
			return 0, errLength
		}
	}
	return sum, nil
}

// seconds reads a number of seconds, also with a fraction.
func seconds(text string) (time.Duration, error) {
	n, err := strconv.ParseFloat(text, 64)
	if err != nil || !(n >= 0 && n <= maxLength.Seconds()) {
		return 0, errLength
	}
	return time.Duration(n * float64(time.Second)).Round(time.Millisecond), nil
}

// goLength reads a length of time as Go writes it, with days as MediaMTX does:
// 200ms, 1h30m, 7d.
func goLength(text string) (time.Duration, error) {
	var days time.Duration
	if n, rest, ok := strings.Cut(text, "d"); ok {
		whole, err := strconv.Atoi(n)
		if err != nil || whole < 0 || whole > int(maxLength/day) {
			return 0, errLength
		}
		if days, text = time.Duration(whole)*day, rest; text == "" {
			return days, nil
		}
	}
	length, err := time.ParseDuration(text)
	if err != nil || length < 0 || length > maxLength {
		return 0, errLength
	}
	return days + length, nil
}

// isNumber says whether text is made of digits.
func isNumber(text string) bool {
	return text != "" && strings.Trim(text, "0123456789") == ""
}
