// Package backup makes one file of a server's rows and objects while the server
// runs, and makes a server of that file again, on either database. It owns the
// form of the file. It must not know what the rows mean, nor any SQL: store says
// which tables there are and which objects rows speak of.
//
// The file is a tar in gzip, so that any machine can look into it, and is
// written and read from its beginning to its end. Its members:
//
//	rostrum-backup.json        what it is: Header
//	tables/NAME/000001.jsonl   rows: the first line has the columns' names
//	files/NAME                 secrets from the data folder
//	media/KEY                  objects
//	missing/000001.jsonl       objects that were gone when their turn came
//	sums/000001.txt            SHA-256 of the members before it, as sha256sum has it
//	end.json                   how much of everything: without it the file is not whole
//
// Members of a kind are together, in that order, but sums, which come between
// any two.
package backup

import (
	"time"

	"github.com/rostrumlive/rostrum/internal/account"
	"github.com/rostrumlive/rostrum/internal/chat"
	"github.com/rostrumlive/rostrum/internal/still"
	"github.com/rostrumlive/rostrum/internal/store"
	"github.com/rostrumlive/rostrum/internal/vod"
)

// format is the version of the file's form. One that a program does not know is
// refused.
const format = 1

// Header begins a backup.
type Header struct {
	Format  int       `json:"format"`
	Product string    `json:"product"` // the version that made it
	Schema  int64     `json:"schema"`  // of the rows
	MadeAt  time.Time `json:"made_at"`
	Media   bool      `json:"media"` // recordings are in it
}

// Counts is how much a backup has.
type Counts struct {
	Tables  map[string]int64 `json:"tables"` // rows of each
	Files   int64            `json:"files"`
	Objects int64            `json:"objects"`
	Bytes   int64            `json:"bytes"`   // of the objects
	Missing int64            `json:"missing"` // objects that had been removed meanwhile
	Lost    int64            `json:"lost"`    // objects that rows speak of and that are not there
}

// Rows is how many there are in all tables.
func (c *Counts) Rows() (n int64) {
	for _, rows := range c.Tables {
		n += rows
	}
	return n
}

// end ends a backup.
type end struct {
	Counts
	Sums string `json:"sums"` // SHA-256 of all sums, one behind the other
}

// Names of members.
const (
	headerName    = "rostrum-backup.json"
	endName       = "end.json"
	tablesFolder  = "tables"
	filesFolder   = "files"
	objectsFolder = "media"
	missingFolder = "missing"
	sumsFolder    = "sums"
)

// What a reader takes at most, and a writer keeps to.
const (
	maxMembers = 500_000_000 // 60 years of one broadcast in segments of 2 s, in two renditions
	maxMeta    = 1 << 20     // bytes of the header and the end
	maxFile    = 1 << 20
	maxObject  = 8 << 30 // a segment is cut at 20 s at the latest
	// chunk is about how large a member of rows is, and maxChunk how large with
	// its last row, which may be long.
	chunk    = 1 << 20
	maxChunk = 64 << 20
	// summed is how many members a member of sums is of.
	summed = 1000
)

// keys are the object keys of what rows speak of.
func keys(o store.Object) []string {
	switch o.Kind {
	case store.Picture:
		return []string{account.PictureObject(o.Key)}
	case store.EmoteImage:
		return []string{chat.EmoteObject(o.Key)}
	case store.Cover:
		return []string{still.CoverObject(o.Broadcast)}
	case store.ClipCover:
		return []string{vod.ClipPicture(o.Broadcast, o.Key)}
	case store.Storyboard:
		return still.StoryboardObjects(o.Broadcast, int(o.Number))
	case store.InitObject:
		return []string{vod.InitObject(o.Broadcast, o.Rendition, o.Number)}
	case store.Media:
		return []string{vod.SegmentObject(o.Broadcast, o.Rendition, o.Number)}
	}
	return nil
}
