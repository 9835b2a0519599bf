package viewing

import (
	"errors"
	"fmt"
	"net/netip"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"
	"golang.org/x/sync/errgroup"

	"github.com/rostrumlive/rostrum/internal/account"
)

// Ten wrong passwords a minute from one address, for one channel; right ones
// are not counted, and nobody else is kept out.
func TestWrongPasswordsAreCounted(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		h := newHouse(t, account.Password)
		from := func(address, password string) error {
			_, err := h.Begin(t.Context(), h.live(), Asker{Address: netip.MustParseAddr(address), Password: password})
			return err
		}
		for range 30 {
			require.NoError(t, from("192.0.2.1", secret))
		}
		for i := range wrongPasswords {
			require.ErrorIs(t, from("192.0.2.1", fmt.Sprint(i)), ErrWrongPassword)
		}
		var busy *BusyError
		require.ErrorAs(t, from("192.0.2.1", other), &busy)
		require.InDelta(t, 6*time.Second, busy.Retry, float64(time.Second))
		require.ErrorAs(t, from("192.0.2.1", secret), &busy, "a right one tells nothing either")
		require.ErrorAs(t, from("::ffff:192.0.2.1", secret), &busy, "the same address")
		require.NoError(t, from("192.0.2.2", secret))
		time.Sleep(busy.Retry)
		require.ErrorIs(t, from("192.0.2.1", other), ErrWrongPassword)
		require.ErrorAs(t, from("192.0.2.1", other), &busy)

		for i := range wrongPasswords {
			require.ErrorIs(t, from(fmt.Sprintf("2001:db8::%x", i), other), ErrWrongPassword)
		}
		require.ErrorAs(t, from("2001:db8::ffff", other), &busy, "a subscriber has 64 bits")
		require.ErrorIs(t, from("2001:db8:0:1::1", other), ErrWrongPassword)
	})
}

// Many who try at once are counted as well as one after the other.
func TestWrongPasswordsAtOnce(t *testing.T) {
	h := newHouse(t, account.Password)
	wrong := make(chan error, 40)
	var g errgroup.Group
	for i := range cap(wrong) {
		g.Go(func() error {
			_, err := h.Begin(t.Context(), h.live(), Asker{Address: netip.MustParseAddr("192.0.2.1"), Password: fmt.Sprint(i, " is wrong")})
			wrong <- err
			return nil
		})
	}
	require.NoError(t, g.Wait())
	close(wrong)
	tried := 0
	for err := range wrong {
		if errors.Is(err, ErrWrongPassword) {
			tried++
		}
	}
	require.GreaterOrEqual(t, tried, wrongPasswords)
	require.Less(t, tried, 2*wrongPasswords, "one more for each six seconds that it took")
}

func TestAttemptsAreBounded(t *testing.T) {
	a := newAttempts()
	address := func(i int) netip.Addr { return netip.AddrFrom4([4]byte{10, byte(i >> 16), byte(i >> 8), byte(i)}) }
	for i := range 2 * mostAttempts {
		a.of(address(i), ident{}).limit.Allow()
		a.of(address(0), ident{}) // who goes on trying is not forgotten
	}
	require.Len(t, a.from, mostAttempts)
	require.Equal(t, mostAttempts, a.order.Len())
	for i, tried := range map[int]bool{0: true, 1: false, 2*mostAttempts - 1: true} {
		require.Equal(t, tried, a.of(address(i), ident{}).limit.Tokens() < wrongPasswords, i)
	}
}
