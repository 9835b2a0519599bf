package broadcast

import (
	"cmp"
	"context"
	"errors"
	"time"

	"github.com/rostrumlive/rostrum/internal/account"
	"github.com/rostrumlive/rostrum/internal/store"
	"github.com/rostrumlive/rostrum/internal/vod"
)

// Clip is what a clip is to be.
type Clip struct {
	Title      string // empty: the broadcast's
	Start, End vod.Moment
	// Watches: who asks for it may watch the broadcast.
	Watches bool
}

// MakeClip makes a clip of a broadcast, on air or over. The channel's moderators
// may, and those above them; who else watches may where the channel lets them.
func (m *Manager) MakeClip(ctx context.Context, a account.Actor, id string, clip Clip) (store.Clip, error) {
	row, c, err := m.rowOf(ctx, id)
	if err != nil {
		return store.Clip{}, err
	}
	if err := m.mayClip(ctx, a, c, clip); err != nil {
		return store.Clip{}, err
	}
	title, err := account.ValidTitle(cmp.Or(clip.Title, row.Title, c.Title, c.Name))
	if err != nil {
		return store.Clip{}, err
	}
	if err := m.opts.Accounts.AllowClip(a); err != nil {
		return store.Clip{}, err
	}
	made, err := m.opts.Library.MakeClip(ctx, row, vod.ClipOrder{Title: title, User: a.User.ID, Start: clip.Start, End: clip.End})
	switch {
	case errors.Is(err, vod.ErrClipLength):
		err = account.ErrBadClip
	case errors.Is(err, vod.ErrClipOutside):
		err = account.ErrNotRecorded
	}
	return made, err
}

func (m *Manager) mayClip(ctx context.Context, a account.Actor, c account.Channel, clip Clip) error {
	err := m.opts.Accounts.Require(ctx, a, c, account.PlaceModerator, account.ScopeChannels)
	switch {
	case !errors.Is(err, account.ErrForbidden):
		return err
	case !clip.Watches:
		return account.ErrForbidden
	case account.Clips(c.Clips) != account.ClipsSignedIn:
		return account.ErrNoClips
	}
	return nil
}

// MayChangeClip reports whether an actor may rename a clip and remove it: who
// made it may, and the moderators of its channel.
func (m *Manager) MayChangeClip(ctx context.Context, a account.Actor, clip store.Clip) error {
	c, err := m.opts.DB.Channel(ctx, clip.ChannelID)
	if err != nil {
		return err
	}
	least := account.PlaceModerator
	if a.User.ID != "" && a.User.ID == clip.UserID {
		least = account.PlaceNone
	}
	return m.opts.Accounts.Require(ctx, a, c, least, account.ScopeChannels)
}

// ChangeClip gives a clip another title.
func (m *Manager) ChangeClip(ctx context.Context, a account.Actor, id, title string) (store.Clip, error) {
	clip, err := m.changeable(ctx, a, id)
	if err != nil {
		return clip, err
	}
	if clip.Title, err = account.ValidTitle(title); err != nil {
		return clip, err
	}
	err = m.opts.DB.Write(ctx, func(tx *store.Tx) error {
		if err := m.noteClip(ctx, tx, a, clip, "clip.change"); err != nil {
			return err
		}
		return tx.SetClipTitle(ctx, id, clip.Title)
	})
	return clip, err
}

// RemoveClip takes a clip away, and what was kept for it alone.
func (m *Manager) RemoveClip(ctx context.Context, a account.Actor, id string) error {
	clip, err := m.changeable(ctx, a, id)
	if err != nil {
		return err
	}
	return m.opts.Library.RemoveClip(ctx, id, func(tx *store.Tx) error { return m.noteClip(ctx, tx, a, clip, "clip.remove") })
}

// changeable returns a clip that lives to who may change it.
func (m *Manager) changeable(ctx context.Context, a account.Actor, id string) (store.Clip, error) {
	clip, err := m.opts.DB.Clip(ctx, id)
	if errors.Is(err, store.ErrNotFound) || err == nil && !clip.RemovedAt.IsZero() {
		return clip, account.ErrUnknownClip
	}
	if err != nil {
		return clip, err
	}
	return clip, m.MayChangeClip(ctx, a, clip)
}

// noteClip logs what is done to a clip by a role on the site. What its maker
// does is none of the log's business.
func (m *Manager) noteClip(ctx context.Context, tx *store.Tx, a account.Actor, clip store.Clip, act string) error {
	if a.User.ID != "" && a.User.ID == clip.UserID {
		return nil
	}
	return m.opts.Accounts.NoteModeration(ctx, tx, a, account.Channel{ID: clip.ChannelID, Name: clip.ChannelName}, act, clip.ID+": "+clip.Title)
}

// Removal is what goes with a recording.
type Removal struct {
	Clips bool // its clips too; they stay otherwise
}

// RemoveRecording takes a recording away for who may change its channel. One
// that is on air is ErrOnAir, one that is gone already nothing to do.
func (m *Manager) RemoveRecording(ctx context.Context, a account.Actor, id string, o Removal) error {
	row, c, err := m.rowOf(ctx, id)
	if err != nil {
		return err
	}
	if err := m.opts.Accounts.Require(ctx, a, c, account.PlaceEditor, account.ScopeChannels); err != nil {
		return err
	}
	switch row.State {
	case store.StateOpening, store.StateLive, store.StateInterrupted, store.StateEnded:
		return account.ErrOnAir
	case store.StateFailed:
		return nil
	}
	err = m.opts.Library.Remove(ctx, id, func(tx *store.Tx) error {
		if o.Clips {
			if err := tx.RemoveClips(ctx, id, time.Now()); err != nil {
				return err
			}
		}
		return m.opts.Accounts.NoteModeration(ctx, tx, a, c, "recording.remove", id+": "+row.Title)
	})
	m.fadeOut(id)
	return err
}

// fadeOut has a broadcast that is over answered from its recording from now on,
// and no longer from memory.
func (m *Manager) fadeOut(id string) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if b := m.byID[id]; b != nil && m.byChannel[b.Channel.ID] != b {
		b.removed = true
	}
}
