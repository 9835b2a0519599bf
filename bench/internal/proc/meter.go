package proc

import (
	"fmt"
	"os"
	"sync"
	"time"
)

// sampleEvery is how often a meter looks at memory and for new children. One
// look costs the measured process nothing and the machine about 1 ms.
const sampleEvery = 500 * time.Millisecond

// Usage is what a process tree cost from a meter's start to its end.
type Usage struct {
	CPU        time.Duration // user and system time
	Wall       time.Duration
	PeakBytes  int64 // largest proportional set size seen
	FirstBytes int64 // the same at the start
}

// Meter watches a process tree until it is stopped.
type Meter struct {
	root  int
	began time.Time
	stop  chan struct{}
	wg    sync.WaitGroup

	mu         sync.Mutex
	base, last map[int]time.Duration // processor time by process, at first and last sight
	first      int64
	peak       int64
	err        error
}

// Memory returns the proportional set size of the process and its children
// now, in bytes.
func (p *Process) Memory() (int64, error) {
	m := &Meter{root: p.PID(), base: map[int]time.Duration{}, last: map[int]time.Duration{}}
	err := m.sample(true)
	return m.first, err
}

// OwnCPU is the processor time of this process until now: what a load that
// shares the machine with the server took from it.
func OwnCPU() (time.Duration, error) { return cpuTime(os.Getpid()) }

// Measure begins to count. The caller owes Stop.
func (p *Process) Measure() (*Meter, error) {
	m := &Meter{root: p.PID(), began: time.Now(), stop: make(chan struct{}), base: map[int]time.Duration{}, last: map[int]time.Duration{}}
	if err := m.sample(true); err != nil {
		return nil, err
	}
	m.wg.Go(func() {
		ticker := time.NewTicker(sampleEvery)
		defer ticker.Stop()
		for {
			select {
			case <-m.stop:
				return
			case <-ticker.C:
			}
			if err := m.sample(false); err != nil {
				m.mu.Lock()
				m.err = err
				m.mu.Unlock()
				return
			}
		}
	})
	return m, nil
}

// Stop ends the count and returns it. It is called once.
func (m *Meter) Stop() (Usage, error) {
	close(m.stop)
	m.wg.Wait()
	wall := time.Since(m.began)
	if m.err != nil {
		return Usage{}, m.err
	}
	if err := m.sample(false); err != nil {
		return Usage{}, err
	}
	u := Usage{Wall: wall, PeakBytes: m.peak, FirstBytes: m.first}
	for pid, last := range m.last {
		u.CPU += last - m.base[pid]
	}
	return u, nil
}

// sample reads the tree. Processes that are there at the first look count
// from then; later ones from their birth, so their base is zero. What a
// child used between its last sample and its death is not seen.
func (m *Meter) sample(first bool) error {
	pids, err := tree(m.root)
	if err != nil {
		return err
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	var bytes int64
	for _, pid := range pids {
		cpu, err := cpuTime(pid)
		if err == nil {
			var own int64
			own, err = memory(pid)
			bytes += own
		}
		if err != nil {
			if pid == m.root {
				return fmt.Errorf("the measured process is gone: %w", err)
			}
			continue // a child that ended meanwhile
		}
		if first {
			m.base[pid] = cpu
		}
		m.last[pid] = cpu
	}
	if first {
		m.first = bytes
	}
	m.peak = max(m.peak, bytes)
	return nil
}
