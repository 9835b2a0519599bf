package tally

import (
	"sync"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestKindsAreCountedAndFewExamplesKept(t *testing.T) {
	c := New()
	var all sync.WaitGroup
	for i := range 20 {
		all.Go(func() {
			c.Fault("went back", "list %d", i)
			c.Event("came")
		})
	}
	all.Wait()
	c.Fault("another", "once")
	c.Fault("a third", "once")
	faults := c.Faults()
	require.Len(t, faults, 3)
	require.Equal(t, "went back", faults[0].Name)
	require.Equal(t, 20, faults[0].Count)
	require.Len(t, faults[0].Examples, keep)
	require.Equal(t, Kind{Name: "a third", Count: 1, Examples: []string{"0s: once"}}, faults[1])
	require.Equal(t, []Kind{{Name: "came", Count: 20}}, c.Events())
}
