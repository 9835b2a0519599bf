package account

import (
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"strings"
)

const (
	// secretLength characters of five random bits each make 130 bits: with that
	// much to guess, a plain SHA-256 keeps a secret safe in a stolen database,
	// and the time that a look-up by hash takes tells nothing.
	secretLength   = 26
	secretAlphabet = "0123456789abcdefghjkmnpqrstvwxyz" // Crockford's base32
	hintLength     = 4
)

// newSecret makes a secret behind a prefix, by which people and scanners of
// leaked secrets know it when they see one.
func newSecret(prefix string) string {
	var b [secretLength]byte
	_, _ = rand.Read(b[:]) // never fails: the program ends when there is no randomness
	for i, v := range b {
		b[i] = secretAlphabet[v%32] // 256 is a multiple of 32: no character is likelier
	}
	return prefix + string(b[:])
}

// isSecret reports whether s has the form of a secret with that prefix.
func isSecret(s, prefix string) bool {
	body, ok := strings.CutPrefix(s, prefix)
	return ok && len(body) == secretLength && strings.Trim(body, secretAlphabet) == ""
}

func hashSecret(plain string) string {
	sum := sha256.Sum256([]byte(plain))
	return hex.EncodeToString(sum[:])
}

func hintOf(plain string) string { return plain[len(plain)-hintLength:] }
