package vod

import (
	"strconv"
	"strings"

	"github.com/rostrumlive/rostrum/internal/packager"
)

// segmentSuffix is that of segments, in addresses, among the objects and in
// the spool.
const segmentSuffix = ".m4s"

// key is the object key of a piece of media. It is none when a client made up
// its parts: see blob.ValidKey.
func key(broadcast, rendition, name string) string {
	return broadcast + "/" + rendition + "/" + name
}

// Beside is the folder for what others make of a recording: what lies there goes
// with it, also when clips keep some of its media.
func Beside(broadcast string) string { return broadcast + "/stills" }

// ClipPicture is the key of what others make of a clip: it stays when the
// clip's recording goes, and goes with the clip.
func ClipPicture(broadcast, clip string) string { return broadcast + "/clips/" + clip + ".jpg" }

// SegmentObject is the object key of a segment's bytes.
func SegmentObject(broadcast, rendition string, number int64) string {
	return segmentKey(broadcast, rendition, number)
}

// InitObject is the object key of an initialisation section.
func InitObject(broadcast, rendition string, number int64) string {
	return initKey(broadcast, rendition, number)
}

func segmentKey(broadcast, rendition string, number int64) string {
	return key(broadcast, rendition, (&packager.Segment{Number: number}).Name())
}

func initKey(broadcast, rendition string, number int64) string {
	return key(broadcast, rendition, (&packager.Init{Number: number}).Name())
}

// SegmentNumber reads the number in a segment's name.
func SegmentNumber(name string) (int64, bool) { return numberIn(name, "seg", segmentSuffix) }

// initNumber reads the number in an initialisation section's name.
func initNumber(name string) (int64, bool) { return numberIn(name, "init", ".mp4") }

func numberIn(name, prefix, suffix string) (int64, bool) {
	digits, begins := strings.CutPrefix(name, prefix)
	digits, ends := strings.CutSuffix(digits, suffix)
	n, err := strconv.ParseUint(digits, 10, 62)
	// One number has one name.
	return int64(n), begins && ends && err == nil && strconv.FormatUint(n, 10) == digits
}

// cutLast splits a path before its last element.
func cutLast(path string) (folder, name string) {
	i := strings.LastIndexByte(path, '/')
	return path[:max(i, 0)], path[i+1:]
}
