package notify

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	webpush "github.com/SherClockHolmes/webpush-go"

	"github.com/rostrumlive/rostrum/internal/store"
)

const (
	pushTimeout = 10 * time.Second
	// vapidRow is the setting with the keys by which push services know the site.
	vapidRow = "notify.vapid"
	// mostPause bounds what a push service may ask for by Retry-After.
	mostPause = time.Hour
	// picturesTree is where the site serves channels' pictures.
	picturesTree = "/pictures/"
)

// vapidKeys sign for the site (RFC 8292), in base64 for addresses. They never
// change: what a browser was subscribed with must sign for ever.
type vapidKeys struct {
	Private string `json:"private"`
	Public  string `json:"public"`
}

// VAPIDKey is the site's public key, made at first use, as a browser takes it.
func (s *Service) VAPIDKey(ctx context.Context) (string, error) {
	k, err := s.vapidKeys(ctx)
	return k.Public, err
}

func (s *Service) vapidKeys(ctx context.Context) (k vapidKeys, err error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.vapid != nil {
		return *s.vapid, nil
	}
	if k.Private, k.Public, err = webpush.GenerateVAPIDKeys(); err != nil {
		return k, err
	}
	fresh, err := json.Marshal(k)
	if err != nil {
		return k, err
	}
	err = s.o.DB.Write(ctx, func(tx *store.Tx) error {
		now, err := s.o.Now(ctx)
		if err != nil {
			return err
		}
		kept, err := tx.KeepSetting(ctx, vapidRow, string(fresh), now)
		if err != nil {
			return err
		}
		return json.Unmarshal([]byte(kept), &k)
	})
	if err == nil {
		s.vapid = &k
	}
	return k, err
}

// message is what the service worker of the pages shows: ui/public/sw.js.
type message struct {
	Title string `json:"title"`
	Body  string `json:"body"`
	URL   string `json:"url"` // below the site's origin
	Tag   string `json:"tag"` // one notification a broadcast
	Icon  string `json:"icon,omitempty"`
	At    int64  `json:"at"`
}

func (s *Service) pushLine() line {
	return line{kind: store.ByPush, workers: 32, taken: 256, lease: 3 * time.Minute, send: s.sendPush}
}

// sendPush sends a message to one browser.
func (s *Service) sendPush(ctx context.Context, n store.Notice, l live) outcome {
	to, err := s.o.DB.PushSubscription(ctx, n.Way)
	if err == nil {
		_, err = s.o.DB.Follower(ctx, l.channel.ID, n.UserID)
	}
	if errors.Is(err, store.ErrNotFound) {
		return outcome{} // it has gone, or follows no more
	}
	if err != nil {
		return outcome{again: true, untried: true, after: lookEvery, err: err}
	}
	keys, err := s.vapidKeys(ctx)
	if err != nil {
		return outcome{again: true, untried: true, after: lookEvery, err: err}
	}
	w := wordsIn(to.Language)
	m := message{Title: fmt.Sprintf(w.live, l.name()), Body: l.title(), URL: l.path(), Tag: "live-" + l.broadcast.ID, At: l.broadcast.StartedAt.UnixMilli()}
	if l.channel.Avatar != "" {
		m.Icon = picturesTree + l.channel.Avatar
	}
	text, err := json.Marshal(m)
	if err != nil {
		return outcome{err: err}
	}
	left := max(n.Until.Sub(l.now), time.Minute)
	res, err := webpush.SendNotificationWithContext(ctx, text, &webpush.Subscription{
		Endpoint: to.Endpoint, Keys: webpush.Keys{P256dh: to.P256dh, Auth: to.Auth},
	}, &webpush.Options{
		HTTPClient: s.client, Subscriber: s.contact(to.Origin), VAPIDPublicKey: keys.Public, VAPIDPrivateKey: keys.Private,
		// A phone that sleeps is to be woken: an hour later it is over.
		TTL: int(left.Seconds()), Urgency: webpush.UrgencyHigh,
		Topic: l.broadcast.ID, // what waits at the push service twice is shown once (RFC 8030 5.4)
	})
	if err != nil {
		return outcome{again: true, err: errors.New(hostOf(to.Endpoint) + ": " + reason(err))}
	}
	defer res.Body.Close()
	_, _ = io.CopyN(io.Discard, res.Body, 4<<10) // so that the connection can be used again
	return judge(res, to.Endpoint)
}

// judge says what an answer of a push service means (RFC 8030 5, 7.3, 8.4).
func judge(res *http.Response, endpoint string) outcome {
	why := fmt.Errorf("%s answered %d", hostOf(endpoint), res.StatusCode)
	switch {
	case res.StatusCode >= 200 && res.StatusCode < 300:
		return outcome{}
	case res.StatusCode == http.StatusNotFound, res.StatusCode == http.StatusGone:
		return outcome{gone: true}
	case res.StatusCode == http.StatusTooManyRequests, res.StatusCode >= 500:
		return outcome{again: true, after: retryAfter(res.Header.Get("Retry-After")), err: why}
	}
	return outcome{err: why} // it will say no again
}

// retryAfter reads seconds or a date (RFC 9110 10.2.3).
func retryAfter(text string) time.Duration {
	pause := time.Duration(0)
	if n, err := strconv.Atoi(strings.TrimSpace(text)); err == nil && n > 0 {
		pause = time.Duration(min(n, int(mostPause.Seconds()))) * time.Second
	} else if at, err := http.ParseTime(text); err == nil {
		pause = time.Until(at)
	}
	return max(0, min(pause, mostPause))
}

// contact is whom a push service may write to when something is wrong with what
// the site sends (RFC 8292 2.1): an https address, or an e-mail address.
func (s *Service) contact(origin string) string {
	for _, c := range []string{s.o.Contact, s.o.Site, origin} {
		if strings.HasPrefix(c, "https://") || c != "" && !strings.Contains(c, "://") {
			return c
		}
	}
	return "nobody@localhost" // a site that is tried out on the machine of who looks at it
}

// hostOf is what may be told of an endpoint: the rest is a secret.
func hostOf(endpoint string) string {
	u, err := url.Parse(endpoint)
	if err != nil {
		return ""
	}
	return u.Host
}

// reason is an error without the address that was called.
func reason(err error) string {
	var wrapped *url.Error
	if errors.As(err, &wrapped) {
		err = wrapped.Err
	}
	return err.Error()
}
