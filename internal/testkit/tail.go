package testkit

import (
	"bytes"
	"sync"
)

// tailBytes is how much of a program's output a test remembers at its end.
const tailBytes = 64 << 10

// headBytes is how much of it is remembered from its start: where programs say
// why they do not like their arguments.
const headBytes = 16 << 10

// Tail is a writer that keeps the start and the end of what was written, in
// bounded memory. The zero value is ready; it may be used by several
// goroutines.
type Tail struct {
	mu   sync.Mutex
	head []byte
	tail []byte
	lost int
}

// Write never fails.
func (l *Tail) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	rest := p
	if room := headBytes - len(l.head); room > 0 {
		n := min(room, len(rest))
		l.head = append(l.head, rest[:n]...)
		rest = rest[n:]
	}
	l.tail = append(l.tail, rest...)
	if over := len(l.tail) - tailBytes; over > tailBytes { // move rarely: at twice the size
		l.lost += over
		l.tail = append(l.tail[:0], l.tail[over:]...)
	}
	return len(p), nil
}

// String returns what is remembered; a line in the middle tells of bytes that
// are not.
func (l *Tail) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	var b bytes.Buffer
	b.Write(l.head)
	if l.lost > 0 {
		b.WriteString("\n… some output left out …\n")
	}
	b.Write(l.tail)
	return b.String()
}
