// Package command is what the commands of this folder have in common: they end
// by a signal, say on a terminal what went wrong, and tell wrong use (exit code
// 2) from work that failed (1).
package command

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"syscall"
)

// ErrUse says that the command line is wrong.
var ErrUse = errors.New("wrong use")

// Main is a command whose options parse reads from the command line. It does
// not return when anything went wrong.
func Main[O any](name string, parse func(args []string) (O, error), run func(context.Context, O) error) {
	Run(name, func(ctx context.Context, args []string) error {
		o, err := parse(args)
		if err != nil {
			return err
		}
		return run(ctx, o)
	})
}

// Run is a command that reads its command line itself. It does not return when
// anything went wrong.
func Run(name string, start func(ctx context.Context, args []string) error) {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	err := start(ctx, os.Args[1:])
	stop()
	if code := tell(os.Stderr, name, err); code != 0 {
		os.Exit(code)
	}
}

// tell says what went wrong, and returns the exit code.
func tell(to io.Writer, name string, err error) (code int) {
	if err == nil || errors.Is(err, flag.ErrHelp) {
		return 0
	}
	_, _ = fmt.Fprintf(to, "%s: %v\n", name, err)
	if errors.Is(err, ErrUse) {
		return 2
	}
	return 1
}

// Flags reads the command line. Its error is flag.ErrHelp when help was asked
// for and given, else ErrUse.
func Flags(f *flag.FlagSet, args []string) error {
	err := f.Parse(args)
	if err == nil || errors.Is(err, flag.ErrHelp) {
		return err
	}
	return fmt.Errorf("%w: %w", ErrUse, err)
}
