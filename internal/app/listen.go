package app

import (
	"context"
	"errors"
	"fmt"
	"net"
	"syscall"
)

// listen opens the TCP address of the schema's key name. Its error says what
// the operator can do. The caller closes the listener.
func listen(ctx context.Context, name, addr string) (net.Listener, error) {
	ln, err := new(net.ListenConfig).Listen(ctx, "tcp", addr)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", name, explainListen(name, addr, err))
	}
	return ln, nil
}

// explainListen adds to a system's error what it means and what to do.
func explainListen(name, addr string, err error) error {
	host, port, splitErr := net.SplitHostPort(addr)
	if splitErr != nil {
		return err
	}
	flag := "--" + (&key{name: name}).flag()
	var dns *net.DNSError
	switch {
	case errors.Is(err, syscall.EADDRINUSE):
		return fmt.Errorf("port %s is in use by another program: stop that, or give another address with %s (%w)", port, flag, err)
	case errors.Is(err, syscall.EACCES):
		return fmt.Errorf("port %s may not be opened by this user: give one above 1023 with %s, or the capability CAP_NET_BIND_SERVICE (%w)", port, flag, err)
	case errors.Is(err, syscall.EADDRNOTAVAIL), errors.As(err, &dns):
		return fmt.Errorf("this machine has no address %s: give one of its own with %s, or :%s for all of them (%w)", host, flag, port, err)
	}
	return err
}
