package webhook

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"os"
	"strconv"
	"strings"
	"syscall"
	"time"
	"unicode"

	"github.com/rostrumlive/rostrum/internal/outbox"
	"github.com/rostrumlive/rostrum/internal/outward"
	"github.com/rostrumlive/rostrum/internal/store"
)

// maxAnswer is how much is read and kept of an answer, in bytes.
const maxAnswer = 1 << 10

// send tries once to deliver, and tells what came of it. It takes no longer than
// timeout.
func (s *Service) send(ctx context.Context, w store.Webhook, d store.WebhookDelivery, now time.Time) store.Attempt {
	began := time.Now()
	a := store.Attempt{At: now}
	err := s.post(ctx, w, d, &a)
	a.Took = time.Since(began)
	switch {
	case err != nil:
		a.Code, a.Detail, a.Error = explain(err)
	case a.Status < 200 || a.Status > 299:
		a.Code, a.Error = refused(a.Status)
	}
	return a
}

func (s *Service) post(ctx context.Context, w store.Webhook, d store.WebhookDelivery, a *store.Attempt) error {
	message, err := outbox.Message(d, s.o.Site)
	if err != nil {
		return err
	}
	req, err := request(ctx, w, message, a.At)
	if err != nil {
		return err
	}
	req.Header.Set("User-Agent", "Rostrum-Webhooks/"+s.o.Version)
	res, err := s.clientFor(w).Do(req)
	if err != nil {
		return err
	}
	defer res.Body.Close()
	// The status has decided; an answer that does not end costs nothing more.
	read, _ := io.ReadAll(io.LimitReader(res.Body, maxAnswer))
	a.Status, a.Answer = res.StatusCode, legible(read)
	a.Wait = waitOf(res, a.Answer)
	return nil
}

// legible makes what a stranger answered fit to be kept and shown.
func legible(b []byte) string {
	return strings.Map(func(r rune) rune {
		if r == '\n' || r == '\t' || unicode.IsPrint(r) && r != unicode.ReplacementChar {
			return r
		}
		return -1
	}, strings.ToValidUTF8(string(b), ""))
}

// The codes of why a try did not arrive. They are stable: pages have words for
// them.
const (
	failRedirect    = "redirect"
	failGone        = "gone"
	failStatus      = "status"
	failPrivate     = "private_address" // with the address
	failCertificate = "certificate"     // with what is wrong with it
	failTimeout     = "timeout"         // with how many seconds were waited
	failName        = "name_not_found"
	failRefused     = "connection_refused"
	failClosed      = "connection_closed"
	failOther       = "unreachable" // with what the system says
)

// refused says what a status that is no success means.
func refused(status int) (code, sentence string) {
	switch {
	case status >= 300 && status < 400:
		return failRedirect, fmt.Sprintf("It answered with a redirect (%d), which is not followed. Give the address that it leads to.", status)
	case status == http.StatusGone:
		return failGone, "It answered 410: it wants no more events."
	}
	return failStatus, fmt.Sprintf("It answered %d %s.", status, http.StatusText(status))
}

// explain says in a sentence why there was no answer. The address is left out:
// its path may be a secret.
func explain(err error) (code, detail, sentence string) {
	var wrapped *url.Error
	if errors.As(err, &wrapped) {
		err = wrapped.Err
	}
	var blocked *outward.BlockedError
	var dns *net.DNSError
	var unverified *tls.CertificateVerificationError
	var timed net.Error
	switch {
	case errors.As(err, &blocked):
		return failPrivate, blocked.Addr.String(), "Not called: " + blocked.Error() + "."
	case errors.As(err, &unverified):
		return failCertificate, unverified.Err.Error(), "Its certificate cannot be trusted: " + unverified.Err.Error() + "."
	case errors.Is(err, os.ErrDeadlineExceeded), errors.Is(err, context.DeadlineExceeded), errors.As(err, &timed) && timed.Timeout():
		seconds := strconv.Itoa(int(timeout.Seconds()))
		return failTimeout, seconds, "It did not answer within " + seconds + " seconds."
	case errors.As(err, &dns):
		return failName, "", "Its name cannot be found."
	case errors.Is(err, syscall.ECONNREFUSED):
		return failRefused, "", "It refused the connection."
	case errors.Is(err, io.EOF), errors.Is(err, io.ErrUnexpectedEOF), errors.Is(err, syscall.ECONNRESET):
		return failClosed, "", "It closed the connection without an answer."
	}
	return failOther, err.Error(), "It could not be called: " + err.Error() + "."
}
