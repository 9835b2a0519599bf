package notify

import (
	"crypto/aes"
	"crypto/cipher"
	"crypto/ecdh"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/hkdf"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"encoding/json"
	"io"
	"math/big"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// browser has the keys of a push subscription (RFC 8291 2).
type browser struct {
	private *ecdh.PrivateKey
	auth    []byte
}

func newBrowser(t testing.TB) *browser {
	t.Helper()
	k, err := ecdh.P256().GenerateKey(rand.Reader)
	require.NoError(t, err)
	return &browser{k, randomBytes(authBytes)}
}

func (b *browser) p256dh() string {
	return base64.RawURLEncoding.EncodeToString(b.private.PublicKey().Bytes())
}

func (b *browser) secret() string { return base64.RawURLEncoding.EncodeToString(b.auth) }

// open decrypts what a push service was sent, written from RFC 8188 and RFC 8291
// and from no library.
func (b *browser) open(t testing.TB, body []byte) message {
	t.Helper()
	require.Greater(t, len(body), 21)
	require.LessOrEqual(t, len(body), 4096, "what a push service has to take (RFC 8030 7.2)")
	salt, size, idLen := body[:16], binary.BigEndian.Uint32(body[16:20]), int(body[20])
	require.Equal(t, 65, idLen, "the sender's public key")
	sender, record := body[21:21+idLen], body[21+idLen:]
	require.LessOrEqual(t, len(record), int(size), "one record")
	public, err := ecdh.P256().NewPublicKey(sender)
	require.NoError(t, err)
	shared, err := b.private.ECDH(public)
	require.NoError(t, err)

	info := "WebPush: info\x00" + string(b.private.PublicKey().Bytes()) + string(sender)
	ikm, err := hkdf.Key(sha256.New, shared, b.auth, info, 32)
	require.NoError(t, err)
	key, err := hkdf.Key(sha256.New, ikm, salt, "Content-Encoding: aes128gcm\x00", 16)
	require.NoError(t, err)
	nonce, err := hkdf.Key(sha256.New, ikm, salt, "Content-Encoding: nonce\x00", 12)
	require.NoError(t, err)
	block, err := aes.NewCipher(key)
	require.NoError(t, err)
	gcm, err := cipher.NewGCM(block)
	require.NoError(t, err)
	plain, err := gcm.Open(nil, nonce, record, nil)
	require.NoError(t, err)
	text := strings.TrimRight(string(plain), "\x00")
	require.True(t, strings.HasSuffix(text, "\x02"), "the last record")
	var m message
	require.NoError(t, json.Unmarshal([]byte(strings.TrimSuffix(text, "\x02")), &m))
	return m
}

// pushed is a request as the push service saw it.
type pushed struct {
	path   string
	header http.Header
	body   []byte
}

// pushService takes messages, and answers as it is told.
type pushService struct {
	*httptest.Server
	answer func(w http.ResponseWriter, r *http.Request)

	mu  sync.Mutex
	got []pushed
}

func newPushService(t testing.TB) *pushService {
	p := &pushService{answer: func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusCreated) }}
	p.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		p.mu.Lock()
		p.got = append(p.got, pushed{r.URL.Path, r.Header, body})
		answer := p.answer
		p.mu.Unlock()
		answer(w, r)
	}))
	t.Cleanup(p.Close)
	return p
}

func (p *pushService) answers(status int, header ...string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.answer = func(w http.ResponseWriter, _ *http.Request) {
		for i := 0; i < len(header); i += 2 {
			w.Header().Set(header[i], header[i+1])
		}
		w.WriteHeader(status)
	}
}

// all is what was sent since it was asked last.
func (p *pushService) all() []pushed {
	p.mu.Lock()
	defer p.mu.Unlock()
	got := p.got
	p.got = nil
	return got
}

// requireVAPID checks what proves to a push service whose message it is (RFC
// 8292), by the key that the site announces.
func requireVAPID(t testing.TB, header http.Header, announced, audience, contact string) {
	t.Helper()
	scheme, rest, _ := strings.Cut(header.Get("Authorization"), " ")
	require.Equal(t, "vapid", scheme)
	parts := map[string]string{}
	for part := range strings.SplitSeq(rest, ",") {
		name, value, _ := strings.Cut(strings.TrimSpace(part), "=")
		parts[name] = value
	}
	require.Equal(t, announced, parts["k"])
	point, err := base64.RawURLEncoding.DecodeString(parts["k"])
	require.NoError(t, err)
	key, err := ecdsa.ParseUncompressedPublicKey(elliptic.P256(), point)
	require.NoError(t, err)

	jwt := strings.Split(parts["t"], ".")
	require.Len(t, jwt, 3)
	decode := func(text string) []byte {
		b, err := base64.RawURLEncoding.DecodeString(text)
		require.NoError(t, err)
		return b
	}
	var head struct{ Alg, Typ string }
	require.NoError(t, json.Unmarshal(decode(jwt[0]), &head))
	require.Equal(t, "ES256", head.Alg)
	signature := decode(jwt[2])
	require.Len(t, signature, 64)
	sum := sha256.Sum256([]byte(jwt[0] + "." + jwt[1]))
	require.True(t, ecdsa.Verify(key, sum[:], new(big.Int).SetBytes(signature[:32]), new(big.Int).SetBytes(signature[32:])), "signed by the announced key")
	var claims struct {
		Aud, Sub string
		Exp      int64
	}
	require.NoError(t, json.Unmarshal(decode(jwt[1]), &claims))
	require.Equal(t, audience, claims.Aud)
	require.Equal(t, contact, claims.Sub)
	left := time.Until(time.Unix(claims.Exp, 0))
	require.Positive(t, left)
	require.LessOrEqual(t, left, 24*time.Hour, "no longer than RFC 8292 2 allows")
}
