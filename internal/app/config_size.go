package app

import (
	"errors"
	"fmt"
	"math"
	"strconv"
	"strings"
)

// share is a part of a disk: "5%", "20GB" or "0".
type share struct{ to *Share }

func (v share) Set(text string) error {
	if number, ok := strings.CutSuffix(text, "%"); ok {
		percent, err := strconv.Atoi(number)
		if err != nil || percent < 0 || percent > 99 {
			return fmt.Errorf("%q is not a whole percentage between 0%% and 99%%", text)
		}
		*v.to = Share{Percent: percent}
		return nil
	}
	n, err := parseSize(text)
	if err != nil {
		return err
	}
	*v.to = Share{Bytes: n}
	return nil
}

func (v share) Form() string        { return "percentage or size" }
func (v share) Placeholder() string { return "SIZE" }

// size is a number of bytes, or off for none.
type size struct{ to *int64 }

func (v size) Set(text string) error {
	if isOff(text) {
		*v.to = 0
		return nil
	}
	n, err := parseSize(text)
	if err != nil {
		return err
	}
	*v.to = n
	return nil
}

func (v size) Form() string        { return "size, or off" }
func (v size) Placeholder() string { return "SIZE" }

// units are those of IEC 80000-13: kilo is 1000, kibi is 1024.
var units = []struct {
	name  string
	bytes int64
}{
	{"KiB", 1 << 10},
	{"MiB", 1 << 20},
	{"GiB", 1 << 30},
	{"TiB", 1 << 40},
	{"KB", 1e3},
	{"MB", 1e6},
	{"GB", 1e9},
	{"TB", 1e12},
	{"B", 1},
}

// parseSize reads a whole number of bytes such as 256MB, 2GiB or 0.
func parseSize(text string) (int64, error) {
	if text == "0" {
		return 0, nil
	}
	lower := strings.ToLower(text)
	for _, unit := range units {
		number, ok := strings.CutSuffix(lower, strings.ToLower(unit.name))
		if !ok {
			continue
		}
		n, err := strconv.ParseInt(strings.TrimSpace(number), 10, 64)
		if err != nil || n < 0 {
			break
		}
		if n > math.MaxInt64/unit.bytes {
			return 0, errors.New("the size is larger than any disk")
		}
		return n * unit.bytes, nil
	}
	if isNumber(text) {
		return 0, fmt.Errorf("%q has no unit: write %sMB or %sGB", text, text, text)
	}
	return 0, fmt.Errorf("%q is not a size like 256MB, 20GB or 2GiB", text)
}

// sizeText writes a number of bytes as parseSize reads it, in the largest unit of
// which it is a whole number.
func sizeText(n int64) string {
	best := units[len(units)-1]
	for _, unit := range units {
		if n%unit.bytes == 0 && unit.bytes > best.bytes {
			best = unit
		}
	}
	return strconv.FormatInt(n/best.bytes, 10) + best.name
}
