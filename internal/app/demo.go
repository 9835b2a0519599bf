package app

import (
	"context"
	_ "embed"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/rostrumlive/rostrum/internal/account"
	"github.com/rostrumlive/rostrum/internal/broadcast"
	"github.com/rostrumlive/rostrum/internal/flv"
	"github.com/rostrumlive/rostrum/internal/live"
	"github.com/rostrumlive/rostrum/internal/media"
)

//go:embed demo/clip.flv
var demoClip []byte

const (
	demoChannel  = "demo"
	demoStreamer = "streamer"
	demoKeyFile  = "demo-key" // in the data folder, mode 0600
	// demoKeep is how much of the demo channel's recording stays.
	demoKeep = 10 * time.Minute
)

// demo is the channel that loops a clip, so that there is something to see.
type demo struct {
	manager *broadcast.Manager
	channel account.Channel
	units   []demoUnit
	samples int64 // of sound in the clip: its length, exactly
	rate    uint32
}

// demoUnit is an access unit of the clip with its place in the loop.
type demoUnit struct {
	media.AccessUnit
	name string
	at   time.Duration
}

func newDemo(ctx context.Context, m *broadcast.Manager, accounts *account.Service) (*demo, error) {
	c, err := accounts.EnsureChannel(ctx, demoChannel)
	if err != nil {
		return nil, fmt.Errorf("make the demo channel: %w", err)
	}
	d := &demo{manager: m, channel: c}
	if err := d.load(demoClip); err != nil {
		return nil, fmt.Errorf("read the demo clip: %w", err)
	}
	m.Reserve(demoChannel, "This channel shows the demo. Publish to another name.")
	return d, nil
}

func (d *demo) load(clip []byte) error {
	tags, err := flv.ParseFile(clip)
	if err != nil {
		return err
	}
	var demux flv.Demuxer
	// The clip is cut so that sound and picture end together.
	for _, t := range tags {
		e, err := demux.Tag(t.Type, t.Timestamp, append([]byte(nil), t.Body...))
		if err != nil {
			return err
		}
		if e.Unit == nil {
			continue
		}
		u := demoUnit{AccessUnit: *e.Unit, name: sourceName(e.Unit.Track.Kind())}
		u.at = media.Duration(u.DTS, u.Track.Timescale)
		d.units = append(d.units, u)
		if u.Track.Kind() == media.Audio {
			d.samples += int64(u.Track.SamplesPerFrame)
			d.rate = u.Track.Timescale
		}
	}
	if d.samples == 0 {
		return errors.New("it has no sound to tell its length by")
	}
	return nil
}

func sourceName(k media.Kind) string { return k.String() + "/source" }

// run keeps the demo on air until the manager sends it away, which it does at
// the latest when it is shut down. ctx bounds the beginning alone.
func (d *demo) run(ctx context.Context) error {
	pub, err := d.manager.Begin(ctx, d.channel, live.Request{Protocol: demoChannel}, broadcast.Settings{Keep: demoKeep})
	if ctx.Err() != nil && err != nil {
		return nil // the server was stopped while it started
	}
	if err != nil {
		return fmt.Errorf("put the demo on air: %w", err)
	}
	defer pub.Close(live.Stopped, nil)
	pub.Expect(media.Video, media.Audio)
	began := time.Now()
	timer := time.NewTimer(0)
	defer timer.Stop()
	for lap := int64(0); ; lap++ {
		for i := range d.units {
			u, at := d.unit(lap, i)
			timer.Reset(time.Until(began.Add(at)))
			select {
			case <-timer.C:
			case <-pub.Kicked():
				return nil
			}
			pub.Rendition(d.units[i].name).Write(u)
		}
	}
}

// unit returns a unit of the clip in its place on the endless timeline, and
// when it is due after the start.
func (d *demo) unit(lap int64, i int) (*media.AccessUnit, time.Duration) {
	u := d.units[i].AccessUnit
	shift := media.Rescale(lap*d.samples, u.Track.Timescale, d.rate)
	u.DTS, u.PTS = u.DTS+shift, u.PTS+shift
	return &u, media.Duration(lap*d.samples, d.rate) + d.units[i].at
}

// demoKey returns the demo streamer's key, which is made at the first start
// and kept in the data folder.
func demoKey(ctx context.Context, accounts *account.Service, data string) (string, error) {
	return demoSecret(filepath.Join(data, demoKeyFile), func(plain string) (bool, error) {
		_, _, err := accounts.ChannelByKey(ctx, plain, account.Encoder{})
		var known *account.Error
		if errors.As(err, &known) {
			return false, nil
		}
		return err == nil, err
	}, func() (string, error) {
		if _, err := accounts.EnsureChannel(ctx, demoStreamer); err != nil {
			return "", err
		}
		plain, _, err := accounts.MakeKey(ctx, account.CommandLine(), demoStreamer, "demo", time.Time{})
		return plain, err
	})
}

// demoSecret returns what a file holds while it is good, or makes it anew.
func demoSecret(path string, good func(string) (bool, error), fresh func() (string, error)) (string, error) {
	kept, err := os.ReadFile(path)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return "", err
	}
	if err == nil {
		plain := strings.TrimSpace(string(kept))
		if ok, err := good(plain); err != nil {
			return "", err
		} else if ok {
			return plain, os.Chmod(path, 0o600)
		}
	}
	plain, err := fresh()
	if err != nil {
		return "", err
	}
	// A file that is there would keep its mode.
	if err := os.Remove(path); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return "", err
	}
	return plain, os.WriteFile(path, []byte(plain+"\n"), 0o600)
}
