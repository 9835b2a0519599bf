package app

// mostStrangers is how many encoders may be at the door, none of which was let
// in. Those who mean it are let in within a second.
const mostStrangers = 4096

// strangerLimit is that, or half of what viewers leave of the files that the
// process may open.
func strangerLimit() int {
	return max(1, min(mostStrangers, viewerLimit()/6))
}
