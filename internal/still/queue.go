package still

import "sync"

// mostQueued is how many wait at most. Those beyond are found at the next start.
const mostQueued = 10_000

// queue holds the ids of what Run is to look at.
type queue struct {
	news chan struct{} // holds one when there are some

	mu  sync.Mutex
	ids []string
}

func newQueue() *queue { return &queue{news: make(chan struct{}, 1)} }

func (q *queue) put(id string) {
	q.mu.Lock()
	if len(q.ids) < mostQueued {
		q.ids = append(q.ids, id)
	}
	q.mu.Unlock()
	select {
	case q.news <- struct{}{}:
	default: // the word is there
	}
}

func (q *queue) take() (id string, ok bool) {
	q.mu.Lock()
	defer q.mu.Unlock()
	if len(q.ids) == 0 {
		return "", false
	}
	id, q.ids = q.ids[0], q.ids[1:]
	return id, true
}
