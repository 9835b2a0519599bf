package report

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"runtime"
	"strconv"
	"strings"
	"time"
)

// Machine is what a figure depends on beside the programs.
type Machine struct {
	Cores    int               `json:"cores"`
	CPU      string            `json:"cpu"`
	Kernel   string            `json:"kernel"`
	Memory   string            `json:"memory"`
	Load     string            `json:"load"`   // averages over 1, 5 and 15 minutes before the run
	Others   float64           `json:"others"` // share of the cores' time that others took just before the run, 0 to 1
	Versions map[string]string `json:"versions"`
}

// ThisMachine reads the facts. Each command's first line of output is kept as
// the version of what it is named for; one that cannot be run reads "missing".
func ThisMachine(ctx context.Context, commands map[string][]string) Machine {
	m := Machine{
		Cores:    runtime.NumCPU(),
		CPU:      field("/proc/cpuinfo", "model name"),
		Kernel:   strings.TrimSpace(read("/proc/sys/kernel/osrelease")),
		Memory:   field("/proc/meminfo", "MemTotal"),
		Versions: map[string]string{"go": runtime.Version()},
	}
	if load := strings.Fields(read("/proc/loadavg")); len(load) >= 3 {
		m.Load = strings.Join(load[:3], " ")
	}
	m.Others = others(ctx)
	for name, command := range commands {
		m.Versions[name] = "missing"
		var out, errs strings.Builder
		c := exec.CommandContext(ctx, command[0], command[1:]...)
		c.Stdout, c.Stderr = &out, &errs
		if c.Run() != nil {
			continue
		}
		told := strings.TrimSpace(out.String())
		if told == "" { // nginx tells its version on standard error
			told = strings.TrimSpace(errs.String())
		}
		m.Versions[name], _, _ = strings.Cut(told, "\n")
	}
	return m
}

const (
	// watched is how long the machine is looked at before a run. The load average
	// would be no better: it goes on telling of work that has ended.
	watched = 2 * time.Second
	// tolerated is the share of others that does not spoil a run.
	tolerated = 0.1
)

// others is the share of the cores' time that is taken while we do nothing.
func others(ctx context.Context) float64 {
	busy, all := spent(read("/proc/stat"))
	timer := time.NewTimer(watched)
	defer timer.Stop()
	select {
	case <-timer.C:
	case <-ctx.Done():
		return 0
	}
	busyNow, allNow := spent(read("/proc/stat"))
	if allNow <= all {
		return 0
	}
	return (busyNow - busy) / (allNow - all)
}

// spent reads the first line of /proc/stat: the ticks of all cores, and those of
// them that were neither idle nor waiting for a disk (proc_stat(5)).
func spent(stat string) (busy, all float64) {
	line, _, _ := strings.Cut(stat, "\n")
	for i, field := range strings.Fields(line) {
		ticks, err := strconv.ParseFloat(field, 64)
		if i == 0 || err != nil {
			continue
		}
		all += ticks
		if i != 4 && i != 5 {
			busy += ticks
		}
	}
	return busy, all
}

// Busy returns a warning when the machine had other work just before the run,
// "" when it had not.
func (m Machine) Busy() string {
	if m.Others <= tolerated {
		return ""
	}
	return fmt.Sprintf("Others took %.0f %% of the machine just before the run: do not trust these figures.", m.Others*100)
}

func read(path string) string {
	b, err := os.ReadFile(path)
	if err != nil {
		return ""
	}
	return string(b)
}

// field returns the value of the first "name: value" line.
func field(path, name string) string {
	for line := range strings.Lines(read(path)) {
		if key, value, ok := strings.Cut(line, ":"); ok && strings.TrimSpace(key) == name {
			return strings.TrimSpace(value)
		}
	}
	return ""
}
