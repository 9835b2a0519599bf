package account

import (
	"context"
	"encoding/base64"
	"fmt"
	"strings"
	"sync/atomic"
	"unicode/utf8"

	"github.com/alexedwards/argon2id"
	"golang.org/x/crypto/argon2"
)

const (
	leastPassword = 8 // characters
	mostPassword  = 1024
	// hashers bounds how many passwords are hashed at one time: each takes
	// hashing.Memory, and a crowd of strangers could take all that there is.
	hashers = 2
)

// hashing is what a password costs: the least that OWASP's Password Storage
// Cheat Sheet names for argon2id, so that a small machine is not stopped by a
// few sign-ins at once.
var hashing = &argon2id.Params{Memory: 19 << 10, Iterations: 2, Parallelism: 1, SaltLength: 16, KeyLength: 32}

// decoy is compared with where there is no user, so that it takes as long. It
// asks for the same work as a real hash, and no password is known to have it.
var decoy = fmt.Sprintf("$argon2id$v=%d$m=%d,t=%d,p=%d$%s$%s", argon2.Version, hashing.Memory, hashing.Iterations, hashing.Parallelism,
	base64.RawStdEncoding.EncodeToString(make([]byte, hashing.SaltLength)), base64.RawStdEncoding.EncodeToString(make([]byte, hashing.KeyLength)))

// passwords hashes and compares, a few at a time.
type passwords struct {
	places chan struct{} // holds one for each hash that may run
	asked  atomic.Int64  // how many hashes were asked for
}

func newPasswords() *passwords {
	return &passwords{places: make(chan struct{}, hashers)}
}

func (p *passwords) enter(ctx context.Context) (leave func(), err error) {
	select {
	case p.places <- struct{}{}:
		return func() { <-p.places }, nil
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}

// hash returns a password in PHC's form.
func (p *passwords) hash(ctx context.Context, plain string) (string, error) {
	p.asked.Add(1)
	leave, err := p.enter(ctx)
	if err != nil {
		return "", err
	}
	defer leave()
	hash, err := argon2id.CreateHash(plain, hashing)
	if err != nil {
		return "", fmt.Errorf("hash password: %w", err)
	}
	return hash, nil
}

// matches reports whether a password is the one of a hash. It takes as long
// for an empty hash, which no password matches.
func (p *passwords) matches(ctx context.Context, plain, hash string) (bool, error) {
	if len(plain) > mostPassword {
		plain = "" // no password is that long, and none is empty
	}
	p.asked.Add(1)
	leave, err := p.enter(ctx)
	if err != nil {
		return false, err
	}
	defer leave()
	real := hash != ""
	if !real {
		hash = decoy
	}
	ok, err := argon2id.ComparePasswordAndHash(plain, hash)
	if err != nil {
		return false, fmt.Errorf("compare password: %w", err)
	}
	return ok && real && plain != "", nil
}

// validPassword returns nil for a password that a user with that name and
// address may have.
func validPassword(plain, name, email string) error {
	n := utf8.RuneCountInString(plain)
	switch {
	case n < leastPassword:
		return &Error{ErrBadPassword.Code, fmt.Sprintf("a password has at least %d characters", leastPassword)}
	case len(plain) > mostPassword || !utf8.ValidString(plain):
		return ErrBadPassword
	case strings.EqualFold(plain, name) || email != "" && strings.EqualFold(plain, email):
		return &Error{ErrBadPassword.Code, "a password cannot be the name or the e-mail address"}
	case strings.Count(plain, plain[:1]) == len(plain):
		return &Error{ErrBadPassword.Code, "a password cannot be one character over and over"}
	}
	return nil
}
