package account

import (
	"fmt"
	"math"
	"regexp"
	"strconv"
)

// theme is what an accent colour meets in one of the two looks of the pages: the
// letters that stand on it, and the grounds on which it stands as letters. A test
// holds them to ui/src/app.css.
type theme struct {
	name, code string
	on         string
	grounds    []string
}

var (
	lightTheme = theme{"light", ErrBadAccentLight.Code, "#ffffff", []string{"#f7f8fa", "#ffffff", "#eef0f4"}}
	darkTheme  = theme{"dark", ErrBadAccentDark.Code, "#0b1020", []string{"#0d0f14", "#151821", "#1f2430"}}
)

// leastContrast is what text must have (WCAG 2.2, 1.4.3).
const leastContrast = 4.5

var hexColour = regexp.MustCompile(`^#[0-9a-f]{6}$`)

// check returns nil for a colour that can be read in the theme, in both roles;
// empty is the pages' own. The refusal tells by how much it cannot.
func (t theme) check(colour string) error {
	if colour == "" {
		return nil
	}
	if !hexColour.MatchString(colour) {
		return &Error{t.code, "a colour is written like #2f55d4"}
	}
	for _, other := range append([]string{t.on}, t.grounds...) {
		if c := contrast(colour, other); c < leastContrast {
			return &Error{t.code, fmt.Sprintf("in the %s theme this colour is hard to read: its contrast to %s is %.1f : 1, and 4.5 : 1 is the least", t.name, other, math.Floor(c*10)/10)}
		}
	}
	return nil
}

// contrast is that of two colours (WCAG 2.2, contrast ratio).
func contrast(a, b string) float64 {
	x, y := luminance(a), luminance(b)
	return (max(x, y) + 0.05) / (min(x, y) + 0.05)
}

// luminance is the relative one of #rrggbb (WCAG 2.2, relative luminance).
func luminance(colour string) float64 {
	sum := 0.0
	for i, weight := range []float64{0.2126, 0.7152, 0.0722} {
		n, err := strconv.ParseUint(colour[1+2*i:3+2*i], 16, 8)
		if err != nil {
			return 0 // it was matched before
		}
		c := float64(n) / 255
		if c <= 0.04045 {
			c /= 12.92
		} else {
			c = math.Pow((c+0.055)/1.055, 2.4)
		}
		sum += weight * c
	}
	return sum
}
