package testkit

import (
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"encoding/binary"
	"encoding/json"
	"encoding/pem"
	"fmt"
	"io"
	"math/big"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"
)

// Pebble is an authority of ACME that is made for tests: Let's Encrypt's.
type Pebble struct {
	Directory string // its address
	Root      string // file with whom to trust of it
	Roots     string // address of the root of the certificates that it gives
}

// pebbleVersion is what is built, with the machine's Go, where it is not there.
const pebbleVersion = "v2.10.3"

// StartPebble runs one that comes to these ports of the loopback for proof.
func StartPebble(t testing.TB, httpAddr, tlsAddr string) *Pebble {
	t.Helper()
	cache, err := os.UserCacheDir()
	if err != nil {
		cache = os.TempDir()
	}
	folder := filepath.Join(cache, "rostrum-testkit", "pebble-"+pebbleVersion)
	binary := filepath.Join(folder, "pebble")
	if _, err := os.Stat(binary); err != nil {
		cmd := exec.CommandContext(t.Context(), Tool(t, "go"), "install", "github.com/letsencrypt/pebble/v2/cmd/pebble@"+pebbleVersion)
		cmd.Dir, cmd.Env = os.TempDir(), append(os.Environ(), "GOBIN="+folder, "GOFLAGS=")
		if out, err := cmd.CombinedOutput(); err != nil {
			t.Fatalf("this test needs pebble, which cannot be built: %v\n%s", err, out)
		}
	}
	dir := t.TempDir()
	cert, key, root := selfSigned(t, dir)
	addrs := FreePorts(t, 2)
	config, err := json.Marshal(map[string]any{"pebble": map[string]any{
		"listenAddress": addrs[0], "managementListenAddress": addrs[1], "certificate": cert, "privateKey": key,
		"httpPort": port(httpAddr), "tlsPort": port(tlsAddr), "retryAfter": map[string]int{"authz": 1, "order": 1},
	}})
	if err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(dir, "pebble.json")
	if err := os.WriteFile(path, config, 0o600); err != nil {
		t.Fatal(err)
	}
	Start(t, Command{Path: binary, Args: []string{"-config", path, "-dnsserver", everythingIsHere(t)}, Env: []string{"PEBBLE_VA_NOSLEEP=1", "PEBBLE_WFE_NONCEREJECT=0"}})
	p := &Pebble{Directory: "https://" + strings.Replace(addrs[0], "127.0.0.1", "localhost", 1) + "/dir", Root: root, Roots: "https://" + addrs[1] + "/roots/0"}
	Eventually(t, 30*time.Second, func(ctx context.Context) error {
		nc, err := (&net.Dialer{}).DialContext(ctx, "tcp", addrs[0])
		if err != nil {
			return err
		}
		return nc.Close()
	})
	return p
}

func port(addr string) int {
	var n int
	_, text, _ := net.SplitHostPort(addr)
	_, _ = fmt.Sscan(text, &n)
	return n
}

// selfSigned writes a certificate for localhost and its key.
func selfSigned(t testing.TB, dir string) (cert, key, root string) {
	t.Helper()
	k, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	about := &x509.Certificate{
		SerialNumber: big.NewInt(1), NotAfter: time.Now().Add(time.Hour), DNSNames: []string{"localhost"}, IsCA: true, BasicConstraintsValid: true,
	}
	der, err := x509.CreateCertificate(rand.Reader, about, about, k.Public(), k)
	if err != nil {
		t.Fatal(err)
	}
	pkcs8, err := x509.MarshalPKCS8PrivateKey(k)
	if err != nil {
		t.Fatal(err)
	}
	cert, key = filepath.Join(dir, "cert.pem"), filepath.Join(dir, "key.pem")
	for path, block := range map[string]*pem.Block{cert: {Type: "CERTIFICATE", Bytes: der}, key: {Type: "PRIVATE KEY", Bytes: pkcs8}} {
		if err := os.WriteFile(path, pem.EncodeToMemory(block), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return cert, key, cert
}

// everythingIsHere runs a name server that says 127.0.0.1 to whatever is asked for
// an address, and knows nothing else, by TCP as Pebble asks. It returns its address.
func everythingIsHere(t testing.TB) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	var serving sync.WaitGroup
	serving.Go(func() {
		for {
			nc, err := l.Accept()
			if err != nil {
				return
			}
			_ = nc.SetDeadline(time.Now().Add(5 * time.Second))
			if question, err := readQuestion(nc); err == nil {
				answer := hereAnswer(question)
				_, _ = nc.Write(append(binary.BigEndian.AppendUint16(nil, uint16(len(answer))), answer...))
			}
			_ = nc.Close()
		}
	})
	t.Cleanup(func() {
		_ = l.Close()
		serving.Wait()
	})
	return l.Addr().String()
}

// readQuestion reads a message up to the end of its first question (RFC 1035 4.1,
// 4.2.2).
func readQuestion(r io.Reader) ([]byte, error) {
	var size [2]byte
	if _, err := io.ReadFull(r, size[:]); err != nil {
		return nil, err
	}
	b := make([]byte, binary.BigEndian.Uint16(size[:]))
	if _, err := io.ReadFull(r, b); err != nil {
		return nil, err
	}
	end := dnsHeader
	for end < len(b) && b[end] != 0 {
		end += int(b[end]) + 1
	}
	if end += 5; end > len(b) {
		return nil, io.ErrUnexpectedEOF
	}
	return b[:end], nil
}

const (
	dnsHeader = 12
	dnsTypeA  = 1
)

func hereAnswer(question []byte) []byte {
	answer := append([]byte(nil), question...)
	answer[2], answer[3] = 0x85, 0x80
	copy(answer[6:dnsHeader], make([]byte, 6))
	if question[len(question)-3] != dnsTypeA {
		return answer
	}
	answer[7] = 1
	return append(answer, 0xc0, dnsHeader, 0, dnsTypeA, 0, 1, 0, 0, 0, 0, 0, 4, 127, 0, 0, 1)
}
