package report

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"runtime"
	"strings"
)

// Machine is what a figure depends on beside the programs.
type Machine struct {
	Cores    int               `json:"cores"`
	CPU      string            `json:"cpu"`
	Kernel   string            `json:"kernel"`
	Memory   string            `json:"memory"`
	Load     string            `json:"load"` // averages over 1, 5 and 15 minutes before the run
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

// Busy returns a warning when the machine had other work before the run, ""
// when it had not: more than a quarter of its cores' time over a minute.
func (m Machine) Busy() string {
	var load float64
	if _, err := fmt.Sscan(m.Load, &load); err != nil || load <= float64(m.Cores)/4 {
		return ""
	}
	return fmt.Sprintf("The machine was busy before the run began (load %s on %d cores): do not trust these figures.", m.Load, m.Cores)
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
