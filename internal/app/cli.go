// Package app makes the server out of its rooms: the command line, the
// configuration, the order in which the rooms are built and the reverse order
// in which they are shut down. It knows every room and is known by none.
package app

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"

	"github.com/alecthomas/kong"
)

// Exit codes.
const (
	exitClean  = 0
	exitFailed = 1 // failed at work
	exitUsage  = 2 // wrong use or configuration
)

// grammar is the command line.
type grammar struct {
	Serve   serveCommand   `cmd:"" help:"Run the server."`
	User    userCommand    `cmd:"" help:"Make, list and change users; works beside a running server."`
	Channel channelCommand `cmd:"" help:"Make and list channels and their stream keys; works beside a running server."`
	Backup  backupCommand  `cmd:"" help:"Write everything that the server has into one file; works beside a running server."`
	Restore restoreCommand `cmd:"" help:"Make a server of such a file, in an empty data folder, on either database."`
	Doctor  doctorCommand  `cmd:"" help:"Watch a stream, a file or a channel, and say what is wrong with its media."`
	Config  configCommand  `cmd:"" help:"Look at the configuration."`
	Version versionCommand `cmd:"" help:"Print the version."`
}

// invocation is what a command finds around it.
type invocation struct {
	ctx            context.Context
	stdin          io.Reader // of a terminal, an *os.File
	stdout, stderr io.Writer
	environ        []string
	file           string            // of --config
	flags          map[string]string // key's name → text, of those given
}

// Run does what the command line says and returns the exit code. args are
// those after the program's name. When ctx ends, a server drains as it does
// at SIGTERM, and Run returns after that.
func Run(ctx context.Context, args []string, stdout, stderr io.Writer) int {
	return runWith(&invocation{ctx: ctx, stdin: os.Stdin, stdout: stdout, stderr: stderr, environ: os.Environ()}, args)
}

func runWith(inv *invocation, args []string) int {
	command, helped, err := parse(args, inv)
	if helped {
		return exitClean
	}
	if err == nil {
		err = command.Run(inv)
	}
	if err == nil {
		return exitClean
	}
	if errors.Is(err, errIll) {
		return exitFailed
	}
	var usage *kong.ParseError
	var config *configError
	for line := range strings.Lines(err.Error()) {
		fmt.Fprintln(inv.stderr, "rostrum:", strings.TrimSuffix(line, "\n"))
	}
	switch {
	case errors.As(err, &usage):
		fmt.Fprintln(inv.stderr, helpHint(usage))
		return exitUsage
	case errors.As(err, &config):
		return exitUsage
	}
	return exitFailed
}

// parse reads the command line and notes the keys that it sets. helped is
// true when help was asked for, and printed.
func parse(args []string, inv *invocation) (command *kong.Context, helped bool, err error) {
	cli := newGrammar()
	parser, err := kong.New(cli,
		kong.Name("rostrum"),
		kong.Description("A self-hosted live-streaming platform: an encoder in, browsers out, the recording kept."),
		kong.Writers(inv.stdout, inv.stderr),
		kong.Exit(func(int) { helped = true }),
		kong.ConfigureHelp(kong.HelpOptions{Compact: true, WrapUpperBound: 110}),
	)
	if err != nil {
		return nil, false, fmt.Errorf("build command line: %w", err)
	}
	command, err = parser.Parse(args)
	if helped || err != nil {
		return nil, helped, err
	}
	inv.file, inv.flags = givenKeys(command)
	return command, false, nil
}

// helpHint tells where the right use is explained.
func helpHint(err *kong.ParseError) string {
	command := "rostrum"
	if err.Context != nil {
		if path := err.Context.Command(); path != "" {
			command += " " + path
		}
	}
	return `Run "` + command + ` --help" for help.`
}

// configFlags are those of the commands that read the configuration.
type configFlags struct {
	Config string       `placeholder:"FILE" help:"YAML file with configuration keys."`
	Keys   kong.Plugins `embed:""`
}

// load makes the configuration for a command.
func (inv *invocation) load(demo bool) (Config, []setting, error) {
	return loadConfig(sources{demo: demo, file: inv.file, environ: inv.environ, flags: inv.flags})
}

type versionCommand struct{}

// Run prints the version.
func (versionCommand) Run(inv *invocation) error {
	_, err := fmt.Fprintln(inv.stdout, "rostrum", Version())
	return err
}
