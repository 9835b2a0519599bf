package webhook

import (
	"crypto/rand"
	"encoding/base64"
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"time"

	standardwebhooks "github.com/standard-webhooks/standard-webhooks/libraries/go"

	"github.com/rostrumlive/rostrum/internal/store"
)

const (
	// secretPrefix is that of Standard Webhooks: scanners of leaked secrets know it.
	secretPrefix = "whsec_"
	secretBytes  = 32
	// overlap is how long a secret signs beside the one that took its place.
	overlap = 24 * time.Hour
)

func newSecret() string {
	b := make([]byte, secretBytes)
	_, _ = rand.Read(b) // does not fail
	return secretPrefix + base64.StdEncoding.EncodeToString(b)
}

// sign writes the headers of Standard Webhooks: the signature of the secret, and
// for a while after it was rotated that of the one before.
func sign(h http.Header, w store.Webhook, id string, now time.Time, body []byte) error {
	secrets := []string{w.Secret}
	if w.FormerSecret != "" && now.Before(w.FormerUntil) {
		secrets = append(secrets, w.FormerSecret)
	}
	var signatures []string
	for _, secret := range secrets {
		signer, err := standardwebhooks.NewWebhook(secret)
		if err != nil {
			return fmt.Errorf("secret of webhook: %w", err)
		}
		signature, err := signer.Sign(id, now, body)
		if err != nil {
			return fmt.Errorf("sign: %w", err)
		}
		signatures = append(signatures, signature)
	}
	h.Set(standardwebhooks.HeaderWebhookID, id)
	h.Set(standardwebhooks.HeaderWebhookTimestamp, strconv.FormatInt(now.Unix(), 10))
	h.Set(standardwebhooks.HeaderWebhookSignature, strings.Join(signatures, " "))
	return nil
}
