package rtmp

import (
	"context"
	"crypto/md5"
	"encoding/base64"
	"errors"
	"net/netip"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/rostrumlive/rostrum/internal/live"
	"github.com/rostrumlive/rostrum/internal/testkit"
)

// door knows one user, alice.
type door struct{ trouble error }

const password = "live_s3cret+/=&?"

func (door) LoginSalt() string { return "salt" }

func (d door) Login(_ context.Context, user string, proves func(string) bool) (live.Login, error) {
	if d.trouble != nil {
		return live.Login{}, d.trouble
	}
	if user != "alice" || !proves(hashed("alice"+"salt"+password)) {
		return live.Login{}, &live.Refusal{Code: "login_failed", Reason: "That is not alice."}
	}
	return live.Login{Channel: "alice", Key: "k1"}, nil
}

// hashed is how both sides hash, written apart from the code under test.
func hashed(s string) string {
	sum := md5.Sum([]byte(s))
	return base64.StdEncoding.EncodeToString(sum[:])
}

func connectTo(app, tcURL string) []byte {
	return command(3, 0, 128, str("connect"), num(1), obj("app", str(app), "flashVer", str("FMLE/3.0"), "tcUrl", str(tcURL)))
}

// knock connects with arguments at the end of an address, and returns what the
// server answers: its description when it refuses, else "".
func knock(t *testing.T, s *running, app, arguments string) (*client, string) {
	t.Helper()
	c := dial(t, s.addr)
	c.shake()
	c.send(connectTo(app+arguments, "rtmp://127.0.0.1/"+app+arguments))
	all := c.until("the answer to connect", func(r reply) bool { return r.name() == "_result" || r.name() == "_error" })
	answer := all[len(all)-1]
	require.Equal(t, 1.0, answer.values[1], "the transaction")
	if answer.name() == "_result" {
		return c, ""
	}
	require.Equal(t, "error", answer.info("level"))
	require.Equal(t, "NetConnection.Connect.Rejected", answer.info("code"))
	drainSocket(t, c.nc)
	_ = c.nc.Close() // as encoders do, so that the server need not linger
	text, _ := answer.info("description").(string)
	return nil, text
}

var question = regexp.MustCompile(`\[ authmod=adobe \] : \?reason=needauth&user=([^&]+)&salt=([^&]+)&challenge=([^&]+)&opaque=([^&]+)$`)

// answerTo makes the arguments of a third connect. ours is what is hashed of
// the server's question: its challenge or its opaque text.
func answerTo(user, salt, ours, password string) string {
	response := hashed(hashed(user+salt+password) + ours + "1a2b3c4d")
	return "?authmod=adobe&user=" + user + "&challenge=1a2b3c4d&response=" + response
}

func TestLogin(t *testing.T) {
	for _, app := range []string{"auth", "auth/more", "live"} {
		for _, echo := range []string{"", "&opaque=", "&opaque=what+was+sent"} {
			g := newGate()
			s := start(t, Options{Gate: g, Logins: door{}})
			_, asked := knock(t, s, app, "")
			if app == "live" {
				require.Empty(t, asked, "nobody else is asked")
			} else {
				require.Equal(t, "[ AccessManager.Reject ] : [ code=403 need auth; authmod=adobe ] : ", asked)
			}
			_, text := knock(t, s, app, "?authmod=adobe&user=Alice")
			q := question.FindStringSubmatch(text)
			require.NotNil(t, q, text)
			require.Equal(t, []string{"alice", "salt"}, q[1:3])
			require.Equal(t, q[3], q[4], "whichever an encoder takes")
			require.Less(t, len(text), 200, "ffmpeg takes 300 bytes")

			c, refused := knock(t, s, app, answerTo(q[1], q[2], q[4], password)+echo)
			require.Empty(t, refused)
			c.send(prepare(3, 128, "any"), publish(4, 128, "any"))
			require.Equal(t, "NetStream.Publish.Start", c.status().info("code"))
			req := receive(t, g.asked, "the gate to be asked")
			require.Equal(t, &live.Login{Channel: "alice", Key: "k1"}, req.Login)
			require.Equal(t, app, req.App)
			require.Equal(t, "any", req.Name)
			require.Empty(t, req.Query, "what was proved is not handed on")
			require.NotContains(t, s.log.String(), "1a2b3c4d")
			require.NotContains(t, strings.ToLower(s.log.String()), "alice", "a user may type a key into the field")
		}
	}
}

func TestLoginFails(t *testing.T) {
	g := newGate()
	s := start(t, Options{Gate: g, Logins: door{}})
	_, text := knock(t, s, "auth", "?authmod=adobe&user=alice")
	q := question.FindStringSubmatch(text)
	require.NotNil(t, q, text)
	const failed = "[ AccessManager.Reject ] : [ authmod=adobe ] : ?reason=authfailed"
	for about, arguments := range map[string]string{
		"wrong password":         answerTo("alice", "salt", q[4], "other"),
		"unknown user":           answerTo("bob", "salt", q[4], password),
		"a challenge of its own": answerTo("alice", "salt", "abc", password),
		"no challenge":           answerTo("alice", "salt", "", password),
		"a name that is none":    "?authmod=adobe&user=a%26b",
		"no name":                "?authmod=adobe",
		"a long name":            "?authmod=adobe&user=" + strings.Repeat("x", 65),
	} {
		_, text := knock(t, s, "auth", arguments)
		require.Equal(t, failed, text, about)
	}
	eventually(t, s.says("That is not alice."))
	require.EqualValues(t, 7, s.Stats().Refused)

	_, text = knock(t, s, "auth", "?authmod=llnw&user=alice")
	require.NotContains(t, text, "need auth", "which would make it try for ever")
	eventually(t, s.says("authmod=llnw"))
	require.Empty(t, g.asked)
}

func TestLoginInTroubleIsNotTold(t *testing.T) {
	s := start(t, Options{Gate: newGate(), Logins: door{trouble: errors.New("the database is on fire")}})
	_, text := knock(t, s, "auth", answerTo("alice", "salt", "x", password))
	require.NotContains(t, text, "fire")
	eventually(t, s.says("level=ERROR"))
	eventually(t, s.says("on fire"))
}

func TestWithoutLoginsNobodyIsAsked(t *testing.T) {
	s := start(t, Options{Gate: newGate()})
	_, refused := knock(t, s, "auth", "")
	require.Empty(t, refused)
}

// TestAChallengeIsGoodForAMinuteAndOneAddress: an answer is worth nothing
// later, from elsewhere, for another user or to another process.
func TestAChallengeIsGoodForAMinuteAndOneAddress(t *testing.T) {
	now := time.Date(2026, 11, 25, 0, 0, 29, 0, time.UTC)
	here, there := netip.MustParseAddr("192.0.2.1"), netip.MustParseAddr("192.0.2.2")
	c := newChallenger()
	c.now = func() time.Time { return now }
	given := c.challenge("alice", here)
	answer := credentials{user: "alice", challenge: "cc", response: hashed("verifier" + given + "cc")}
	good := func(c *challenger, from netip.Addr) bool { return c.judge(answer, from)("verifier") }

	require.True(t, good(&c, here))
	require.False(t, c.judge(answer, here)("another"))
	require.False(t, good(&c, there))
	other := newChallenger()
	other.now = c.now
	require.False(t, good(&other, here))
	answer.user = "bob"
	require.False(t, good(&c, here))
	answer.user = "alice"

	now = now.Add(30 * time.Second)
	require.True(t, good(&c, here))
	require.NotEqual(t, given, c.challenge("alice", here))
	now = now.Add(30 * time.Second)
	require.False(t, good(&c, here), "after a minute")
}

func TestCutCredentials(t *testing.T) {
	for _, tc := range []struct {
		in, rest string
		want     credentials
		ok       bool
	}{
		{in: "live", rest: "live"},
		{in: "authmod=adobe", rest: "authmod=adobe"},
		{in: "live?noauthmod=adobe", rest: "live?noauthmod=adobe"},
		{in: "?authmod=adobe&user=a", want: credentials{mode: "adobe", user: "a"}, ok: true},
		{in: "live?k=v?authmod=adobe&user=a", rest: "live?k=v", want: credentials{mode: "adobe", user: "a"}, ok: true},
		{in: "live?k=v&authmod=llnw", rest: "live?k=v", want: credentials{mode: "llnw"}, ok: true},
		{
			in: "rtmp://h/a?authmod=adobe&user=A%2Db&challenge=x==&response=+/y==&opaque=z", rest: "rtmp://h/a",
			want: credentials{"adobe", "a-b", "x==", "+/y=="}, ok: true,
		},
		{
			in:   "a?authmod=adobe&user=a&challenge=rOH4Qw==\xac\xbfCR\x07=\x08pc2&response=pc2WQZ/Msd45xDEml8uXlA==c\x13\xbb",
			rest: "a", want: credentials{"adobe", "a", "rOH4Qw==", "pc2WQZ/Msd45xDEml8uXlA=="}, ok: true,
		},
		{in: "a?authmod=adobe&challenge=0badcafe\x00x", rest: "a", want: credentials{mode: "adobe", challenge: "0badcafe"}, ok: true},
	} {
		rest, got, ok := cutCredentials(tc.in)
		require.Equal(t, tc.ok, ok, tc.in)
		require.Equal(t, tc.rest, rest)
		require.Equal(t, tc.want, got)
	}
}

func TestFFmpegLogsIn(t *testing.T) {
	g := newGate()
	s := start(t, Options{Gate: g, Logins: simple{}})
	clip := testkit.Clip{Seconds: 4}.Path(t)
	testkit.FFmpeg(t, patience, fast(clip, "rtmp://alice:sesame@"+s.addr+"/auth/anything")...)
	req := receive(t, g.asked, "the gate to be asked")
	require.Equal(t, &live.Login{Channel: "alice", Key: "k1"}, req.Login)
	require.Equal(t, live.Stopped, receive(t, g.ends, "the end").end)

	p := testkit.StartFFmpeg(t, fast(clip, "rtmp://alice:wrong@"+s.addr+"/auth/anything")...)
	require.NotZero(t, p.Wait(t, patience))
	require.Contains(t, p.Log(), "Incorrect username/password")
	p = testkit.StartFFmpeg(t, fast(clip, "rtmp://"+s.addr+"/auth/anything")...)
	require.NotZero(t, p.Wait(t, patience))
	require.Contains(t, p.Log(), "No credentials set")
}

// simple is door with a password that can stand in an address.
type simple struct{ door }

func (simple) Login(_ context.Context, user string, proves func(string) bool) (live.Login, error) {
	if user != "alice" || !proves(hashed("alice"+"salt"+"sesame")) {
		return live.Login{}, &live.Refusal{Code: "login_failed", Reason: "That is not alice."}
	}
	return live.Login{Channel: "alice", Key: "k1"}, nil
}
