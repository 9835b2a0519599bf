package testkit

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"time"
)

// attrs is an attribute list (RFC 8216bis 4.2) that remembers which values
// were quoted.
type attrs map[string]attr

type attr struct {
	value  string
	quoted bool
}

var attrForm = regexp.MustCompile(`^([A-Z0-9-]+)=(?:"([^"\r\n]*)"|([^",\s]+))(?:,|$)`)

func parseAttrs(s string) (attrs, error) {
	list := attrs{}
	for rest := s; rest != ""; {
		m := attrForm.FindStringSubmatch(rest)
		if m == nil {
			return nil, fmt.Errorf("attribute list %q", rest)
		}
		if _, twice := list[m[1]]; twice {
			return nil, fmt.Errorf("attribute %s twice", m[1])
		}
		quoted := strings.HasPrefix(rest[len(m[1])+1:], `"`)
		list[m[1]] = attr{value: m[2] + m[3], quoted: quoted}
		if len(m[0]) == len(rest) && strings.HasSuffix(rest, ",") {
			return nil, fmt.Errorf("attribute list %q ends with a comma", s)
		}
		rest = rest[len(m[0]):]
	}
	if len(list) == 0 {
		return nil, fmt.Errorf("empty attribute list")
	}
	return list, nil
}

// only fails on an attribute that is not among names: a misspelt one helps no
// player.
func (a attrs) only(names ...string) error {
	for name := range a {
		known := false
		for _, n := range names {
			known = known || n == name
		}
		if !known {
			return fmt.Errorf("unknown attribute %s", name)
		}
	}
	return nil
}

// text returns a quoted string that must be there.
func (a attrs) text(name string) (string, error) {
	v, ok := a[name]
	if !ok || !v.quoted || v.value == "" {
		return "", fmt.Errorf("attribute %s must be a quoted string", name)
	}
	return v.value, nil
}

// yes reads an enumerated YES or NO; absent is NO.
func (a attrs) yes(name string) (bool, error) {
	v, ok := a[name]
	if !ok {
		return false, nil
	}
	if v.quoted || v.value != "YES" && v.value != "NO" {
		return false, fmt.Errorf("attribute %s must be YES or NO", name)
	}
	return v.value == "YES", nil
}

// seconds reads a decimal-floating-point of seconds; absent is 0.
func (a attrs) seconds(name string) (time.Duration, error) {
	v, ok := a[name]
	if !ok {
		return 0, nil
	}
	if v.quoted {
		return 0, fmt.Errorf("attribute %s must not be quoted", name)
	}
	return parseSeconds(v.value)
}

// integer reads a decimal integer; absent is -1.
func (a attrs) integer(name string) (int64, error) {
	v, ok := a[name]
	if !ok {
		return -1, nil
	}
	if v.quoted {
		return 0, fmt.Errorf("attribute %s must not be quoted", name)
	}
	return parseInteger(v.value)
}

var (
	integerForm = regexp.MustCompile(`^[0-9]{1,18}$`)
	decimalForm = regexp.MustCompile(`^[0-9]{1,9}(\.[0-9]{1,9})?$`)
)

func parseInteger(s string) (int64, error) {
	if !integerForm.MatchString(s) {
		return 0, fmt.Errorf("%q is not a decimal integer", s)
	}
	return strconv.ParseInt(s, 10, 64)
}

// parseSeconds reads without floating point, so that sums stay exact.
func parseSeconds(s string) (time.Duration, error) {
	if !decimalForm.MatchString(s) {
		return 0, fmt.Errorf("%q is not a number of seconds", s)
	}
	whole, fraction, _ := strings.Cut(s, ".")
	ns, err := strconv.ParseInt(whole+(fraction + "000000000")[:9], 10, 64)
	return time.Duration(ns), err
}
