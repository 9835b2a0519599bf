package chat

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"math"
	"regexp"
	"strconv"
	"strings"
	"time"

	"github.com/rostrumlive/rostrum/internal/account"
	"github.com/rostrumlive/rostrum/internal/store"
)

// Span is a part of a broadcast's media time, from its beginning.
type Span struct{ From, To time.Duration }

// Replay lists what was said while a part of a broadcast was on air and stands,
// in the order of its media time, behind a cursor, which is empty at first. next
// goes on, and is empty at the end.
func (s *Service) Replay(ctx context.Context, broadcastID string, part Span, cursor string, limit int) (rows []store.ChatLine, next string, err error) {
	rows, err = s.o.DB.ChatReplay(ctx, broadcastID, part.From, part.To, placeOf(cursor, part.From), limit+1)
	if err != nil || len(rows) <= limit {
		return rows, "", err
	}
	last := rows[limit-1]
	return rows[:limit], strconv.FormatInt(last.Media.Milliseconds(), 10) + "-" + last.ID, nil
}

// placeOf reads a cursor.
func placeOf(cursor string, from time.Duration) store.ChatPlace {
	ms, id, ok := strings.Cut(cursor, "-")
	n, err := strconv.ParseInt(ms, 10, 64)
	if !ok || err != nil || n < 0 || n > 1<<40 {
		return store.ChatPlace{Media: from}
	}
	return store.ChatPlace{Media: time.Duration(n) * time.Millisecond, ID: id}
}

// WriteText writes what was said during a broadcast as text, a line each:
// [h:mm:ss] name: text.
func (s *Service) WriteText(ctx context.Context, w io.Writer, broadcastID string) error {
	b := bufio.NewWriter(w)
	cursor := ""
	for {
		rows, next, err := s.Replay(ctx, broadcastID, Span{0, 1 << 60}, cursor, 500)
		if err != nil {
			return err
		}
		for _, row := range rows {
			l, err := decodeLine(row.Line)
			if err != nil {
				return err
			}
			t := int64(row.Media / time.Second)
			colon := ":"
			if l.Action {
				colon = ""
			}
			if _, err := fmt.Fprintf(b, "[%d:%02d:%02d] %s%s %s\n", t/3600, t/60%60, t%60, l.User.DisplayName, colon, l.Text); err != nil {
				return err
			}
		}
		if next == "" {
			return b.Flush()
		}
		cursor = next
	}
}

// History lists lines of a chat that stand, oldest first, the newest of those
// between two ids.
func (s *Service) History(ctx context.Context, channelID, after, before string, limit int) ([]store.ChatLine, error) {
	return s.o.DB.ChatLines(ctx, channelID, after, before, limit)
}

// ErrBadColor is that a name cannot be coloured so.
var ErrBadColor = &account.Error{Code: "bad_color", Reason: "a colour is #rrggbb, and can be read on a light or on a dark ground"}

var colorForm = regexp.MustCompile(`^#[0-9a-f]{6}$`)

// SetColor chooses how the actor's name is coloured; empty has pages choose.
func (s *Service) SetColor(ctx context.Context, a account.Actor, color string) error {
	if a.User.ID == "" {
		return account.ErrSignIn
	}
	color = strings.ToLower(color)
	if color != "" && (!colorForm.MatchString(color) || !readable(color)) {
		return ErrBadColor
	}
	err := s.o.DB.Write(ctx, func(tx *store.Tx) error { return tx.PutChatColor(ctx, a.User.ID, color) })
	if err == nil {
		s.UserChanged(a.User.ID)
	}
	return err
}

// readable reports whether a colour has the contrast of large text (WCAG 2.2,
// 3 to 1) to white or to a dark ground; every colour has it to one of them.
func readable(color string) bool {
	const white, dark = 1.0, 0.0103 // #16181d
	l := luminance(color)
	return contrast(l, white) >= 3 || contrast(l, dark) >= 3
}

func contrast(a, b float64) float64 { return (max(a, b) + 0.05) / (min(a, b) + 0.05) }

// luminance is WCAG's relative luminance of #rrggbb.
func luminance(color string) float64 {
	var l float64
	for i, weight := range []float64{0.2126, 0.7152, 0.0722} {
		n, err := strconv.ParseUint(color[1+2*i:3+2*i], 16, 8)
		if err != nil {
			return 0
		}
		v := float64(n) / 255
		if v <= 0.04045 {
			v /= 12.92
		} else {
			v = math.Pow((v+0.055)/1.055, 2.4)
		}
		l += weight * v
	}
	return l
}
