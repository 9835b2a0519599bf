package postgres

import (
	"context"
	"fmt"
	"net/url"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
)

// URL is the address of a database for its owner.
func (s *Server) URL(database string) string { return s.url(owner, database) }

// Addr is where the server listens.
func (s *Server) Addr() string { return s.addr }

func (s *Server) url(user, database string) string {
	u := url.URL{Scheme: "postgres", User: url.UserPassword(user, Password), Host: s.addr, Path: "/" + database, RawQuery: "sslmode=disable"}
	return u.String()
}

// Create makes an empty database and returns its address. Options are those of
// CREATE DATABASE.
func (s *Server) Create(ctx context.Context, name, options string) (string, error) {
	if err := s.Exec(ctx, super, fmt.Sprintf("CREATE DATABASE %s OWNER %s TEMPLATE template0 %s", name, owner, options)); err != nil {
		return "", fmt.Errorf("make database %s: %w", name, err)
	}
	return s.URL(name), nil
}

// Drop removes a database, whoever is connected to it.
func (s *Server) Drop(ctx context.Context, name string) error {
	return s.Exec(ctx, super, "DROP DATABASE "+name+" WITH (FORCE)")
}

// Disconnect breaks all connections to a database, as an administrator or a
// failing network does.
func (s *Server) Disconnect(ctx context.Context, name string) error {
	return s.Exec(ctx, super, "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '"+name+"' AND pid <> pg_backend_pid()")
}

// shared is the server of all tests of this process.
var shared struct {
	sync.Mutex
	server *Server
	err    error
	made   atomic.Int64
}

// Shared returns the server of all tests of this process, which the first
// starts, and Main stops. Where there is none, the test fails and says what to
// install.
func Shared(t testing.TB) *Server {
	t.Helper()
	shared.Lock()
	defer shared.Unlock()
	if shared.server == nil && shared.err == nil {
		shared.server, shared.err = Start(context.WithoutCancel(t.Context()), false)
	}
	if shared.err != nil {
		t.Fatalf("this test needs a database server: %v", shared.err)
	}
	return shared.server
}

// Fresh returns the address of an empty database that goes with the test.
// Options are those of CREATE DATABASE.
func Fresh(t testing.TB, options ...string) string {
	t.Helper()
	s := Shared(t)
	name := fmt.Sprintf("test%d", shared.made.Add(1))
	address, err := s.Create(t.Context(), name, strings.Join(options, " "))
	if err != nil {
		t.Fatal(err)
	}
	dropAfter(t, s, name)
	return address
}

// Copy returns the address of a database that is as the one at another is, to
// which nobody may be connected. It goes with the test.
func Copy(t testing.TB, of string) string {
	t.Helper()
	s := Shared(t)
	name := fmt.Sprintf("test%d", shared.made.Add(1))
	err := s.Exec(t.Context(), super, fmt.Sprintf("CREATE DATABASE %s OWNER %s TEMPLATE %s", name, owner, NameOf(of)))
	if err != nil {
		t.Fatalf("copy a database: %v", err)
	}
	dropAfter(t, s, name)
	return s.URL(name)
}

func dropAfter(t testing.TB, s *Server, name string) {
	t.Helper()
	t.Cleanup(func() {
		ctx, cancel := context.WithTimeout(context.WithoutCancel(t.Context()), startLimit)
		defer cancel()
		if err := s.Drop(ctx, name); err != nil {
			t.Errorf("remove the test's database: %v", err)
		}
	})
}

// NameOf is the name of the database at an address.
func NameOf(address string) string {
	u, err := url.Parse(address)
	if err != nil {
		return ""
	}
	return strings.TrimPrefix(u.Path, "/")
}

// Main runs the tests of a package that uses Shared, and stops the server after
// them: TestMain calls its Run.
func Main(m interface{ Run() int }) interface{ Run() int } { return stopping{m} }

type stopping struct{ tests interface{ Run() int } }

// Run implements what goleak and TestMain take for a testing.M.
func (s stopping) Run() int {
	code := s.tests.Run()
	shared.Lock()
	defer shared.Unlock()
	if shared.server == nil {
		return code
	}
	if err := shared.server.Remove(); err != nil {
		fmt.Println("rostrum:", err)
		code = max(code, 1)
	}
	return code
}
