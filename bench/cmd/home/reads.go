package main

// read is one kind of request.
type read struct {
	name  string
	path  func(i int) string // of the i-th request
	least int                // bytes of an answer that is whole
}

// stride goes through the channels in no order: a prime that no usual number
// of channels is a multiple of.
const stride = 7919

// reads are what the home page asks for, and what every page of a channel does.
func reads(names []string) []read {
	fixed := func(path string) func(int) string { return func(int) string { return path } }
	aChannel := func(i int) string { return names[i*stride%len(names)] }
	return []read{
		{"What is on air: /api/v1/live", fixed("/api/v1/live"), 1000},
		{"The newest recordings: /api/v1/broadcasts", fixed("/api/v1/broadcasts"), 5000},
		{"A channel, another each time: /api/v1/channels/…", func(i int) string { return "/api/v1/channels/" + aChannel(i) }, 20},
		{"A channel's recordings, another each time: /api/v1/channels/…/broadcasts", func(i int) string {
			return "/api/v1/channels/" + aChannel(i) + "/broadcasts"
		}, 1000},
	}
}
