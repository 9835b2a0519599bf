package still

import (
	"context"
	"errors"

	"github.com/rostrumlive/rostrum/internal/blob"
	"github.com/rostrumlive/rostrum/internal/store"
	"github.com/rostrumlive/rostrum/internal/transcode"
	"github.com/rostrumlive/rostrum/internal/vod"
)

// What is made of a clip is one object, which goes with the clip. It tells by
// itself that it is there; where nothing could be made it has no bytes, so that
// it is not tried again.

// ClipObject returns under which key a still of a clip lies, and its type, by
// the last element of its address. It reports false for what is no name of one.
func ClipObject(c store.Clip, name string) (object, contentType string, ok bool) {
	if name != coverName {
		return "", "", false
	}
	return vod.ClipPicture(c.BroadcastID, c.ID), "image/jpeg", true
}

// OfClip reports whether there is a cover of a clip.
func (s *Service) OfClip(ctx context.Context, c store.Clip) bool {
	bytes, err := s.clipBytes(ctx, c)
	return err == nil && bytes > 0
}

// clipBytes is how large the cover of a clip is, or blob.ErrNotFound.
func (s *Service) clipBytes(ctx context.Context, c store.Clip) (int64, error) {
	f, bytes, err := s.opts.Files.Get(ctx, vod.ClipPicture(c.BroadcastID, c.ID))
	if err != nil {
		return 0, err
	}
	return bytes, f.Close()
}

// makeClip makes the cover of a clip that lives and has none.
func (s *Service) makeClip(ctx context.Context, id string) error {
	c, err := s.opts.DB.Clip(ctx, id)
	if err != nil || !c.RemovedAt.IsZero() {
		return ignore(err, store.ErrNotFound)
	}
	if _, err := s.clipBytes(ctx, c); !errors.Is(err, blob.ErrNotFound) {
		return err
	}
	picture, err := s.pictureOf(ctx, c)
	switch {
	case errors.Is(err, vod.ErrNoPictures), errors.Is(err, transcode.ErrUndecodable):
		s.log.Info("no still of a clip", "clip", c.ID, "reason", err)
	case errors.Is(err, blob.ErrNotFound) && s.clipGone(ctx, id):
		return nil
	case err != nil:
		return err
	}
	object := vod.ClipPicture(c.BroadcastID, c.ID)
	if err := s.opts.Files.PutBytes(ctx, object, picture); err != nil {
		return err
	}
	if s.clipGone(ctx, id) { // it may have come too late to go with it
		return s.opts.Files.Delete(ctx, object)
	}
	return nil
}

func (s *Service) pictureOf(ctx context.Context, c store.Clip) ([]byte, error) {
	e, err := s.opts.Library.ClipEntry(ctx, c)
	if err != nil {
		return nil, err
	}
	key, err := s.opts.Library.KeyFrame(ctx, e, transcode.MaxKey)
	if err != nil {
		return nil, err
	}
	track, err := s.opts.Library.Track(ctx, e)
	if err != nil {
		return nil, err
	}
	pictures, err := s.opts.Transcoder.Pictures(ctx, transcode.Job{Track: track, Keys: [][]byte{key}, Width: coverSide, Height: coverSide})
	if err != nil {
		return nil, err
	}
	return pictures[0], nil
}

// clipGone reports whether a clip was removed.
func (s *Service) clipGone(ctx context.Context, id string) bool {
	c, err := s.opts.DB.Clip(ctx, id)
	return errors.Is(err, store.ErrNotFound) || err == nil && !c.RemovedAt.IsZero()
}

// listClips is what the backlog of clips is made of.
func (s *Service) listClips(ctx context.Context, before string) (untried []string, last string, err error) {
	rows, err := s.opts.DB.LivingClips(ctx, before, backlogAtOnce)
	if err != nil {
		return nil, "", err
	}
	for i := range rows {
		_, err := s.clipBytes(ctx, rows[i])
		if errors.Is(err, blob.ErrNotFound) {
			untried = append(untried, rows[i].ID)
		} else if err != nil {
			return nil, "", err
		}
	}
	if len(rows) == backlogAtOnce {
		last = rows[len(rows)-1].ID
	}
	return untried, last, nil
}
