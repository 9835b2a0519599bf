package notify

import (
	"context"
	"encoding/json"
	"sync"

	"github.com/rostrumlive/rostrum/internal/store"
)

const (
	// pageSubject is where on the bus all processes hear what pages are told.
	pageSubject = "notify.page"
	// feedQueue is how many events wait for one page. A page that has so many
	// waiting is not there any more: it is closed, and comes back when it is.
	feedQueue = 16
	// mostFeeds is how many pages of one user listen; the oldest makes room.
	mostFeeds = 30
)

// pageWord is what goes over the bus: an event and whom it is for.
type pageWord struct {
	Users []string        `json:"users"`
	Event json.RawMessage `json:"event"`
}

// liveEvent is what a page is told. docs/following.md describes it.
type liveEvent struct {
	Type           string `json:"type"`
	Channel        string `json:"channel"`
	Title          string `json:"title"`
	BroadcastID    string `json:"broadcastId"`
	BroadcastTitle string `json:"broadcastTitle"`
	Avatar         string `json:"avatar,omitempty"`
	At             int64  `json:"at"`
}

// tellPages tells the pages of those who listen that a channel is on air. Pages
// that do not hear it see it in their lists.
func (s *Service) tellPages(ctx context.Context, l live, to []store.Listening) {
	w := pageWord{}
	for _, u := range to {
		if u.Page {
			w.Users = append(w.Users, u.UserID)
		}
	}
	if len(w.Users) == 0 {
		return
	}
	e := liveEvent{
		Type: "live", Channel: l.channel.Name, Title: l.name(), BroadcastID: l.broadcast.ID, BroadcastTitle: l.title(), At: l.broadcast.StartedAt.UnixMilli(),
	}
	if l.channel.Avatar != "" {
		e.Avatar = picturesTree + l.channel.Avatar
	}
	event, err := json.Marshal(e)
	if err == nil {
		w.Event = event
		err = s.sayToPages(w)
	}
	s.trouble(ctx, "pages cannot be told that a channel is on air", err)
}

func (s *Service) sayToPages(w pageWord) error {
	if s.o.Bus == nil {
		s.hub.tell(w)
		return nil
	}
	data, err := json.Marshal(w)
	if err != nil {
		return err
	}
	return s.o.Bus.Publish(pageSubject, data)
}

// hub knows the pages that listen in this process.
type hub struct {
	mu     sync.Mutex
	feeds  map[string][]*feed // by user, those that came first come first
	closed bool

	serving sync.WaitGroup // a socket each
}

// feed is what one page is told.
type feed struct {
	user  string
	queue chan []byte
	end   chan struct{} // closed with why
	why   closing       // before end is closed
	once  sync.Once
}

func newHub() *hub { return &hub{feeds: map[string][]*feed{}} }

// stop has the feed's socket closed, for the first reason that is given.
func (f *feed) stop(why closing) {
	f.once.Do(func() {
		f.why = why
		close(f.end)
	})
}

// join makes a feed of a user's, or returns nil when the hub is closed. Whoever
// joins leaves.
func (h *hub) join(user string) *feed {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.closed {
		return nil
	}
	f := &feed{user: user, queue: make(chan []byte, feedQueue), end: make(chan struct{})}
	if there := h.feeds[user]; len(there) >= mostFeeds {
		there[0].stop(closedCrowd)
		h.feeds[user] = there[1:]
	}
	h.feeds[user] = append(h.feeds[user], f)
	h.serving.Add(1)
	return f
}

// leave ends that.
func (h *hub) leave(f *feed) {
	h.mu.Lock()
	defer h.mu.Unlock()
	var left []*feed
	for _, other := range h.feeds[f.user] {
		if other != f {
			left = append(left, other)
		}
	}
	if h.feeds[f.user] = left; len(left) == 0 {
		delete(h.feeds, f.user)
	}
	h.serving.Done()
}

// hear takes a word of the bus.
func (h *hub) hear(data []byte) {
	var w pageWord
	if json.Unmarshal(data, &w) == nil { // a process of another version says what this one does not know
		h.tell(w)
	}
}

// tell puts an event in the queues of the users' pages. Who does not take what
// waits is let go.
func (h *hub) tell(w pageWord) {
	h.mu.Lock()
	defer h.mu.Unlock()
	for _, user := range w.Users {
		for _, f := range h.feeds[user] {
			select {
			case f.queue <- w.Event:
			default:
				f.stop(closedSlow)
			}
		}
	}
}

// close ends all feeds, and waits for their sockets.
func (h *hub) close() {
	h.mu.Lock()
	h.closed = true
	for _, fs := range h.feeds {
		for _, f := range fs {
			f.stop(closedAway)
		}
	}
	h.mu.Unlock()
	h.serving.Wait()
}
