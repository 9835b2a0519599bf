// Package passkey holds the ceremonies of WebAuthn: a passkey is made, or signs
// somebody in. It keeps the challenges, each for a few minutes and for one
// answer, and checks what an authenticator answers. It must not know sessions,
// nor where passkeys are kept.
package passkey

import (
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"net/netip"
	"net/url"
	"strings"
	"time"

	"github.com/go-webauthn/webauthn/protocol"
	"github.com/go-webauthn/webauthn/webauthn"

	"github.com/rostrumlive/rostrum/internal/ticket"
)

const (
	// lasts is how long somebody may take to answer.
	lasts = 5 * time.Minute
	// mostChallenges bounds how many wait for their answers; the oldest makes room.
	mostChallenges = 10_000
)

// What callers branch on.
var (
	// ErrNoSite: the address of the site is not one that browsers make passkeys
	// for.
	ErrNoSite = errors.New("no passkeys for this address")
	// ErrRefused: the answer is not to be believed, or comes too late.
	ErrRefused = errors.New("the passkey is refused")
	// ErrCopied: the passkey counts its uses, and has missed some.
	ErrCopied = errors.New("the passkey may have been copied")
)

// Site is whom a passkey is for.
type Site struct {
	Origin string // such as https://example.org
	Name   string // for people
}

// Usable reports whether browsers make passkeys for the site: it has a name,
// and is reached by HTTPS or on the browser's own machine (Web Authentication
// 5.1.3, Secure Contexts 3.1).
func (s Site) Usable() bool { return s.host() != "" }

// host is the site's name, empty when it cannot have passkeys.
func (s Site) host() string {
	u, err := url.Parse(s.Origin)
	if err != nil {
		return ""
	}
	host := strings.ToLower(u.Hostname())
	local := host == "localhost" || strings.HasSuffix(host, ".localhost")
	if _, err := netip.ParseAddr(host); err == nil || u.Scheme != "https" && !local {
		return ""
	}
	return host
}

// party makes the library's idea of a site. It is cheap.
func (s Site) party() (*webauthn.WebAuthn, error) {
	if !s.Usable() {
		return nil, ErrNoSite
	}
	limit := webauthn.TimeoutConfig{Enforce: true, Timeout: lasts, TimeoutUVD: lasts}
	return webauthn.New(&webauthn.Config{
		RPID: s.host(), RPDisplayName: s.Name, RPOrigins: []string{s.Origin},
		AttestationPreference:  protocol.PreferNoAttestation, // who made it tells us nothing that we use
		AuthenticatorSelection: protocol.AuthenticatorSelection{ResidentKey: protocol.ResidentKeyRequirementRequired, UserVerification: protocol.VerificationPreferred},
		Timeouts:               webauthn.TimeoutsConfig{Login: limit, Registration: limit},
		// Managers of passwords answer what they were not asked.
		ExtensionsUnsolicitedOutputPolicy: protocol.UnsolicitedOutputPolicyIgnore,
	})
}

// User is whose a passkey is.
type User struct {
	ID          string // opaque: authenticators keep it
	Name        string
	DisplayName string
	Keys        []Key // that the user has
}

// Key is a passkey as it is kept.
type Key struct {
	Credential string // the credential's id, base64url
	Data       string // JSON: the public key, the counter, flags
}

// Ceremonies remembers the challenges. Its methods may be called by any number
// of goroutines.
type Ceremonies struct {
	making, signing *ticket.Desk[begun]
}

// begun is a ceremony that waits for its answer.
type begun struct {
	site    Site
	by      string // who may finish it
	session webauthn.SessionData
}

// New makes Ceremonies.
func New() *Ceremonies {
	return &Ceremonies{making: ticket.NewDesk[begun](lasts, mostChallenges), signing: ticket.NewDesk[begun](lasts, mostChallenges)}
}

// BeginMaking returns what a browser is to make a passkey of, as
// PublicKeyCredentialCreationOptionsJSON. by must be the same at the end. It
// fails with ErrNoSite.
func (c *Ceremonies) BeginMaking(s Site, u User, by string) (options json.RawMessage, err error) {
	party, err := s.party()
	if err != nil {
		return nil, err
	}
	person, err := personOf(u)
	if err != nil {
		return nil, err
	}
	creation, session, err := party.BeginRegistration(person, webauthn.WithExclusions(webauthn.Credentials(person.keys).CredentialDescriptors()))
	if err != nil {
		return nil, fmt.Errorf("begin to make a passkey: %w", err)
	}
	c.making.Keep(session.Challenge, begun{s, by, *session})
	return json.Marshal(creation.Response)
}

// FinishMaking returns the passkey that a browser made, from its
// RegistrationResponseJSON. It fails with ErrRefused.
func (c *Ceremonies) FinishMaking(u User, by string, response []byte) (Key, error) {
	answer, err := protocol.ParseCredentialCreationResponseBytes(response)
	if err != nil {
		return Key{}, refused(err)
	}
	b, ok := c.making.Take(answer.Response.CollectedClientData.Challenge)
	if !ok || b.by != by {
		return Key{}, fmt.Errorf("%w: nobody waits for it", ErrRefused)
	}
	party, err := b.site.party()
	if err != nil {
		return Key{}, err
	}
	person, err := personOf(u)
	if err != nil {
		return Key{}, err
	}
	made, err := party.CreateCredential(person, b.session, answer)
	if err != nil {
		return Key{}, refused(err)
	}
	made.Attestation = webauthn.CredentialAttestation{} // it was checked, and is nothing that anybody asks for later
	return keyOf(*made)
}

// BeginSignIn returns what a browser is to have signed, as
// PublicKeyCredentialRequestOptionsJSON. It fails with ErrNoSite.
func (c *Ceremonies) BeginSignIn(s Site) (options json.RawMessage, err error) {
	party, err := s.party()
	if err != nil {
		return nil, err
	}
	assertion, session, err := party.BeginDiscoverableLogin()
	if err != nil {
		return nil, fmt.Errorf("begin a sign-in by passkey: %w", err)
	}
	c.signing.Keep(session.Challenge, begun{s, "", *session})
	return json.Marshal(assertion.Response)
}

// FinishSignIn returns who signed, and the passkey as it is to be kept from now
// on, from a browser's AuthenticationResponseJSON. find returns whose passkey a
// credential is, and its errors come through. Else it fails with ErrRefused or
// ErrCopied.
func (c *Ceremonies) FinishSignIn(response []byte, find func(credential string) (User, error)) (User, Key, error) {
	answer, err := protocol.ParseCredentialRequestResponseBytes(response)
	if err != nil {
		return User{}, Key{}, refused(err)
	}
	b, ok := c.signing.Take(answer.Response.CollectedClientData.Challenge)
	if !ok {
		return User{}, Key{}, fmt.Errorf("%w: nobody waits for it", ErrRefused)
	}
	party, err := b.site.party()
	if err != nil {
		return User{}, Key{}, err
	}
	var u User
	var missing error
	_, used, err := party.ValidatePasskeyLogin(func(credential, handle []byte) (webauthn.User, error) {
		if u, missing = find(encode(credential)); missing != nil {
			return nil, missing
		}
		if string(handle) != u.ID {
			return nil, errors.New("it is another user's")
		}
		return personOf(u)
	}, b.session, answer)
	switch {
	case missing != nil:
		return User{}, Key{}, missing
	case err != nil:
		return User{}, Key{}, refused(err)
	case used.Authenticator.CloneWarning:
		return u, Key{Credential: encode(used.ID)}, ErrCopied
	}
	k, err := keyOf(*used)
	return u, k, err
}

func refused(err error) error {
	var told *protocol.Error
	if errors.As(err, &told) && told.DevInfo != "" {
		return fmt.Errorf("%w: %w: %s", ErrRefused, err, told.DevInfo)
	}
	return fmt.Errorf("%w: %w", ErrRefused, err)
}

func encode(credential []byte) string { return base64.RawURLEncoding.EncodeToString(credential) }

func keyOf(c webauthn.Credential) (Key, error) {
	data, err := json.Marshal(c)
	if err != nil {
		return Key{}, fmt.Errorf("write passkey: %w", err)
	}
	return Key{Credential: encode(c.ID), Data: string(data)}, nil
}

// person is a user as the library wants one.
type person struct {
	User
	keys []webauthn.Credential
}

func personOf(u User) (*person, error) {
	p := &person{User: u}
	for _, k := range u.Keys {
		var c webauthn.Credential
		if err := json.Unmarshal([]byte(k.Data), &c); err != nil {
			return nil, fmt.Errorf("read passkey: %w", err)
		}
		p.keys = append(p.keys, c)
	}
	return p, nil
}

// WebAuthnID implements webauthn.User.
func (p *person) WebAuthnID() []byte { return []byte(p.ID) }

// WebAuthnName implements webauthn.User.
func (p *person) WebAuthnName() string { return p.Name }

// WebAuthnDisplayName implements webauthn.User.
func (p *person) WebAuthnDisplayName() string { return p.DisplayName }

// WebAuthnCredentials implements webauthn.User.
func (p *person) WebAuthnCredentials() []webauthn.Credential { return p.keys }
