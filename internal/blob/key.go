package blob

import "strings"

const (
	alphabet   = "abcdefghijklmnopqrstuvwxyz0123456789_-."
	maxKey     = 512
	maxElement = 200 // file systems allow 255
)

// ValidKey reports whether key has the form of an object's key: see Files.
func ValidKey(key string) bool {
	if len(key) > maxKey {
		return false
	}
	for element := range strings.SplitSeq(key, "/") {
		if !validElement(element) {
			return false
		}
	}
	return true
}

func validElement(e string) bool {
	if e == "" || len(e) > maxElement || e[0] == '.' {
		return false
	}
	return strings.Trim(e, alphabet) == ""
}
