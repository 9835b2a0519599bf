package app

import (
	"fmt"
	"strconv"
	"strings"
	"time"
)

const (
	day     = 24 * time.Hour
	maxDays = 3650
)

// age is a number of days, or off.
type age struct{ to *time.Duration }

func (v age) Set(text string) error {
	if isOff(text) {
		*v.to = 0
		return nil
	}
	number, ok := strings.CutSuffix(text, "d")
	days, err := strconv.Atoi(number)
	if !ok || err != nil || days < 1 || days > maxDays {
		return fmt.Errorf("%q is not a number of days from 1d to %dd, or off", text, maxDays)
	}
	*v.to = time.Duration(days) * day
	return nil
}

func (v age) Form() string { return "days like 30d, or off" }

func (v age) Placeholder() string { return "DAYS" }

func (v age) String() string {
	if *v.to == 0 {
		return "off"
	}
	return strconv.Itoa(int(*v.to/day)) + "d"
}
