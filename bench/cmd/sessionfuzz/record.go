package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"sync"

	"github.com/rostrumlive/rostrum/bench/internal/flvclip"
)

// mostTags bounds what is taken of a recording: the first part, the first
// segment and a little of the second, so that a session costs milliseconds.
const mostTags = 64

// spareName stands in the bytes of a recorded session where the channel's
// name belongs: all names are of its length.
const spareName = "fuzz-recorded"

// recordings are the publishes that sessions are made of.
type recordings struct {
	tags [][]message // media, as messages
	raw  [][]byte    // whole sessions as an encoder cut them, for spareName
}

// record reads the enhanced fixtures and lets ffmpeg publish to the server.
func record(ctx context.Context, addr string) (*recordings, error) {
	files, err := filepath.Glob(filepath.Join("internal", "flv", "testdata", "*.flv"))
	if err != nil || len(files) == 0 {
		return nil, fmt.Errorf("find the recordings: %w", errors.Join(err, os.ErrNotExist))
	}
	slices.Sort(files)
	r := &recordings{}
	for _, name := range files {
		messages, err := readTags(name)
		if err != nil {
			return nil, err
		}
		r.tags = append(r.tags, messages)
	}
	raw, err := recordFFmpeg(ctx, addr)
	if err != nil {
		return nil, err
	}
	r.raw = append(r.raw, raw)
	return r, nil
}

// readTags makes messages of the first tags of an FLV file.
func readTags(name string) ([]message, error) {
	b, err := os.ReadFile(name)
	if err != nil {
		return nil, err
	}
	var all []message
	for in := flvclip.NewReader(bytes.NewReader(b)); len(all) < mostTags; {
		t, err := in.Next()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return nil, fmt.Errorf("%s: %w", name, err)
		}
		m := message{kind: t.Type, stream: 1, time: t.Time, body: t.Body, csid: csidVideo}
		switch t.Type {
		case flvclip.Audio:
			m.csid = csidAudio
		case flvclip.Script:
			m.csid, m.body = csidData, append(text("@setDataFrame"), t.Body...)
		}
		all = append(all, m)
	}
	return all, nil
}

// recordFFmpeg returns what ffmpeg sends, through a relay to the server.
func recordFFmpeg(ctx context.Context, addr string) ([]byte, error) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return nil, fmt.Errorf("listen for ffmpeg: %w", err)
	}
	var all bytes.Buffer
	var relaying sync.WaitGroup
	var relayErr error
	relaying.Go(func() { relayErr = relay(l, addr, &all) })
	out, err := exec.CommandContext(ctx, "ffmpeg", "-hide_banner", "-nostdin", "-loglevel", "error",
		"-f", "lavfi", "-i", "testsrc2=size=192x108:rate=25", "-f", "lavfi", "-i", "sine=sample_rate=44100", "-t", "1.2",
		"-c:v", "libx264", "-preset", "veryfast", "-g", "25", "-bf", "2", "-b:v", "200k", "-c:a", "aac", "-b:a", "48k",
		"-f", "flv", "rtmp://"+l.Addr().String()+"/live/"+spareName).CombinedOutput()
	_ = l.Close() // also frees the relay when ffmpeg never came
	relaying.Wait()
	if err != nil {
		return nil, fmt.Errorf("record ffmpeg: %w: %s", errors.Join(err, relayErr), out)
	}
	if relayErr == nil && !bytes.Contains(all.Bytes(), []byte(spareName)) {
		relayErr = fmt.Errorf("ffmpeg sent %d bytes that hold no %s", all.Len(), spareName)
	}
	return all.Bytes(), relayErr
}

// relay joins the first who comes to the server and keeps what he sends.
func relay(l net.Listener, addr string, all *bytes.Buffer) error {
	client, err := l.Accept()
	if err != nil {
		return fmt.Errorf("wait for ffmpeg: %w", err)
	}
	defer func() { _ = client.Close() }()
	server, err := net.Dial("tcp", addr)
	if err != nil {
		return fmt.Errorf("reach the server: %w", err)
	}
	defer func() { _ = server.Close() }()
	var answers sync.WaitGroup
	answers.Go(func() { _, _ = io.Copy(client, server) }) // ends with the server's side
	// ffmpeg's own exit tells whether it went well: it may drop the connection
	// while the server's last words are on their way.
	_, _ = io.Copy(server, io.TeeReader(client, all))
	_ = server.(*net.TCPConn).CloseWrite()
	answers.Wait()
	return nil
}

// publish is a whole session, from connect to the end, of the tags.
func publish(name string, tags []message) []message {
	all := []message{
		setChunkSize(4096),
		commandMessage(0, text("connect"), number(1), object("app", "live", "type", "nonprivate", "flashVer", "FMLE/3.0 (compatible; fuzz)", "tcUrl", "rtmp://127.0.0.1/live")),
		commandMessage(0, text("releaseStream"), number(2), null(), text(name)),
		commandMessage(0, text("FCPublish"), number(3), null(), text(name)),
		commandMessage(0, text("createStream"), number(4), null()),
		commandMessage(1, text("publish"), number(5), null(), text(name), text("live")),
	}
	all = append(all, tags...)
	return append(all,
		commandMessage(0, text("FCUnpublish"), number(6), null(), text(name)),
		commandMessage(0, text("deleteStream"), number(7), null(), number(1)))
}
