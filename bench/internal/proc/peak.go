package proc

import (
	"fmt"
	"os"
	"strconv"
	"strings"
)

// ForgetPeak lets PeakBytes begin anew (proc_pid_clear_refs(5)).
func (p *Process) ForgetPeak() error {
	const resetPeak = "5"
	if err := os.WriteFile(fmt.Sprintf("/proc/%d/clear_refs", p.PID()), []byte(resetPeak), 0); err != nil {
		return fmt.Errorf("forget the peak of memory: %w", err)
	}
	return nil
}

// PeakBytes is the largest resident set of the process alone since its start or
// ForgetPeak, as the kernel saw it: no moment is too short to be in it.
func (p *Process) PeakBytes() (int64, error) {
	b, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", p.PID()))
	if err != nil {
		return 0, fmt.Errorf("read the peak of memory: %w", err)
	}
	for line := range strings.Lines(string(b)) {
		rest, ok := strings.CutPrefix(line, "VmHWM:")
		if !ok {
			continue
		}
		kib, err := strconv.ParseInt(strings.TrimSpace(strings.TrimSuffix(strings.TrimSpace(rest), "kB")), 10, 64)
		if err != nil {
			return 0, fmt.Errorf("read the peak of memory: %w", err)
		}
		return kib << 10, nil
	}
	return 0, fmt.Errorf("read the peak of memory: process %d has none", p.PID())
}
