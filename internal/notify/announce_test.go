package notify

import (
	"context"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/rostrumlive/rostrum/internal/account"
	"github.com/rostrumlive/rostrum/internal/store"
)

// What was written down and not yet told when a process ended is told by the
// next, once.
func TestACrashTellsOnce(t *testing.T) {
	s, service := newSite(t, nil), newPushService(t)
	s.crowd(3, service.URL)
	s.goLive("") // and the process is killed

	s.Service = s.another(nil)
	// This one is killed with the row leased and half of the followers in line.
	a, now, err := s.leaseNext(t.Context())
	require.NoError(t, err)
	first, err := s.db.Listening(t.Context(), s.channel.ID, false, "", 1)
	require.NoError(t, err)
	s.write(func(tx *store.Tx) error {
		return tx.PutInLine(t.Context(), a, false, false, first[0].UserID, now, now.Add(usefulFor), now.Add(leaseFor))
	})
	s.work()
	require.Len(t, service.all(), 1)

	s.Service = s.another(nil)
	s.work()
	require.Empty(t, service.all(), "the lease of who was killed is not over")
	s.pass(leaseFor)
	s.work()
	require.Len(t, service.all(), 2)
	s.pass(usefulFor)
	s.work()
	require.Empty(t, service.all())
}

// Two processes that work at the same time tell everybody once.
func TestTwoProcessesTellOnce(t *testing.T) {
	s, service := newSite(t, nil), newPushService(t)
	s.crowd(300, service.URL)
	s.runs(s.Service)
	s.runs(s.another(nil))
	s.goLive("")
	told := map[string]int{}
	s.await("all are told", func() bool {
		for _, p := range service.all() {
			told[p.path]++
		}
		return len(told) == 300
	})
	s.await("nobody waits", func() bool {
		due, err := s.db.NoticeDue(t.Context(), store.ByPush, day.Add(time.Hour))
		return err == nil && !due
	})
	require.Empty(t, service.all())
	for path, n := range told {
		require.Equal(t, 1, n, path)
	}
}

// Many followers are put in line while somebody else writes: no write waits for
// longer than a batch takes.
func TestManyFollowers(t *testing.T) {
	s := newSite(t, nil)
	s.crowd(followers, "https://push.example.org")
	began := time.Now()
	ctx, cancel := context.WithCancel(t.Context())
	var longest time.Duration
	writes := 0
	var writing sync.WaitGroup
	writing.Go(func() {
		for ctx.Err() == nil {
			at := time.Now()
			err := s.db.Write(ctx, func(tx *store.Tx) error { return tx.PutSetting(ctx, "test", "1", day) })
			if err == nil {
				longest, writes = max(longest, time.Since(at)), writes+1
			}
		}
	})
	s.goLive("")
	for s.announceNext(t.Context()) {
	}
	cancel()
	writing.Wait()
	took := time.Since(began)
	t.Logf("%d followers in line in %v; %d writes of others meanwhile, the longest %v", followers, took, writes, longest)
	require.GreaterOrEqual(t, writes, followers/batch, "others come in between")
	n := 0
	s.write(func(tx *store.Tx) error {
		for {
			ns, err := tx.TakeNotices(t.Context(), store.ByPush, day, day.Add(time.Hour), 5000)
			if n += len(ns); err != nil || len(ns) == 0 {
				return err
			}
		}
	})
	require.Equal(t, followers, n)
}

// Who may not watch is not told: of a channel for members its members hear.
func TestPrivateChannels(t *testing.T) {
	s, service := newSite(t, nil), newPushService(t)
	ctx := t.Context()
	member, stranger := s.follower("member", store.Ways{}, "en"), s.follower("stranger", store.Ways{}, "en")
	require.NoError(t, s.accounts.SetPlace(ctx, account.CommandLine(), "show", "member", account.PlaceMember))
	s.subscribe(member, service.URL+"/member", "en")
	s.subscribe(stranger, service.URL+"/stranger", "en")
	members := account.Members
	_, err := s.accounts.SetDetails(ctx, account.CommandLine(), "show", s.channel.Revision, account.Details{Visibility: &members})
	require.NoError(t, err)
	b := s.goLive("")
	s.work()
	got := service.all()
	require.Len(t, got, 1)
	require.Equal(t, "/member", got[0].path)
	s.end(b)

	// What ended or was taken down before its turn is no news.
	s.pass(time.Hour)
	b = s.goLive("")
	for s.announceNext(ctx) {
	}
	s.end(b)
	s.work()
	s.pass(time.Hour)
	s.goLive("")
	_, err = s.accounts.TakeDown(ctx, account.CommandLine(), store.KindChannel, "show", account.ReasonOther)
	require.NoError(t, err)
	s.work()
	require.Empty(t, service.all())
}
