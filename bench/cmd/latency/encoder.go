package main

import (
	"errors"
	"fmt"
	"os"
	"strings"
	"time"

	"golang.org/x/sys/unix"

	"github.com/rostrumlive/rostrum/bench/internal/timecode"
)

// The rate of pictures, and how many there are from key frame to key frame.
const (
	fps = 30
	gop = 2 * fps
)

// wholePicturePipe is a pipe that holds a whole picture, so that giving one
// away takes one switch of processes and not one for every 64 KiB.
func wholePicturePipe() (r, w *os.File, err error) {
	if r, w, err = os.Pipe(); err != nil {
		return nil, nil, fmt.Errorf("make the encoder's pipe: %w", err)
	}
	raw, err := w.SyscallConn()
	if err == nil {
		var failed error
		err = raw.Control(func(fd uintptr) { _, failed = unix.FcntlInt(fd, unix.F_SETPIPE_SZ, 1<<20) })
		err = errors.Join(err, failed)
	}
	if err != nil {
		_, _ = r.Close(), w.Close()
		return nil, nil, fmt.Errorf("widen the encoder's pipe: %w", err)
	}
	return r, w, nil
}

// coder is ffmpeg's arguments: no look-ahead, no B-frames, every packet out at
// once, sound made as the pictures come. Not -fflags nobuffer: with it ffmpeg
// 5.1 holds every raw picture back until the next one is there.
func coder() []string {
	return strings.Fields(fmt.Sprintf("-hide_banner -nostdin -loglevel error"+
		" -f rawvideo -pix_fmt yuv420p -s %dx%d -framerate %d -i pipe:0"+
		" -f lavfi -i sine=frequency=440:sample_rate=48000"+
		" -c:v libx264 -preset ultrafast -tune zerolatency -profile:v high -g %d -keyint_min %d -sc_threshold 0 -b:v 1500k -maxrate 1500k -bufsize 750k"+
		" -c:a aac -b:a 96k -ac 2 -flush_packets 1 -f flv pipe:1", timecode.Width, timecode.Height, fps, gop, gop))
}

// paint makes a picture every 1/30 s by the wall clock. The clock starts when
// ffmpeg has taken the first picture.
func (s *source) paint() error {
	p := timecode.NewPainter()
	var began time.Time
	timer := time.NewTimer(0)
	defer timer.Stop()
	for n := 0; ; n++ {
		if n == 1 {
			began = time.Now().Add(-time.Second / fps)
		}
		if n > 0 {
			timer.Reset(time.Until(began.Add(time.Duration(n) * time.Second / fps)))
			select {
			case <-timer.C:
			case <-s.stop:
				return nil
			}
		}
		now := time.Now()
		s.mu.Lock()
		s.painted = append(s.painted, now)
		s.mu.Unlock()
		if _, err := s.in.Write(p.Paint(n, now)); err != nil {
			return fmt.Errorf("give the encoder a picture: %w", err)
		}
	}
}
