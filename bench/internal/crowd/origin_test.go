package crowd

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"
)

// partsEach is how many parts a segment of the origin has.
const partsEach = 3

// origin is a server of one live list at /live/list.m3u8, which goes on when
// the test says so.
type origin struct {
	*httptest.Server
	addr string

	mu      sync.Mutex
	parts   int // that were published
	waiting int // for the next part
	news    chan struct{}
	got     map[string]int // answers by path
	body    func(path string) string
}

func newOrigin(t *testing.T) *origin {
	o := &origin{parts: partsEach + 1, news: make(chan struct{}), got: map[string]int{}, body: func(path string) string { return "media of " + path }}
	o.Server = httptest.NewServer(o)
	o.addr = strings.TrimPrefix(o.URL, "http://")
	t.Cleanup(o.Close)
	return o
}

func (o *origin) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	var msn, part int
	if _, err := fmt.Sscanf(r.URL.RawQuery, "_HLS_msn=%d&_HLS_part=%d", &msn, &part); err == nil {
		o.await(r, msn*partsEach+part)
	}
	o.mu.Lock()
	var text string
	if strings.HasSuffix(r.URL.Path, ".m3u8") {
		text = o.list()
	} else {
		text = o.body(r.URL.Path)
	}
	o.got[r.URL.Path]++
	o.mu.Unlock()
	if text == "" {
		http.Error(w, "gone", http.StatusGone)
		return
	}
	w.Header().Set("Content-Length", strconv.Itoa(len(text)))
	_, _ = w.Write([]byte(text))
}

// await holds a request until the part is there.
func (o *origin) await(r *http.Request, part int) {
	o.mu.Lock()
	defer o.mu.Unlock()
	for o.parts <= part {
		news := o.news
		o.waiting++
		o.mu.Unlock()
		select {
		case <-news:
		case <-r.Context().Done():
		}
		o.mu.Lock()
		if r.Context().Err() != nil {
			return
		}
	}
}

// publish adds a part.
func (o *origin) publish() {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.parts++
	o.waiting = 0
	close(o.news)
	o.news = make(chan struct{})
}

func (o *origin) waiters() int {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.waiting
}

// list names what was published, the newest three segments of it.
func (o *origin) list() string {
	segments := o.parts / partsEach
	first := max(0, segments-3)
	var b strings.Builder
	fmt.Fprintf(&b, "#EXTM3U\n#EXT-X-VERSION:6\n#EXT-X-TARGETDURATION:4\n#EXT-X-PART-INF:PART-TARGET=1.0\n"+
		"#EXT-X-SERVER-CONTROL:CAN-BLOCK-RELOAD=YES,PART-HOLD-BACK=3.0\n#EXT-X-MEDIA-SEQUENCE:%d\n#EXT-X-MAP:URI=\"init.mp4\"\n", first)
	for part := first * partsEach; part < o.parts; part++ {
		if part%partsEach == 0 {
			fmt.Fprintf(&b, "#EXT-X-PROGRAM-DATE-TIME:%s\n", noon.Add(time.Duration(part)*time.Second).Format(time.RFC3339Nano))
		}
		fmt.Fprintf(&b, "#EXT-X-PART:DURATION=1.0,URI=\"../media/part%d.m4s\"\n", part)
		if part%partsEach == partsEach-1 {
			fmt.Fprintf(&b, "#EXTINF:%d.0,\n../media/seg%d.m4s\n", partsEach, part/partsEach)
		}
	}
	return b.String()
}

var noon = time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)
