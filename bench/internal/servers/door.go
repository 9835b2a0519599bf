package servers

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"os"
	"os/exec"

	"github.com/rostrumlive/rostrum/bench/internal/proc"
	"github.com/rostrumlive/rostrum/bench/internal/reader"
)

// BuildDoor builds the command door to the path. The working directory is the
// repository's root.
func BuildDoor(ctx context.Context, path string) error {
	cmd := exec.CommandContext(ctx, "go", "build", "-o", path, "./bench/cmd/door")
	cmd.Stderr = os.Stderr
	if err := cmd.Run(); err != nil {
		return fmt.Errorf("build the door for encoders: %w", err)
	}
	return nil
}

// Door starts rostrum's door for encoders alone, which packages nothing.
func Door(ctx context.Context, binary string) (*Server, error) {
	addrs, err := proc.FreePorts(2)
	if err != nil {
		return nil, err
	}
	s := &Server{Name: "rostrum's door", HTTP: addrs[0], RTMP: addrs[1]}
	if s.Process, err = proc.Start(binary, "-http-addr", s.HTTP, "-rtmp-addr", s.RTMP); err != nil {
		return nil, err
	}
	return s.ready(ctx, func(ctx context.Context) error {
		_, err := s.Pictures(ctx, http.DefaultClient)
		return err
	})
}

// Pictures asks a Door how many pictures its encoders sent in all, by channel.
func (s *Server) Pictures(ctx context.Context, client *http.Client) (map[string]int64, error) {
	b, err := reader.Get(ctx, client, "http://"+s.HTTP+"/stat", 1<<20)
	if err != nil {
		return nil, err
	}
	var pictures map[string]int64
	if err := json.Unmarshal(b, &pictures); err != nil {
		return nil, fmt.Errorf("read the door's statistics: %w", err)
	}
	return pictures, nil
}
