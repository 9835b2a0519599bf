package main

import (
	"fmt"
	"os"
	"strings"
)

// tcpMemory is what the system's TCP sockets hold, in bytes: the pages of the
// last column of the TCP line. Over loopback both ends are in it.
func tcpMemory() (int64, error) {
	const path = "/proc/net/sockstat"
	b, err := os.ReadFile(path)
	if err != nil {
		return 0, fmt.Errorf("read the memory of TCP: %w", err)
	}
	for line := range strings.Lines(string(b)) {
		if rest, ok := strings.CutPrefix(line, "TCP:"); ok {
			var inuse, orphan, tw, alloc, mem int64
			if _, err := fmt.Sscanf(rest, " inuse %d orphan %d tw %d alloc %d mem %d", &inuse, &orphan, &tw, &alloc, &mem); err != nil {
				return 0, fmt.Errorf("read %s: %w", path, err)
			}
			return mem * int64(os.Getpagesize()), nil
		}
	}
	return 0, fmt.Errorf("%s has no TCP line", path)
}
