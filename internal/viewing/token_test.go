package viewing

import (
	"bytes"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

const anID = "0123456789abcdefghjk"

func grants() []Grant {
	of, _ := pack(anID)
	session, _ := pack("mnpqrstvwxyz01234567")
	return []Grant{
		{id: 1, run: 2, issued: 3, of: of},
		{id: 1<<64 - 1, run: 1<<32 - 1, issued: 1<<32 - 1, of: of, recorded: true, password: mark{1, 2, 3, 4, 5, 6, 7, 8}},
		{id: 77, issued: 1_800_000_000, of: of, signedIn: true, session: session},
		{id: 78, issued: 1_800_000_000, of: of, recorded: true, signedIn: true, session: session},
	}
}

func TestTokenSaysWhatWasGranted(t *testing.T) {
	s := newSigner([]byte("key"))
	for _, g := range grants() {
		token := s.token(g)
		require.Len(t, token, tokenLength)
		require.Regexp(t, regexp.MustCompile(`^[A-Za-z0-9_-]+$`), token, "nothing that a player would escape")
		got, ok := s.read(token)
		require.True(t, ok)
		require.Equal(t, g, got)
		_, ok = newSigner([]byte("another key")).read(token)
		require.False(t, ok)
	}
}

// Every character counts, the last two bits of the last one too.
func TestTokenThatWasTouched(t *testing.T) {
	s := newSigner([]byte("key"))
	token := s.token(grants()[2])
	for i := range token {
		for _, c := range "AZaz09-_=+/~. \x00" {
			touched := token[:i] + string(c) + token[i+1:]
			if touched == token {
				continue
			}
			_, ok := s.read(touched)
			require.False(t, ok, touched)
		}
	}
	for _, bad := range []string{"", token[1:], token + "A", token[:78], token[:78] + "\n", strings.Repeat("A", 79), strings.Repeat("A", 1<<20)} {
		_, ok := s.read(bad)
		require.False(t, ok)
	}
}

// A person's tokens have nothing in common that tells whose they are.
func TestTokenHidesTheSession(t *testing.T) {
	s := newSigner([]byte("key"))
	a, b := grants()[2], grants()[2]
	b.id++
	raw := func(g Grant) []byte {
		b, err := encoding.DecodeString(s.token(g))
		require.NoError(t, err)
		return b
	}
	for i := range 10 { // of 13 bytes some may be the same by chance
		require.False(t, bytes.Equal(raw(a)[30+i:34+i], raw(b)[30+i:34+i]))
		require.False(t, bytes.Equal(raw(a)[30+i:34+i], a.session[i:i+4]))
	}
}

func TestPack(t *testing.T) {
	p, ok := pack(anID)
	require.True(t, ok)
	require.Equal(t, anID, p.String())
	for _, bad := range []string{"", anID[1:], anID + "0", strings.ToUpper(anID), "0123456789abcdefghi0", "0123456789abcdefgh\r\n", strings.Repeat("x", 1<<16)} {
		_, ok := pack(bad)
		require.False(t, ok, bad)
	}
	for _, id := range []string{strings.Repeat("0", 20), strings.Repeat("z", 20)} {
		p, ok := pack(id)
		require.True(t, ok)
		require.Equal(t, id, p.String())
	}
}

// FuzzToken: nothing that we did not sign is taken, and what is taken is
// written the same way again.
func FuzzToken(f *testing.F) {
	s := newSigner([]byte("key"))
	for _, g := range grants() {
		f.Add(s.token(g))
	}
	f.Add("")
	f.Add(strings.Repeat("A", tokenLength))
	f.Fuzz(func(t *testing.T, token string) {
		g, ok := s.read(token)
		if ok {
			require.Equal(t, token, s.token(g))
		} else {
			require.Equal(t, Grant{}, g)
		}
		p, ok := pack(token)
		if ok {
			require.Equal(t, token, p.String())
		}
	})
}

func BenchmarkRead(b *testing.B) {
	s := newSigner([]byte("key"))
	token := s.token(grants()[0])
	b.ReportAllocs()
	for b.Loop() {
		if _, ok := s.read(token); !ok {
			b.Fatal("refused")
		}
	}
}
