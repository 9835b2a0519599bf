package app

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"time"

	"github.com/rostrumlive/rostrum/internal/backup"
)

type restoreCommand struct {
	configFlags
	File string `arg:"" help:"A file that backup made, or - for standard input."`
}

// Help goes on after the command's sentence.
func (restoreCommand) Help() string {
	return `Nothing is restored over what is there: the data folder must be empty, and so must the PostgreSQL that db.url names. ` +
		`The file is checked before anything of it counts; when something is wrong with it, everything stays empty. ` +
		`The configuration is no part of a backup: give this command the configuration that the server will have.`
}

// Run restores the backup.
func (c *restoreCommand) Run(inv *invocation) error {
	cfg, _, err := inv.load(false)
	if err != nil {
		return err
	}
	log := newLogger(inv.stderr, cfg.Log)
	ctx, stop := untilSignal(inv.ctx, log, os.Exit)
	defer stop()
	in := inv.stdin
	if c.File != "-" {
		f, err := os.Open(c.File)
		if err != nil {
			return err
		}
		defer f.Close()
		in = f
	}
	lock, err := lockData(cfg.Data)
	if err != nil {
		return err
	}
	header, counts, err := backup.Restore(ctx, backup.Target{
		Data: cfg.Data, Ignore: []string{lockName, "lost+found"}, Address: cfg.DB.URL, Database: databaseFile,
		Objects: objectsFolder, Files: dataSecrets, Log: log, Progress: newTally(inv.stderr).tell,
	}, in)
	if err = errors.Join(err, lock.Close()); err != nil {
		return fmt.Errorf("nothing was restored: %w", err)
	}
	fmt.Fprintf(inv.stdout, "restored to %s: %s, as of %s\n", cfg.Data, sizesOf(counts), header.MadeAt.Format(time.RFC3339))
	if !header.Media && counts.Tables["segments"]+counts.Tables["kept_segments"] > 0 {
		fmt.Fprintf(inv.stderr, "The backup was made without --media: recordings are listed and cannot be played until the folder %s of the old server takes the place of %s.\n",
			objectsFolder, filepath.Join(cfg.Data, objectsFolder))
	}
	return nil
}
