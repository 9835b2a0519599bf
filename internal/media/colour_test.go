package media

import (
	"testing"

	"github.com/stretchr/testify/require"
)

func TestNewColour(t *testing.T) {
	require.Equal(t, Colour{}, NewColour(2, 2, 2, false), "nothing is told")
	require.Equal(t, Colour{}, NewColour(0, 0, 2, false), "0 is reserved")
	require.Equal(t, Colour{Primaries: 2, Transfer: 2, Matrix: 2, FullRange: true}, NewColour(2, 2, 2, true))
	require.Equal(t, Colour{Primaries: 1, Transfer: 13}, NewColour(1, 13, 0, false), "a matrix of 0 is RGB")
}

func TestColourOver(t *testing.T) {
	light, mastering := Light{MaxCLL: 1000}, Mastering{Max: 1}
	base := Colour{Primaries: 1, Transfer: 13, FullRange: true}
	for name, c := range map[string]struct{ over, base, want Colour }{
		"nothing":           {Colour{}, base, base},
		"transfer alone":    {NewColour(2, 16, 2, false), base, Colour{Primaries: 1, Transfer: 16, FullRange: true}},
		"all":               {NewColour(9, 18, 9, false), base, Colour{Primaries: 9, Transfer: 18, Matrix: 9, FullRange: true}},
		"over nothing":      {NewColour(2, 16, 2, false), Colour{}, Colour{Primaries: 2, Transfer: 16, Matrix: 2}},
		"light alone":       {Colour{Light: light}, Colour{}, Colour{Light: light}},
		"light over points": {Colour{Light: light}, base, Colour{Primaries: 1, Transfer: 13, FullRange: true, Light: light}},
		"points over light": {NewColour(9, 16, 9, false), Colour{Light: light, Mastering: mastering}, Colour{Primaries: 9, Transfer: 16, Matrix: 9, Light: light, Mastering: mastering}},
	} {
		require.Equal(t, c.want, c.over.Over(c.base), name)
	}
}
