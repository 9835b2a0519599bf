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
	length  time.Duration
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
	// The clip is cut so that sound and picture end together: the sound's
	// samples tell its length exactly.
	var samples int64
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
			samples += int64(u.Track.SamplesPerFrame)
			d.length = media.Duration(samples, u.Track.Timescale)
		}
	}
	if d.length == 0 {
		return errors.New("it has no sound to tell its length by")
	}
	return nil
}

func sourceName(k media.Kind) string { return k.String() + "/source" }

// run keeps the demo on air until ctx ends.
func (d *demo) run(ctx context.Context) error {
	pub, err := d.manager.Begin(ctx, d.channel, live.Request{Protocol: demoChannel}, broadcast.Settings{Keep: demoKeep})
	if err != nil {
		return fmt.Errorf("put the demo on air: %w", err)
	}
	defer pub.Close(live.Stopped, nil)
	pub.Expect(media.Video, media.Audio)
	began := time.Now()
	timer := time.NewTimer(0)
	defer timer.Stop()
	for loop := time.Duration(0); ; loop += d.length {
		for i := range d.units {
			due := began.Add(loop + d.units[i].at)
			timer.Reset(time.Until(due))
			select {
			case <-timer.C:
			case <-pub.Kicked():
				return nil
			case <-ctx.Done():
				return nil
			}
			u := d.units[i].AccessUnit
			shift := media.Ticks(loop, u.Track.Timescale)
			u.DTS, u.PTS = u.DTS+shift, u.PTS+shift
			pub.Rendition(d.units[i].name).Write(&u)
		}
	}
}

// demoKey returns the demo streamer's key, which is made at the first start
// and kept in the data folder.
func demoKey(ctx context.Context, accounts *account.Service, data string) (string, error) {
	path := filepath.Join(data, demoKeyFile)
	kept, err := os.ReadFile(path)
	if err == nil {
		plain := strings.TrimSpace(string(kept))
		if _, _, err := accounts.ChannelByKey(ctx, plain); err == nil {
			return plain, nil
		}
	} else if !errors.Is(err, fs.ErrNotExist) {
		return "", err
	}
	if _, err := accounts.EnsureChannel(ctx, demoStreamer); err != nil {
		return "", err
	}
	plain, _, err := accounts.MakeKey(ctx, demoStreamer, "demo")
	if err != nil {
		return "", err
	}
	return plain, os.WriteFile(path, []byte(plain+"\n"), 0o600)
}
