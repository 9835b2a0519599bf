// Package postgres runs a real PostgreSQL of Debian's package for tests and
// measurements: a server of its own in a folder of its own, on loopback, which
// ends with the program. It imports no room of the product.
package postgres

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"sync"
	"syscall"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/rostrumlive/rostrum/internal/testkit"
)

const (
	// Password is that of the user who owns the databases, as odd as one may
	// be: what leaks it, or does not escape it, is found.
	Password = "s3cret/of:the@server?"
	owner    = "rostrum"
	// super is PostgreSQL's own user, who makes databases and may end others'
	// connections.
	super = "postgres"

	// startLimit is how long a server may take to come up on a busy machine.
	startLimit = 60 * time.Second
	// attempts are made to start it: another program may take its port first.
	attempts = 3
)

// Server is a PostgreSQL that runs, or was stopped and can be started again.
type Server struct {
	dir  string
	bin  string // folder of the programs
	addr string // host:port
	args []string

	mu   sync.Mutex
	cmd  *exec.Cmd
	log  *testkit.Tail
	done chan struct{} // closed when cmd has ended
}

// Start makes a server and starts it. Durable writes what is committed to the
// disk, as servers do; without, nothing outlives the machine, which is faster.
// The caller owes Remove.
func Start(ctx context.Context, durable bool) (*Server, error) {
	bin, err := find()
	if err != nil {
		return nil, err
	}
	dir, err := os.MkdirTemp("", "rostrum-postgres-")
	if err != nil {
		return nil, err
	}
	s := &Server{dir: dir, bin: bin}
	if !durable {
		s.args = []string{"-c", "fsync=off", "-c", "full_page_writes=off", "-c", "synchronous_commit=off"}
	}
	if err := s.create(ctx); err != nil {
		return nil, errors.Join(err, os.RemoveAll(dir))
	}
	for range attempts {
		if s.addr, err = freePort(); err != nil {
			break
		}
		if err = s.Start(ctx); err == nil {
			break
		}
	}
	if err == nil {
		err = s.Exec(ctx, super, fmt.Sprintf("CREATE ROLE %s LOGIN PASSWORD '%s'", owner, Password))
	}
	if err != nil {
		return nil, errors.Join(err, s.Remove())
	}
	return s, nil
}

// find returns the folder of the newest PostgreSQL's programs.
func find() (string, error) {
	all, err := filepath.Glob("/usr/lib/postgresql/*/bin/initdb")
	if err != nil {
		return "", err
	}
	if path, err := exec.LookPath("initdb"); err == nil {
		all = append(all, path)
	}
	if len(all) == 0 {
		return "", errors.New("PostgreSQL is not installed: install postgresql, as Debian calls it")
	}
	// By length first: 9 comes before 15.
	slices.SortFunc(all, func(a, b string) int { return cmp.Or(len(a)-len(b), strings.Compare(a, b)) })
	return filepath.Dir(all[len(all)-1]), nil
}

// create makes the server's files. Its databases compare text as English is
// sorted, where "_" comes before "-" and letters before their capitals, unless
// they are made otherwise: who relies on the order of bytes has to say so.
func (s *Server) create(ctx context.Context) error {
	secret := filepath.Join(s.dir, "password")
	if err := os.WriteFile(secret, []byte(Password+"\n"), 0o600); err != nil {
		return err
	}
	if err := give(s.dir, secret); err != nil {
		return fmt.Errorf("give PostgreSQL its folder: %w", err)
	}
	cmd := exec.CommandContext(ctx, filepath.Join(s.bin, "initdb"), "--no-sync", "--no-instructions",
		"--pgdata", s.data(), "--username", super, "--pwfile", secret, "--auth", "scram-sha-256",
		"--encoding", "UTF8", "--locale", "C.UTF-8", "--locale-provider", "icu", "--icu-locale", "en")
	cmd.Dir = s.dir
	if err := lower(cmd); err != nil {
		return err
	}
	if out, err := cmd.CombinedOutput(); err != nil {
		return fmt.Errorf("make a PostgreSQL server: %w\n%s", err, out)
	}
	return nil
}

func (s *Server) data() string { return filepath.Join(s.dir, "data") }

// Start starts a server that was stopped, at the same address, and returns
// when it takes connections.
func (s *Server) Start(ctx context.Context) error {
	_, port, err := net.SplitHostPort(s.addr)
	if err != nil {
		return err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.cmd = exec.Command(filepath.Join(s.bin, "postgres"), append([]string{
		"-D", s.data(), "-h", "127.0.0.1", "-p", port, "-c", "unix_socket_directories=",
	}, s.args...)...)
	s.cmd.Dir, s.log, s.done = s.dir, &testkit.Tail{}, make(chan struct{})
	s.cmd.Stdout, s.cmd.Stderr = s.log, s.log
	if err := lower(s.cmd); err != nil {
		return err
	}
	started := make(chan error, 1)
	go run(s.cmd, started, s.done) // ended and awaited by stop
	if err := <-started; err != nil {
		return fmt.Errorf("start PostgreSQL: %w", err)
	}
	ctx, cancel := context.WithTimeout(ctx, startLimit)
	defer cancel()
	err = testkit.Until(ctx, func(ctx context.Context) error {
		select {
		case <-s.done:
			cancel()
			return errors.New("it ended")
		default:
		}
		return s.Exec(ctx, super, "SELECT 1")
	})
	if err != nil {
		return fmt.Errorf("start PostgreSQL: %w\n%s", errors.Join(err, s.stop()), s.log)
	}
	return nil
}

// run starts the server and waits for it on one thread of its own: the kernel
// ends the child when the thread that made it ends.
func run(cmd *exec.Cmd, started chan<- error, done chan<- struct{}) {
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	defer close(done)
	err := cmd.Start()
	started <- err
	if err == nil {
		_ = cmd.Wait() // its log tells more
	}
}

// Stop breaks all connections and ends the server. It is idempotent.
func (s *Server) Stop() error {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.stop()
}

func (s *Server) stop() error {
	if s.cmd == nil || s.cmd.Process == nil {
		return nil
	}
	if err := s.cmd.Process.Signal(fastShutdown); err != nil && !errors.Is(err, os.ErrProcessDone) {
		return fmt.Errorf("stop PostgreSQL: %w", err)
	}
	select {
	case <-s.done:
		return nil
	case <-time.After(startLimit):
	}
	return errors.Join(fmt.Errorf("PostgreSQL does not end:\n%s", s.log), s.cmd.Process.Kill())
}

// fastShutdown lets PostgreSQL end all sessions and write its files.
const fastShutdown = syscall.SIGINT

// Remove stops the server and removes its files.
func (s *Server) Remove() error {
	return errors.Join(s.Stop(), os.RemoveAll(s.dir))
}

// Exec runs a statement as PostgreSQL's own user.
func (s *Server) Exec(ctx context.Context, database, statement string) error {
	conn, err := pgx.Connect(ctx, s.url(super, database))
	if err != nil {
		return err
	}
	_, err = conn.Exec(ctx, statement)
	return errors.Join(err, conn.Close(context.WithoutCancel(ctx)))
}

// freePort returns a loopback address that nothing listens on.
func freePort() (string, error) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return "", fmt.Errorf("find a free port: %w", err)
	}
	return l.Addr().String(), l.Close()
}

// Version is what the server calls itself.
func (s *Server) Version(ctx context.Context) (version string, err error) {
	conn, err := pgx.Connect(ctx, s.url(super, super))
	if err != nil {
		return "", err
	}
	err = conn.QueryRow(ctx, "SELECT version()").Scan(&version)
	return version, errors.Join(err, conn.Close(context.WithoutCancel(ctx)))
}
