package vitals

// Name is one of the things that are sampled.
type Name string

// What is sampled.
const (
	Resident    Name = "resident memory, MiB"
	Heap        Name = "heap in use, MiB"
	Goroutines  Name = "goroutines"
	Descriptors Name = "descriptors"
	Threads     Name = "threads"
	Spool       Name = "files in the spool"
	Log         Name = "write-ahead log, MiB"
	Database    Name = "database, MiB"
	OnAir       Name = "broadcasts on air"
	Processor   Name = "processor time, s"
	Panics      Name = "panics"
	Lost        Name = "segments not recorded"
	Unread      Name = "messages not read"
)

// Measure says how a thing that is sampled is judged.
type Measure struct {
	Name Name
	// Judged: a rise is a fault. The others are told beside them.
	Judged bool
	// Floor is a change that means nothing even where it is sure.
	Floor float64
}

// Measures are the levels, in the order to show.
var Measures = []Measure{
	{Name: Resident, Judged: true, Floor: 1},
	{Name: Heap, Judged: true, Floor: 1},
	{Name: Goroutines, Judged: true, Floor: 1},
	{Name: Descriptors, Judged: true, Floor: 1},
	// Go never ends a thread that it once needed, so their number is the most
	// that blocked in system calls at once so far: it may creep by a few.
	{Name: Threads, Judged: true, Floor: 4},
	{Name: Spool, Judged: true, Floor: 1},
	// SQLite begins the log anew at 1,000 pages, 4 MiB, when no reader is in
	// its way, and keeps the file as large as it ever was.
	{Name: Log, Judged: true, Floor: 4},
	{Name: Database}, // has a row for each segment that was recorded
	{Name: OnAir},
}

// scraped are the things that the server itself tells.
var scraped = map[Name]struct {
	metric string
	per    float64
}{
	Heap:       {"go_memstats_heap_inuse_bytes", mib},
	Goroutines: {"go_goroutines", 1},
	OnAir:      {"rostrum_broadcasts_live", 1},
	Processor:  {"process_cpu_seconds_total", 1},
	Panics:     {"rostrum_rtmp_panics_total", 1},
	Lost:       {"rostrum_recording_lost_segments_total", 1},
	Unread:     {"rostrum_rtmp_bad_tags_total", 1},
}
