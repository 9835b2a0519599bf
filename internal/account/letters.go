package account

import (
	"context"
	"log/slog"
	"sync"
)

// letterQueue is how many letters wait to be sent. Who asks for one when it is
// full is told to try again.
const letterQueue = 100

// Mailer sends a letter of plain text, and returns when it is gone.
type Mailer func(ctx context.Context, to, subject, text string) error

// Letters mails links to users. What a letter takes is looked for in a goroutine
// of its own, so that how long the asking takes tells nobody whether there is
// such a user.
type Letters struct {
	s      *Service
	send   Mailer
	origin string
	log    *slog.Logger

	queue   chan func(context.Context)
	abort   context.CancelFunc
	running sync.WaitGroup
	sent    *limits // by the user's id, and by address

	mu     sync.Mutex
	closed bool
}

// NewLetters begins to send mail, with links on the site of that origin. From then
// on the Service asks who is given an e-mail address to confirm it, so it is called
// before the Service is used. The caller closes it, before the database.
func (s *Service) NewLetters(send Mailer, origin string, log *slog.Logger) *Letters {
	l := &Letters{s: s, send: send, origin: origin, log: log, queue: make(chan func(context.Context), letterQueue), sent: newLimits()}
	ctx, cancel := context.WithCancel(context.Background())
	l.abort = cancel
	l.running.Go(func() {
		for write := range l.queue {
			write(ctx)
		}
	})
	s.letters = l
	return l
}

// enqueue has a letter written, and reports whether there was room.
func (l *Letters) enqueue(write func(context.Context)) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.closed {
		return false
	}
	select {
	case l.queue <- write:
		return true
	default:
		l.log.Warn("mail is asked for faster than it goes out", "waiting", letterQueue)
		return false
	}
}

// Close sends what is waiting, and aborts that when ctx ends. It is idempotent
// and returns after the end.
func (l *Letters) Close(ctx context.Context) {
	l.mu.Lock()
	if !l.closed {
		l.closed = true
		close(l.queue)
	}
	l.mu.Unlock()
	stop := context.AfterFunc(ctx, l.abort)
	l.running.Wait()
	stop()
	l.abort()
}
