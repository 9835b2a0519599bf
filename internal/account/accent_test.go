package account

import (
	"errors"
	"os"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestContrast(t *testing.T) {
	require.InDelta(t, 21, contrast("#000000", "#ffffff"), 1e-9)
	require.InDelta(t, 1, contrast("#2f55d4", "#2f55d4"), 1e-9)
	require.InDelta(t, 4.54, contrast("#767676", "#ffffff"), 0.005) // the grey that everybody names
}

// An accent is refused where it cannot be read, in words; those of the pages can.
func TestAccents(t *testing.T) {
	for _, c := range []struct {
		theme  theme
		colour string
		want   string // of the refusal
	}{
		{lightTheme, "", ""},
		{lightTheme, "#2f55d4", ""},
		{darkTheme, "#7c9cff", ""},
		{lightTheme, "#7c9cff", "contrast to #ffffff is 2.6 : 1"},
		{darkTheme, "#2f55d4", "contrast to #0b1020 is 3.0 : 1"},
		{lightTheme, "#707070", "contrast to #eef0f4 is 4.3 : 1"}, // good under letters, too pale for them
		{lightTheme, "blue", "written like"},
		{darkTheme, "#7C9CFF", "written like"},
		{darkTheme, "#7c9cff;}", "written like"},
	} {
		err := c.theme.check(c.colour)
		if c.want == "" {
			require.NoError(t, err, c.colour)
			continue
		}
		require.ErrorContains(t, err, c.want, c.colour)
		var known *Error
		require.True(t, errors.As(err, &known))
		require.Equal(t, c.theme.code, known.Code)
	}
}

// The grounds are those that the pages have.
func TestThemesAreThePages(t *testing.T) {
	css, err := os.ReadFile("../../ui/src/app.css")
	require.NoError(t, err)
	light, dark, ok := strings.Cut(string(css), ":root[data-theme='dark']")
	require.True(t, ok)
	for _, c := range []struct {
		of   theme
		text string
	}{{lightTheme, light}, {darkTheme, dark}} {
		for i, name := range []string{"bg", "surface", "raised"} {
			m := regexp.MustCompile(`--` + name + `: (#[0-9a-f]{6});`).FindStringSubmatch(c.text)
			require.NotNil(t, m, name)
			require.Equal(t, m[1], c.of.grounds[i], "%s of the %s theme", name, c.of.name)
		}
		m := regexp.MustCompile(`--on-accent: (#[0-9a-f]{6});`).FindStringSubmatch(c.text)
		require.NotNil(t, m)
		require.Equal(t, m[1], c.of.on)
	}
}
