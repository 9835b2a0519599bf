package faults

import (
	"bufio"
	"bytes"
	"crypto/md5"
	"encoding/hex"
	"fmt"
	"math"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/rostrumlive/rostrum/internal/testkit"
)

// decodeLimit is how long reading a file may take.
const decodeLimit = 2 * time.Minute

// Decoding is what ffprobe makes of one track of a file.
type Decoding struct {
	Packets    []testkit.Packet // in the file's order, on its own timeline
	Frames     int              // that were decoded
	Complaints string           // what the demuxer and the decoder had to say
}

// Decode reads and decodes every frame of one kind, "v" or "a", of a file.
func Decode(t testing.TB, file, kind string) Decoding {
	t.Helper()
	var out bytes.Buffer
	p := testkit.Start(t, testkit.Command{Path: testkit.Tool(t, "ffprobe"), Stdout: &out, Args: []string{
		"-loglevel", "error", "-select_streams", kind + ":0", "-count_frames", "-show_data_hash", "md5",
		"-show_entries", "packet=pts_time,dts_time,size,data_hash:stream=nb_read_frames", "-of", "compact", file,
	}})
	if code := p.Wait(t, decodeLimit); code != 0 {
		t.Fatalf("ffprobe %s ended with code %d:\n%s", file, code, p.Log())
	}
	d := Decoding{Complaints: p.Log()}
	lines := bufio.NewScanner(&out)
	for lines.Scan() {
		if err := d.line(lines.Text()); err != nil {
			t.Fatalf("read what ffprobe says of %s: %v", file, err)
		}
	}
	if err := lines.Err(); err != nil {
		t.Fatal(err)
	}
	return d
}

// line reads one line of ffprobe's compact form: "packet|name=value|…".
func (d *Decoding) line(text string) error {
	section, rest, _ := strings.Cut(text, "|")
	var p testkit.Packet
	for _, field := range strings.Split(rest, "|") {
		name, value, _ := strings.Cut(field, "=")
		var err error
		switch name {
		case "pts_time":
			p.PTS, err = seconds(value)
		case "dts_time":
			p.DTS, err = seconds(value)
		case "size":
			p.Size, err = strconv.Atoi(value)
		case "data_hash":
			p.Hash = strings.TrimPrefix(value, "MD5:")
		case "nb_read_frames":
			d.Frames, err = strconv.Atoi(value)
		}
		if err != nil {
			return fmt.Errorf("%q: %w", text, err)
		}
	}
	if section == "packet" {
		d.Packets = append(d.Packets, p)
	}
	return nil
}

// seconds reads a time of ffprobe's.
func seconds(text string) (time.Duration, error) {
	f, err := strconv.ParseFloat(text, 64)
	return time.Duration(math.Round(f * float64(time.Second))), err
}

// Hash is a frame's Packet.Hash.
func Hash(frame []byte) string {
	sum := md5.Sum(frame)
	return hex.EncodeToString(sum[:])
}

// Monotonic returns an error unless packets are decoded in their order.
func Monotonic(packets []testkit.Packet) error {
	for i := 1; i < len(packets); i++ {
		if packets[i].DTS <= packets[i-1].DTS {
			return fmt.Errorf("frame %d is decoded at %v, the one before it at %v", i, packets[i].DTS, packets[i-1].DTS)
		}
	}
	return nil
}
