package app

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"time"

	"golang.org/x/term"

	"github.com/rostrumlive/rostrum/internal/backup"
)

type backupCommand struct {
	configFlags
	File  string `arg:"" help:"The file to make, or - for standard output."`
	Media bool   `help:"Put recordings and clips into it, too, which may be most of it."`
}

// Help goes on after the command's sentence.
func (backupCommand) Help() string {
	return `In it are accounts, channels, hashed keys, settings, what was broadcast when, pictures, and with --media recordings. ` +
		`Sessions and open invitations are not. It holds secrets: who has it can be anybody on the site. ` +
		`The file appears when it is whole, readable by you alone.`
}

// Run makes the backup.
func (c *backupCommand) Run(inv *invocation) error {
	cfg, _, err := inv.load(false)
	if err != nil {
		return err
	}
	ctx, stop := untilSignal(inv.ctx, newLogger(inv.stderr, cfg.Log), os.Exit)
	defer stop()
	source := backup.Source{
		Database: databaseOf(cfg), Data: cfg.Data, Objects: filepath.Join(cfg.Data, objectsFolder), Files: dataSecrets,
		Product: Version(), Media: c.Media, Progress: newTally(inv.stderr).tell,
	}
	var counts backup.Counts
	write := func(w io.Writer) (err error) {
		counts, err = backup.Make(ctx, source, w)
		return err
	}
	if c.File == "-" {
		err = toStandardOutput(inv.stdout, write)
	} else {
		source.Scratch = filepath.Dir(c.File)
		err = toNewFile(c.File, write)
	}
	if err != nil {
		return fmt.Errorf("no backup was made: %w", err)
	}
	return c.report(inv, cfg, counts)
}

// report tells what is in the backup, and what is not.
func (c *backupCommand) report(inv *invocation, cfg Config, counts backup.Counts) error {
	fmt.Fprintf(inv.stderr, "The backup is whole: %s. It holds secrets: keep it as safe as the server.\n", sizesOf(counts))
	if strange := strangeEntries(cfg.Data); len(strange) > 0 {
		fmt.Fprintf(inv.stderr, "Not in it, as Rostrum did not make it: %s in %s.\n", strings.Join(strange, ", "), cfg.Data)
	}
	if counts.Missing > 0 {
		fmt.Fprintf(inv.stderr, "%d objects were removed from the server meanwhile, and are not in it.\n", counts.Missing)
	}
	if counts.Lost > 0 {
		return fmt.Errorf("%d objects that the database names are not in %s: the backup is whole without them, and what is restored from it will not name them", counts.Lost, filepath.Join(cfg.Data, objectsFolder))
	}
	return nil
}

// toStandardOutput writes to where a pipe begins.
func toStandardOutput(out io.Writer, write func(io.Writer) error) error {
	if f, ok := out.(*os.File); ok && term.IsTerminal(int(f.Fd())) {
		return errors.New("a backup is nothing for a terminal: send it to a file or a pipe")
	}
	return write(out)
}

// toNewFile makes a file that is there when it is whole, and not before.
func toNewFile(path string, write func(io.Writer) error) error {
	if _, err := os.Lstat(path); err == nil {
		return fmt.Errorf("%s is there: choose another name, or remove it", path)
	} else if !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	folder := filepath.Dir(path)
	f, err := os.CreateTemp(folder, "."+filepath.Base(path)+".*.part") // mode 0600
	if err != nil {
		return err
	}
	err = write(f)
	if err == nil {
		err = f.Sync()
	}
	if err = errors.Join(err, f.Close()); err == nil {
		err = os.Rename(f.Name(), path)
	}
	if err != nil {
		return errors.Join(err, os.Remove(f.Name()))
	}
	dir, err := os.Open(folder)
	if err != nil {
		return err
	}
	return errors.Join(dir.Sync(), dir.Close())
}

// sizesOf tells how much a backup has.
func sizesOf(c backup.Counts) string {
	const bytesPerMB = 1e6
	return fmt.Sprintf("%d rows, %d files of media and pictures (%.1f MB)", c.Rows(), c.Objects, float64(c.Bytes)/bytesPerMB)
}

// tally tells how far a backup has come: on a terminal each second in one line,
// elsewhere each minute in a line of its own.
type tally struct {
	out      io.Writer
	terminal bool
	told     time.Time
}

func newTally(out io.Writer) *tally {
	f, ok := out.(*os.File)
	return &tally{out: out, terminal: ok && term.IsTerminal(int(f.Fd())), told: time.Now()}
}

// tell is called often.
func (t *tally) tell(c backup.Counts) {
	every, form := time.Minute, "%s so far\n"
	if t.terminal {
		every, form = time.Second, "%s so far\r"
	}
	if now := time.Now(); now.Sub(t.told) >= every {
		t.told = now
		fmt.Fprintf(t.out, form, sizesOf(c))
	}
}
