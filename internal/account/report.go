package account

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"strings"
	"time"
	"unicode/utf8"

	"golang.org/x/time/rate"

	"github.com/rostrumlive/rostrum/internal/outbox"
	"github.com/rostrumlive/rostrum/internal/store"
)

// Report is what somebody says should not be here: see store.Report.
type Report = store.Report

// The reasons of reports and takedowns.
const (
	ReasonCopyright = "copyright"
	ReasonAbuse     = "abuse"
	ReasonOther     = "other"
)

const (
	mostReportWords = 2000
	// What one sender may report at once, and how soon once more. An address may
	// be that of a whole company.
	reportsAtOnce      = 10
	reportsFromAtOnce  = 20
	reportEvery        = time.Minute
	reportFromEvery    = 30 * time.Second
	mostReports        = 10_000 // that are open
	mostReportsOfThing = 20     // of those, about the same
)

// Complaint is what somebody reports.
type Complaint struct {
	Kind   string // store.KindChannel and so on
	Target string // a channel's name, or an id
	Reason string
	Words  string
}

// Report notes that somebody, who need not be known, says that something should
// not be here. Said again by the same it changes nothing, and neither when many
// have said so: it is before the moderators already. The error is an
// ErrUnknown…, ErrTakenDown, ErrBadReport, ErrTooManyReports or
// ErrTooManyAttempts.
func (s *Service) Report(ctx context.Context, a Actor, c Complaint) error {
	c.Words = strings.TrimSpace(c.Words)
	if utf8.RuneCountInString(c.Words) > mostReportWords || !writable(c.Words) || !validReason(c.Reason) {
		return ErrBadReport
	}
	if err := s.allowReport(a); err != nil {
		return err
	}
	r := Report{ID: s.db.NewID(), Kind: c.Kind, Reason: c.Reason, Words: c.Words, UserID: a.User.ID, Sender: s.senderOf(a), At: s.stamp()}
	var err error
	if r.TargetID, r.ChannelID, err = s.thing(ctx, s.db.Reader, c.Kind, c.Target); err != nil {
		return err
	}
	return s.db.Write(ctx, func(tx *store.Tx) error {
		n, err := tx.Reported(ctx, r)
		switch {
		case err != nil:
			return err
		case n.Sender > 0 || n.Target >= mostReportsOfThing:
			return nil
		case n.All >= mostReports:
			return ErrTooManyReports
		}
		if err := tx.InsertReport(ctx, r); err != nil {
			return err
		}
		return outbox.Put(ctx, tx, outbox.ReportMade, r.ChannelID, r.At, func(d *outbox.EventData) error {
			d.Report = &outbox.EventReport{ID: r.ID, Kind: r.Kind, Reason: r.Reason, Words: r.Words, URL: pageOf(r, d.Channel)}
			return nil
		})
	})
}

// pageOf is the page of what a report is about.
func pageOf(r Report, c *outbox.EventChannel) string {
	switch r.Kind {
	case store.KindRecording:
		return "/v/" + r.TargetID
	case store.KindClip:
		return "/c/" + r.TargetID
	}
	return c.URL
}

func validReason(r string) bool { return r == ReasonCopyright || r == ReasonAbuse || r == ReasonOther }

// allowReport counts a report by account and by address.
func (s *Service) allowReport(a Actor) error {
	if a.local {
		return nil
	}
	if err := s.attempts.takeEvery("report-from/"+network(a.Address), rate.Every(reportFromEvery), reportsFromAtOnce); err != nil {
		return err
	}
	if a.User.ID == "" {
		return nil
	}
	return s.attempts.takeEvery("report/"+a.User.ID, rate.Every(reportEvery), reportsAtOnce)
}

// senderOf tells who reports apart, without keeping an address: it is hashed with
// a key that goes with the process.
func (s *Service) senderOf(a Actor) string {
	if a.User.ID != "" {
		return a.User.ID
	}
	h := hmac.New(sha256.New, s.senderKey)
	_, _ = h.Write([]byte(network(a.Address))) // a hash takes everything
	return hex.EncodeToString(h.Sum(nil)[:12])
}

// thing finds what can be reported and taken down, and is up by itself and with
// its channel.
func (s *Service) thing(ctx context.Context, r store.Reader, kind, target string) (id, channelID string, err error) {
	var down bool
	switch kind {
	case store.KindChannel:
		c, err := s.Channel(ctx, target)
		if err != nil {
			return "", "", err
		}
		return c.ID, c.ID, takenDown(!c.TakenDownAt.IsZero())
	case store.KindRecording:
		b, err := r.Broadcast(ctx, target)
		if err != nil {
			return "", "", refuse(err, store.ErrNotFound, ErrUnknownBroadcast)
		}
		id, channelID, down = b.ID, b.ChannelID, !b.TakenDownAt.IsZero()
	case store.KindClip:
		k, err := r.Clip(ctx, target)
		if err == nil && !k.RemovedAt.IsZero() {
			err = ErrUnknownClip
		}
		if err != nil {
			return "", "", refuse(err, store.ErrNotFound, ErrUnknownClip)
		}
		id, channelID, down = k.ID, k.ChannelID, !k.TakenDownAt.IsZero()
	default:
		return "", "", ErrBadReport
	}
	return id, channelID, takenDown(down)
}

func takenDown(down bool) error {
	if down {
		return ErrTakenDown
	}
	return nil
}

// RequireModerator returns nil when the actor may do what moderators of the site
// do.
func (a Actor) RequireModerator() error { return a.require(RoleModerator, ScopeModerate) }

// Reports lists the reports that nobody has decided on, newest first, at most
// limit from a cursor on. It is for moderators.
func (s *Service) Reports(ctx context.Context, a Actor, cursor string, limit int) (rs []Report, next string, err error) {
	if err := a.RequireModerator(); err != nil {
		return nil, "", err
	}
	limit = max(limit, 1)
	rs, err = s.db.OpenReports(ctx, cursor, limit+1)
	if err != nil || len(rs) <= limit {
		return rs, "", err
	}
	return rs[:limit], rs[limit-1].ID, nil
}

// Dismiss decides that nothing follows from a report, or returns
// ErrUnknownReport. It is for moderators.
func (s *Service) Dismiss(ctx context.Context, a Actor, id string) error {
	if err := a.RequireModerator(); err != nil {
		return err
	}
	r, err := s.db.Report(ctx, id)
	if err != nil {
		return refuse(err, store.ErrNotFound, ErrUnknownReport)
	}
	err = s.db.Write(ctx, func(tx *store.Tx) error {
		if err := tx.DismissReport(ctx, id, a.name(), s.stamp()); err != nil {
			return err
		}
		return s.note(ctx, tx, a, "report.dismiss", "channel/"+r.ChannelName, r.Kind+" "+r.TargetID+": "+r.Reason)
	})
	if errors.Is(err, store.ErrNotFound) {
		return ErrUnknownReport
	}
	return err
}
