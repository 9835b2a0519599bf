package command

import (
	"errors"
	"flag"
	"fmt"
	"io"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestTell(t *testing.T) {
	for want, err := range map[int]error{0: nil, 1: errors.New("it broke"), 2: fmt.Errorf("%w: -x", ErrUse)} {
		var said strings.Builder
		require.Equal(t, want, tell(&said, "soak", err))
		require.Equal(t, err != nil, strings.HasPrefix(said.String(), "soak: "))
	}
	require.Zero(t, tell(io.Discard, "soak", flag.ErrHelp))
}

func TestFlags(t *testing.T) {
	parse := func(args ...string) error {
		f := flag.NewFlagSet("soak", flag.ContinueOnError)
		f.SetOutput(io.Discard)
		f.Int("n", 1, "a number")
		return Flags(f, args)
	}
	require.NoError(t, parse("-n", "2"))
	require.ErrorIs(t, parse("-help"), flag.ErrHelp)
	require.NotErrorIs(t, parse("-help"), ErrUse)
	require.ErrorIs(t, parse("-n", "x"), ErrUse)
	require.ErrorIs(t, parse("-x"), ErrUse)
}
