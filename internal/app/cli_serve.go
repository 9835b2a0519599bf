package app

import "os"

type serveCommand struct {
	configFlags
	Demo bool     `help:"Listen on this machine alone and put a looping demo channel on air."`
	Open Openness `placeholder:"private|any" help:"Let anyone on a loopback, private or link-local address publish without a key; with --open=any the whole world."`
}

// Help goes on after the command's sentence.
func (serveCommand) Help() string {
	return `Each key below is also a key of the file given with --config and an environment variable: --hls-part is hls.part and ROSTRUM_HLS_PART. ` +
		`The file wins over defaults, the environment over the file, flags over all.`
}

// Run serves until a signal, or until the invocation's context ends.
func (c *serveCommand) Run(inv *invocation) error {
	cfg, _, err := inv.load(c.Demo)
	if err != nil {
		return err
	}
	cfg.Demo, cfg.Open = c.Demo, c.Open
	log := newLogger(inv.stderr, cfg.Log)
	ctx, stop := untilSignal(inv.ctx, log, os.Exit)
	defer stop()
	return serve(ctx, cfg, log, inv.stdout)
}
