// Package viewing owns who may watch what right now. What is not for everybody
// is watched in a viewing: one player that watches, known by a random id that
// says nothing of a person. A token names the viewing and stands in front of
// all addresses that the player asks for. The viewing is extended while it
// watches and lapses some time after it stops; whether it still has the right
// is asked again while it goes on.
//
// The room knows nothing of HTTP, nor of what is on air.
package viewing

import (
	"context"
	"crypto/rand"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"sync"
	"sync/atomic"
	"time"

	"github.com/rostrumlive/rostrum/internal/account"
	"github.com/rostrumlive/rostrum/internal/store"
)

// Why somebody may not watch, or no viewing begins.
var (
	// ErrForbidden: it is not public, and what was shown does not open it.
	ErrForbidden = errors.New("you may not watch this")
	// ErrLapsed: the viewing was not used for too long.
	ErrLapsed = errors.New("this viewing has lapsed")
	// ErrRevoked: what opened it does so no longer.
	ErrRevoked = errors.New("you may not watch this any longer")
	// ErrTakenDown: it was taken down, or what it is part of.
	ErrTakenDown = errors.New("this was taken down")
	// ErrUnavailable: the database does not answer.
	ErrUnavailable = errors.New("it cannot be told who may watch this")
	// ErrUnknown: there is no such channel or broadcast.
	ErrUnknown = errors.New("there is no such thing to watch")
	// ErrWrongPassword: it is another one.
	ErrWrongPassword = errors.New("the password is another one")
	// ErrNoPassword: it takes one, and none was given.
	ErrNoPassword = errors.New("a password is needed")
	// ErrMembers: it is for the channel's people.
	ErrMembers = errors.New("only the channel's people may watch this")
)

// BusyError tells that too many wrong passwords came from the same address.
type BusyError struct{ Retry time.Duration }

func (e *BusyError) Error() string { return "too many wrong passwords" }

// Options is what a Service stands on. The times have defaults, for tests to
// shorten.
type Options struct {
	DB       *store.DB
	Accounts *account.Service
	Log      *slog.Logger

	Lapse    time.Duration // of what is live, after its last playlist; 60 s
	Idle     time.Duration // of a recording, after its last request; 6 h
	FirstUse time.Duration // within which a viewing begins; 10 min
	Ask      time.Duration // how often its right is asked for again; 20 s
	Fresh    time.Duration // how long what the database said is believed; 2 s
	Most     int           // viewings in memory; 131,072
}

func (o Options) withDefaults() Options {
	for _, d := range []struct {
		value *time.Duration
		or    time.Duration
	}{
		{&o.Lapse, time.Minute},
		{&o.Idle, 6 * time.Hour},
		{&o.FirstUse, 10 * time.Minute},
		{&o.Ask, 20 * time.Second},
		{&o.Fresh, 2 * time.Second},
	} {
		if *d.value <= 0 {
			*d.value = d.or
		}
	}
	if o.Most <= 0 {
		o.Most = 128 << 10
	}
	return o
}

// Service answers who may watch. Its methods may be called by any number of
// goroutines.
type Service struct {
	o        Options
	log      *slog.Logger
	began    time.Time
	run      uint32
	signer   *signer
	rules    *rules
	viewings *viewings
	attempts *attempts
	troubled atomic.Int64 // until when the database is not asked who may go on
	told     atomic.Int64 // when the log was told of its trouble last

	ctx     context.Context // ends with Close
	stop    context.CancelFunc
	running sync.WaitGroup
}

// keyName is the setting that holds the key, which all nodes share.
const keyName = "viewing.key"

// New makes a service, and the key that tokens are signed with when there is
// none yet. The caller closes it.
func New(ctx context.Context, o Options) (*Service, error) {
	s := &Service{o: o.withDefaults(), log: o.Log, began: time.Now(), run: uint32(random())}
	key, err := s.key(ctx)
	if err != nil {
		return nil, fmt.Errorf("key of viewings: %w", err)
	}
	s.signer = newSigner(key)
	s.rules = newRules(o.DB, s.signer, s.o.Fresh, s.clock)
	s.viewings = newViewings(&s.o)
	s.attempts = newAttempts()
	s.ctx, s.stop = context.WithCancel(context.WithoutCancel(ctx))
	s.running.Go(s.tend)
	return s, nil
}

// Close ends what New began. What is being watched is not asked about any more.
func (s *Service) Close() {
	s.stop()
	s.running.Wait()
}

func (s *Service) key(ctx context.Context) ([]byte, error) {
	fresh := make([]byte, 32)
	_, _ = rand.Read(fresh) // does not fail
	value, err := json.Marshal(base64.StdEncoding.EncodeToString(fresh))
	if err != nil {
		return nil, err
	}
	var kept, text string
	err = s.o.DB.Write(ctx, func(tx *store.Tx) (err error) {
		kept, err = tx.KeepSetting(ctx, keyName, string(value), s.began)
		return err
	})
	if err == nil {
		err = json.Unmarshal([]byte(kept), &text)
	}
	if err != nil {
		return nil, err
	}
	key, err := base64.StdEncoding.DecodeString(text)
	if err == nil && len(key) != len(fresh) {
		err = fmt.Errorf("it has %d bytes, not %d", len(key), len(fresh))
	}
	return key, err
}

// clock is the time since the service began, never 0. Nobody sets it back.
func (s *Service) clock() time.Duration { return time.Since(s.began) + 1 }

// tell logs the database's trouble, once a second: thousands may meet it.
func (s *Service) tell(what string, err error) {
	now, told := int64(s.clock()), s.told.Load()
	if (told == 0 || now > told+int64(time.Second)) && s.told.CompareAndSwap(told, now) {
		s.log.Warn(what, "error", err)
	}
}

// Forget has the settings of a channel read again at once, and those of its
// broadcasts: whoever changes them calls it. Other processes notice within
// Options.Fresh.
func (s *Service) Forget(channelID string) {
	if id, ok := pack(channelID); ok {
		s.rules.forget(id)
	}
}

// Count is how many viewings are kept in memory, also such as have lapsed.
func (s *Service) Count() int { return s.viewings.count() }
