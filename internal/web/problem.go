package web

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"sync"

	"github.com/danielgtaylor/huma/v2"

	"github.com/rostrumlive/rostrum/internal/account"
	"github.com/rostrumlive/rostrum/internal/chat"
	"github.com/rostrumlive/rostrum/internal/notify"
	"github.com/rostrumlive/rostrum/internal/store"
	"github.com/rostrumlive/rostrum/internal/webhook"
)

// Problem is an error as the API tells it (RFC 9457): a code for programs and a
// sentence for people.
type Problem struct {
	Title  string              `json:"title" doc:"The status in words."`
	Status int                 `json:"status"`
	Code   string              `json:"code" doc:"Short and stable, such as wrong_password."`
	Detail string              `json:"detail" doc:"A sentence for people."`
	Errors []*huma.ErrorDetail `json:"errors,omitempty" doc:"What in the request is wrong, each with its place."`

	header http.Header
}

func (p *Problem) Error() string { return p.Detail }

// GetStatus implements huma.StatusError.
func (p *Problem) GetStatus() int { return p.Status }

// GetHeaders implements huma.HeadersError.
func (p *Problem) GetHeaders() http.Header { return p.header }

// ContentType implements huma.ContentTypeFilter.
func (p *Problem) ContentType(string) string { return "application/problem+json" }

// The codes of what no room says.
const (
	codeInvalid  = "invalid"
	codeNotFound = "not_found"
	codeInternal = "internal"
	codeMethod   = "method_not_allowed"
	codeForeign  = "cross_origin"
	codeNoMail   = "no_mail"
)

// newProblem makes one of what huma finds wrong in a request.
func newProblem(status int, detail string, errs ...error) huma.StatusError {
	p := &Problem{Status: status, Title: http.StatusText(status), Detail: sentence(detail), Code: codeInvalid}
	switch status {
	case http.StatusNotFound:
		p.Code = codeNotFound
	case http.StatusInternalServerError:
		p.Code = codeInternal
	case http.StatusGone:
		p.Code = account.ErrTakenDown.Code
	}
	for _, err := range errs {
		if d, ok := err.(huma.ErrorDetailer); ok {
			// The value is left out: it may be a password.
			p.Errors = append(p.Errors, &huma.ErrorDetail{Message: d.ErrorDetail().Message, Location: d.ErrorDetail().Location})
		}
	}
	return p
}

// ownProblems has huma make our problems.
var ownProblems = sync.OnceFunc(func() { huma.NewError = newProblem })

// sentence makes one of a reason that begins in lower case and has no stop.
func sentence(reason string) string {
	if reason == "" {
		return ""
	}
	first := reason[0]
	if 'a' <= first && first <= 'z' {
		first -= 'a' - 'A'
	}
	reason = string(first) + reason[1:]
	if last := reason[len(reason)-1]; last != '.' && last != '?' && last != '!' {
		reason += "."
	}
	return reason
}

// statuses are those of refusals that are no 400.
var statuses = map[string]int{
	account.ErrSignIn.Code:            http.StatusUnauthorized,
	account.ErrSignInFailed.Code:      http.StatusForbidden,
	account.ErrWrongPassword.Code:     http.StatusForbidden,
	account.ErrForbidden.Code:         http.StatusForbidden,
	account.ErrPasskeyFailed.Code:     http.StatusForbidden,
	account.ErrCopiedPasskey.Code:     http.StatusForbidden,
	account.ErrUnknownPasskey.Code:    http.StatusNotFound,
	account.ErrTooManyPasskeys.Code:   http.StatusConflict,
	account.ErrUnknownIdentity.Code:   http.StatusForbidden,
	account.ErrNotLinked.Code:         http.StatusNotFound,
	account.ErrIdentityTaken.Code:     http.StatusConflict,
	account.ErrTooManyIdentities.Code: http.StatusConflict,
	account.ErrLastWayIn.Code:         http.StatusConflict,
	account.ErrSignInAgain.Code:       http.StatusForbidden,
	account.ErrScope.Code:             http.StatusForbidden,
	account.ErrDisabled.Code:          http.StatusForbidden,
	account.ErrSignUpClosed.Code:      http.StatusForbidden,
	account.ErrBadInvitation.Code:     http.StatusForbidden,
	account.ErrBadSetupToken.Code:     http.StatusForbidden,
	account.ErrBadReset.Code:          http.StatusForbidden,
	account.ErrNoEmail.Code:           http.StatusConflict,
	account.ErrConfirmed.Code:         http.StatusConflict,
	account.ErrTooManyLetters.Code:    http.StatusTooManyRequests,
	account.ErrBadConfirmation.Code:   http.StatusForbidden,
	account.ErrLateConfirmation.Code:  http.StatusForbidden,
	account.ErrUsedConfirmation.Code:  http.StatusConflict,
	account.ErrUnknownChannel.Code:    http.StatusNotFound,
	account.ErrUnknownBroadcast.Code:  http.StatusNotFound,
	account.ErrUnknownClip.Code:       http.StatusNotFound,
	account.ErrNotRecorded.Code:       http.StatusConflict,
	account.ErrOnAir.Code:             http.StatusConflict,
	account.ErrNoClips.Code:           http.StatusForbidden,
	account.ErrUnknownKey.Code:        http.StatusNotFound,
	account.ErrUnknownUser.Code:       http.StatusNotFound,
	account.ErrUnknownMember.Code:     http.StatusNotFound,
	account.ErrUnknownSession.Code:    http.StatusNotFound,
	account.ErrUnknownToken.Code:      http.StatusNotFound,
	account.ErrUnknownInvitation.Code: http.StatusNotFound,
	account.ErrNameTaken.Code:         http.StatusConflict,
	account.ErrUserTaken.Code:         http.StatusConflict,
	account.ErrEmailTaken.Code:        http.StatusConflict,
	account.ErrSetupDone.Code:         http.StatusConflict,
	account.ErrLastAdmin.Code:         http.StatusConflict,
	account.ErrLastOwner.Code:         http.StatusConflict,
	account.ErrRevokedKey.Code:        http.StatusConflict,
	account.ErrTooManyKeys.Code:       http.StatusConflict,
	account.ErrTooManyTokens.Code:     http.StatusConflict,
	account.ErrTooManyMembers.Code:    http.StatusConflict,
	account.ErrTooManyChannels.Code:   http.StatusConflict,
	account.ErrTakenDown.Code:         http.StatusGone,
	account.ErrBanned.Code:            http.StatusConflict,
	account.ErrOffAir.Code:            http.StatusConflict,
	account.ErrTooLate.Code:           http.StatusConflict,
	account.ErrUnknownReport.Code:     http.StatusNotFound,
	account.ErrUnknownTakedown.Code:   http.StatusNotFound,
	account.ErrTooManyReports.Code:    http.StatusServiceUnavailable,
	account.ErrChanged.Code:           http.StatusPreconditionFailed,
	account.ErrTooManyAttempts.Code:   http.StatusTooManyRequests,
	account.ErrBlocked.Code:           http.StatusForbidden,
	account.ErrNotFollowing.Code:      http.StatusNotFound,
	account.ErrTooManyFollowed.Code:   http.StatusConflict,
	account.ErrCannotBlock.Code:       http.StatusConflict,
	account.ErrNotBlocked.Code:        http.StatusNotFound,
	account.ErrTooManyBlocked.Code:    http.StatusConflict,

	notify.ErrUnknownSubscription.Code: http.StatusNotFound,
	notify.ErrBadLink.Code:             http.StatusNotFound,

	webhook.ErrUnknown.Code:         http.StatusNotFound,
	webhook.ErrUnknownDelivery.Code: http.StatusNotFound,
	webhook.ErrTooMany.Code:         http.StatusConflict,
	webhook.ErrNotSigned.Code:       http.StatusConflict,
	webhook.ErrDisabled.Code:        http.StatusConflict,

	chat.ErrUnknownLine.Code:        http.StatusNotFound,
	chat.ErrUnknownRestriction.Code: http.StatusNotFound,
	chat.ErrUnknownEmote.Code:       http.StatusNotFound,
	chat.ErrNoPoll.Code:             http.StatusNotFound,
	chat.ErrPollEnded.Code:          http.StatusConflict,
	chat.ErrAppealed.Code:           http.StatusConflict,
	chat.ErrEmoteTaken.Code:         http.StatusConflict,
	chat.ErrTooManyEmotes.Code:      http.StatusConflict,
}

// retryAfter is how long who tried too often is asked to wait, in seconds.
const retryAfter = "30"

// problem turns an error into the answer that a program and a person can use.
func (s *Server) problem(err error) error {
	var known *account.Error
	var made *Problem
	switch {
	case errors.As(err, &made):
		return made
	case errors.As(err, &known):
		status, ok := statuses[known.Code]
		if !ok {
			status = http.StatusBadRequest
		}
		p := &Problem{Status: status, Title: http.StatusText(status), Code: known.Code, Detail: sentence(known.Reason)}
		if status == http.StatusTooManyRequests {
			p.header = http.Header{"Retry-After": {retryAfter}}
		}
		return p
	case errors.Is(err, store.ErrNotFound):
		return newProblem(http.StatusNotFound, "There is no such broadcast.")
	case errors.Is(err, context.Canceled):
		return err
	}
	s.log.Error("api", "error", err)
	return newProblem(http.StatusInternalServerError, "Something went wrong on the server. Its log says what.")
}

// fail writes a problem where huma does not.
func fail(w http.ResponseWriter, p *Problem) {
	p.Title = http.StatusText(p.Status)
	w.Header().Set("Content-Type", p.ContentType(""))
	w.Header().Set("Cache-Control", "no-store")
	w.WriteHeader(p.Status)
	_ = json.NewEncoder(w).Encode(p) // the client has gone
}
