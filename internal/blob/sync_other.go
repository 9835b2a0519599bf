//go:build !linux

package blob

import "errors"

// syncsSystem says that syncSystem cannot be had.
const syncsSystem = false

func syncSystem(string) error { return errors.ErrUnsupported }
