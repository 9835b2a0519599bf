package main

import (
	"context"
	"errors"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/rostrumlive/rostrum/bench/internal/command"
	"github.com/rostrumlive/rostrum/bench/internal/report"
)

func TestParse(t *testing.T) {
	o, err := parse(nil)
	require.NoError(t, err)
	require.LessOrEqual(t, o.estimate(), 8*time.Minute, "a run with no flags")
	require.Equal(t, []int{1, 10, 50}, o.streams)
	require.Equal(t, []int{500}, o.watching)
	for _, bad := range [][]string{
		{"-cases", "vod"}, {"-streams", "0"}, {"-streams", "x"}, {"-watching", "1001"}, {"-seconds", "0"}, {"-rounds", "0"}, {"-seconds", "60"}, {"extra"}, {"-nonsense"},
	} {
		_, err := parse(bad)
		require.ErrorIs(t, err, command.ErrUse, "%v", bad)
	}
	_, err = parse([]string{"-seconds", "60", "-limit", "60m"})
	require.NoError(t, err)
}

func TestInterleaveTakesSidesInTurn(t *testing.T) {
	b := &bench{options: options{rounds: 2}, report: &report.Report{}}
	var order []string
	c := &report.Case{Columns: []string{"x"}}
	err := b.interleave(t.Context(), c, []string{"a", "b"}, func(_ context.Context, side string) (report.Round, error) {
		order = append(order, side)
		if len(order) == 3 {
			return report.Round{Work: "half"}, errors.New("it broke")
		}
		return report.Round{}, nil
	})
	require.NoError(t, err)
	require.Equal(t, []string{"a", "b", "a", "b"}, order)
	require.Equal(t, 2, c.Rounds[3].Number)
	require.Equal(t, report.Round{Side: "a", Number: 2, Work: "half", Fault: "it broke"}, c.Rounds[2], "a round's fault ends no case")
	require.Same(t, c, b.report.Cases[0])
}

func TestInterleaveLeavesOutWhatWasCutOff(t *testing.T) {
	b := &bench{options: options{rounds: 2}, report: &report.Report{}}
	over := errors.New("over")
	ctx, cancel := context.WithCancelCause(t.Context())
	c := &report.Case{Columns: []string{"x"}}
	rounds := 0
	err := b.interleave(ctx, c, []string{"a"}, func(context.Context, string) (report.Round, error) {
		if rounds++; rounds == 2 {
			cancel(over)
		}
		return report.Round{}, nil
	})
	require.ErrorIs(t, err, over)
	require.Len(t, c.Rounds, 1)
}
