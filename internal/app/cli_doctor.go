package app

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"strings"
	"time"

	"github.com/rostrumlive/rostrum/internal/account"
	"github.com/rostrumlive/rostrum/internal/doctor"
	"github.com/rostrumlive/rostrum/internal/transcode"
)

type doctorCommand struct {
	configFlags
	What string        `arg:"" name:"url|file|channel" help:"The address of a stream of any server, a file, or a channel that this machine's server has on air."`
	For  time.Duration `default:"20s" placeholder:"20s" help:"How long to watch what is live; a file is read to its end."`
	JSON bool          `name:"json" help:"Print JSON."`
}

// Help goes on after the command's sentence.
func (doctorCommand) Help() string {
	return "FLV, HTTP-FLV and fragmented MP4 are read as they are; everything else (RTMP, HLS, SRT, MPEG-TS, MP4, Matroska) by ffmpeg, which must be installed then. " +
		"It ends with code 1 when something is bad, or cannot be read."
}

// errIll says that something is bad, which was told already.
var errIll = errors.New("something is bad")

const (
	// connectTime is how long a stream may take until its first media.
	connectTime = 15 * time.Second
	// shortest is what must be watched of a stream to say how it runs, with what
	// its beginning takes.
	shortest = 13 * time.Second
)

// Validate checks what was given.
func (c *doctorCommand) Validate() error {
	if c.For < shortest {
		return fmt.Errorf("--for: give %v or more, it takes so long to see how a stream runs", shortest)
	}
	return nil
}

// Run watches, and tells what it saw.
func (c *doctorCommand) Run(inv *invocation) error {
	cfg, _, err := inv.load(false)
	if err != nil {
		return err
	}
	s, err := c.watch(inv.ctx, cfg)
	if err != nil {
		return err
	}
	found := doctor.Examine(s)
	if c.JSON {
		err = c.printJSON(inv.stdout, s, found)
	} else {
		c.print(inv.stdout, s, found)
	}
	if err == nil && len(found) > 0 && found[0].Severity == doctor.Bad {
		return errIll
	}
	return err
}

// watch finds out what was meant: an address, a file, or else a channel.
func (c *doctorCommand) watch(ctx context.Context, cfg Config) (*doctor.Snapshot, error) {
	if scheme, _, ok := strings.Cut(c.What, "://"); ok {
		if scheme == "http" || scheme == "https" {
			return c.watchHTTP(ctx, c.What)
		}
		return c.watchByFFmpeg(ctx, c.What, doctor.Watching{Live: true, For: c.For})
	}
	if about, err := os.Stat(c.What); err == nil && !about.IsDir() {
		f, err := os.Open(c.What)
		if err != nil {
			return nil, err
		}
		defer f.Close()
		s, err := doctor.Watch(ctx, f, doctor.Watching{})
		if errors.Is(err, doctor.ErrFormat) {
			return c.watchByFFmpeg(ctx, "file:"+c.What, doctor.Watching{}) // whatever its name is
		}
		return s, told(err)
	}
	return c.watchChannel(ctx, cfg)
}

// watchChannel asks the server of this machine.
func (c *doctorCommand) watchChannel(ctx context.Context, cfg Config) (*doctor.Snapshot, error) {
	name := account.FoldName(c.What)
	if why := account.ValidName(name); why != nil {
		return nil, fmt.Errorf("%s is no address, no file that can be read, and no channel: %w", c.What, why)
	}
	at := "http://" + localAddress(cfg.HTTP.Addr) + "/live/" + name + ".flv"
	s, err := c.watchHTTP(ctx, at)
	var status statusError
	switch {
	case errors.As(err, &status) && status == http.StatusNotFound:
		return nil, fmt.Errorf("channel %s is not on air", name)
	case errors.As(err, &status) && (status == http.StatusForbidden || status == http.StatusUnauthorized):
		return nil, fmt.Errorf("channel %s is not for everybody: look at its dashboard, or give the address of its stream in a viewing", name)
	case err != nil:
		return nil, fmt.Errorf("ask the server at %s (http.addr): %w", localAddress(cfg.HTTP.Addr), err)
	}
	return s, nil
}

// localAddress is how this machine reaches a listener.
func localAddress(addr string) string {
	host, port, err := net.SplitHostPort(addr)
	if err != nil {
		return addr
	}
	if ip := net.ParseIP(host); host == "" || ip != nil && ip.IsUnspecified() {
		host = "127.0.0.1"
	}
	return net.JoinHostPort(host, port)
}

// statusError is an answer that is no stream.
type statusError int

func (e statusError) Error() string {
	return fmt.Sprintf("the answer is %d %s", int(e), http.StatusText(int(e)))
}

// watchHTTP reads a body as it is, or leaves the address to ffmpeg when that is
// neither FLV nor fragmented MP4: it may be a playlist.
func (c *doctorCommand) watchHTTP(ctx context.Context, url string) (*doctor.Snapshot, error) {
	limited, cancel := context.WithTimeout(ctx, c.For+connectTime)
	defer cancel()
	req, err := http.NewRequestWithContext(limited, http.MethodGet, url, http.NoBody)
	if err != nil {
		return nil, err
	}
	req.Header.Set("User-Agent", "rostrum-doctor/"+Version())
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		return nil, told(err)
	}
	defer res.Body.Close()
	if res.StatusCode != http.StatusOK {
		return nil, statusError(res.StatusCode)
	}
	o := doctor.Watching{For: c.For}
	o.Live = res.ContentLength < 0 // a file tells how long it is
	s, err := doctor.Watch(limited, res.Body, o)
	if errors.Is(err, doctor.ErrFormat) {
		_ = res.Body.Close() // ffmpeg asks again
		return c.watchByFFmpeg(ctx, url, doctor.Watching{For: c.For})
	}
	return s, told(err)
}

// watchByFFmpeg has ffmpeg read what we do not.
func (c *doctorCommand) watchByFFmpeg(ctx context.Context, from string, o doctor.Watching) (*doctor.Snapshot, error) {
	ffmpeg, err := transcode.Find("")
	if err != nil {
		return nil, fmt.Errorf("to read %s takes ffmpeg, which is not installed here", withoutQuery(c.What))
	}
	if o.For > 0 {
		limited, cancel := context.WithTimeout(ctx, o.For+connectTime)
		defer cancel()
		ctx = limited
	}
	s, err := demuxed(ctx, ffmpeg, from, transcode.AAC, o)
	if errors.Is(err, transcode.ErrNotAAC) {
		return demuxed(ctx, ffmpeg, from, transcode.AnySound, o)
	}
	return s, err
}

// demuxed watches what ffmpeg makes of something.
func demuxed(ctx context.Context, ffmpeg, from string, sound transcode.Sound, o doctor.Watching) (*doctor.Snapshot, error) {
	d, err := transcode.Demux(ctx, ffmpeg, from, sound)
	if err != nil {
		return nil, err
	}
	s, err := doctor.Watch(ctx, d, o)
	if said := d.Close(); err != nil && said != nil {
		return nil, said
	}
	return s, told(err)
}

// withoutQuery leaves out where keys and tokens stand.
func withoutQuery(address string) string {
	address, _, _ = strings.Cut(address, "?")
	return address
}

// told puts into words how a stream ends before it began.
func told(err error) error {
	switch {
	case errors.Is(err, context.DeadlineExceeded):
		return errors.New("no media came in time")
	case errors.Is(err, io.EOF), errors.Is(err, io.ErrUnexpectedEOF):
		return errors.New("it ends before there is any media")
	}
	return err
}

// report is what --json prints.
type report struct {
	Source   string           `json:"source"`
	Healthy  bool             `json:"healthy"` // there is no verdict
	Settled  bool             `json:"settled"` // enough was seen to say how it runs
	Summary  doctor.Summary   `json:"summary"`
	Verdicts []doctor.Verdict `json:"verdicts"`
}

func (c *doctorCommand) printJSON(w io.Writer, s *doctor.Snapshot, found []doctor.Verdict) error {
	e := json.NewEncoder(w)
	e.SetEscapeHTML(false)
	e.SetIndent("", "  ")
	return e.Encode(report{withoutQuery(c.What), len(found) == 0, s.Settled(), doctor.Summarise(s), found})
}

func (c *doctorCommand) print(w io.Writer, s *doctor.Snapshot, found []doctor.Verdict) {
	sum := doctor.Summarise(s)
	fmt.Fprintf(w, "%s: %d s watched\n", withoutQuery(c.What), sum.Seconds)
	for _, line := range sum.Lines() {
		fmt.Fprintln(w, line)
	}
	fmt.Fprintln(w)
	for _, v := range found {
		fmt.Fprintf(w, "%-4s  %s\n      %s\n", strings.ToUpper(string(v.Severity)), v.Seen, v.Fix)
	}
	switch {
	case !s.Settled():
		fmt.Fprintf(w, "It was too short to say how it runs: that takes %v.\n", shortest)
	case len(found) == 0:
		fmt.Fprintln(w, "Everything looks healthy.")
	}
}
