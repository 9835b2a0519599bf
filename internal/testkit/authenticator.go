package testkit

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"encoding/json"
	"testing"

	"github.com/fxamacker/cbor/v2"
)

// Authenticator is a passkey on a device: it answers as a browser that has it
// does (Web Authentication 6 and 7), by ES256 and without attestation. Its
// fields may be changed to make it lie.
type Authenticator struct {
	Origin   string // of the page that asks
	Host     string // whose passkey it is made for, from the options when empty
	Counter  uint32 // grows with each use, unless it is Synced
	Synced   bool   // its counter stays 0, and it says that it can be on many devices
	Verifies bool   // it asks for a fingerprint
	Absent   bool   // nobody touched it

	ID     []byte
	User   []byte // the handle that it was given
	key    *ecdsa.PrivateKey
	signer *ecdsa.PrivateKey // another one than it shows, when it lies
}

// NewAuthenticator makes one without a passkey.
func NewAuthenticator(origin string) *Authenticator {
	return &Authenticator{Origin: origin, Verifies: true}
}

// Forge has it sign with another key than it showed.
func (a *Authenticator) Forge(t testing.TB) { a.signer = newKey(t) }

// CreationOptions is as much as it reads of PublicKeyCredentialCreationOptionsJSON.
type CreationOptions struct {
	Challenge string
	RP        struct{ ID, Name string }
	User      struct{ ID, Name string }
	Exclude   []struct{ ID string } `json:"excludeCredentials"`
	Selection struct {
		ResidentKey      string
		UserVerification string
	} `json:"authenticatorSelection"`
	Attestation string
	Timeout     int
}

// RequestOptions is as much as it reads of PublicKeyCredentialRequestOptionsJSON.
type RequestOptions struct {
	Challenge        string
	RPID             string `json:"rpId"`
	UserVerification string
	Allow            []struct{ ID string } `json:"allowCredentials"`
}

// Make makes a passkey, and returns a RegistrationResponseJSON.
func (a *Authenticator) Make(t testing.TB, options []byte) string {
	t.Helper()
	var o CreationOptions
	if err := json.Unmarshal(options, &o); err != nil {
		t.Fatal(err)
	}
	a.key, a.ID = newKey(t), randomBytes(16)
	a.User = decode64(t, o.User.ID)
	if a.Host == "" {
		a.Host = o.RP.ID
	}
	point, err := a.key.PublicKey.Bytes()
	if err != nil {
		t.Fatal(err)
	}
	// COSE (RFC 9053 7.1): an EC2 key of ES256 on P-256.
	public := encodeCBOR(t, map[int]any{1: 2, 3: -7, -1: 1, -2: point[1:33], -3: point[33:]})
	data := a.data(0x40)
	data = append(data, make([]byte, 16)...) // AAGUID: nobody's
	data = binary.BigEndian.AppendUint16(data, uint16(len(a.ID)))
	data = append(append(data, a.ID...), public...)
	object := encodeCBOR(t, map[string]any{"fmt": "none", "attStmt": map[string]any{}, "authData": data})
	return a.answer(t, map[string]any{
		"clientDataJSON": base64.RawURLEncoding.EncodeToString(a.client(t, "webauthn.create", o.Challenge)), "attestationObject": base64.RawURLEncoding.EncodeToString(object),
		"transports": []string{"internal"},
	})
}

// Sign signs somebody in, and returns an AuthenticationResponseJSON.
func (a *Authenticator) Sign(t testing.TB, options []byte) string {
	t.Helper()
	var o RequestOptions
	if err := json.Unmarshal(options, &o); err != nil {
		t.Fatal(err)
	}
	if !a.Synced {
		a.Counter++
	}
	client, data := a.client(t, "webauthn.get", o.Challenge), a.data(0)
	hash := sha256.Sum256(client)
	sum := sha256.Sum256(append(data[:len(data):len(data)], hash[:]...))
	key := a.key
	if a.signer != nil {
		key = a.signer
	}
	signature, err := ecdsa.SignASN1(rand.Reader, key, sum[:])
	if err != nil {
		t.Fatal(err)
	}
	return a.answer(t, map[string]any{
		"clientDataJSON": base64.RawURLEncoding.EncodeToString(client), "authenticatorData": base64.RawURLEncoding.EncodeToString(data),
		"signature": base64.RawURLEncoding.EncodeToString(signature), "userHandle": base64.RawURLEncoding.EncodeToString(a.User),
	})
}

// data is the authenticator's data (6.1) up to the counter.
func (a *Authenticator) data(flags byte) []byte {
	if !a.Absent {
		flags |= 0x01
	}
	if a.Verifies {
		flags |= 0x04
	}
	if a.Synced {
		flags |= 0x08 | 0x10
	}
	host := sha256.Sum256([]byte(a.Host))
	return binary.BigEndian.AppendUint32(append(host[:], flags), a.Counter)
}

func (a *Authenticator) client(t testing.TB, kind, challenge string) []byte {
	t.Helper()
	b, err := json.Marshal(map[string]any{"type": kind, "challenge": challenge, "origin": a.Origin, "crossOrigin": false})
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func (a *Authenticator) answer(t testing.TB, response map[string]any) string {
	t.Helper()
	id := base64.RawURLEncoding.EncodeToString(a.ID)
	b, err := json.Marshal(map[string]any{
		"id": id, "rawId": id, "type": "public-key", "authenticatorAttachment": "platform", "response": response,
		"clientExtensionResults": map[string]any{"credProps": map[string]any{"rk": true}}, // as managers of passwords say unasked
	})
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

func newKey(t testing.TB) *ecdsa.PrivateKey {
	t.Helper()
	k, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	return k
}

func encodeCBOR(t testing.TB, v any) []byte {
	t.Helper()
	mode, err := cbor.CTAP2EncOptions().EncMode()
	if err != nil {
		t.Fatal(err)
	}
	b, err := mode.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func randomBytes(n int) []byte {
	b := make([]byte, n)
	_, _ = rand.Read(b)
	return b
}

func decode64(t testing.TB, text string) []byte {
	t.Helper()
	b, err := base64.RawURLEncoding.DecodeString(text)
	if err != nil {
		t.Fatal(err)
	}
	return b
}
