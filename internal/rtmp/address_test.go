package rtmp

import (
	"net/url"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/stretchr/testify/require"

	"github.com/rostrumlive/rostrum/internal/live"
)

func TestParseAddress(t *testing.T) {
	query := func(pairs ...string) url.Values {
		v := url.Values{}
		for i := 0; i < len(pairs); i += 2 {
			v.Add(pairs[i], pairs[i+1])
		}
		return v
	}
	cases := []struct {
		about            string
		tcURL, app, name string
		wantApp          string
		wantName         string
		wantQuery        url.Values
	}{
		{"OBS", "rtmp://h:1935/live", "live", "key", "live", "key", query()},
		{"any app name", "rtmp://h/stream2", "stream2", "key", "stream2", "key", query()},
		{"empty app", "rtmp://h", "", "key", "", "key", query()},
		{"empty app with a slash", "rtmp://h/", "", "key", "", "key", query()},
		{"app in tcUrl alone", "rtmp://h/live", "", "key", "live", "key", query()},
		{"app alone", "", "live", "key", "live", "key", query()},
		{"app with an instance", "rtmp://h/app/inst", "app/inst", "key", "app/inst", "key", query()},
		{"whole address in OBS's server field", "rtmp://h/live/key", "live/key", "", "live", "key", query()},
		{"the same, with an argument", "rtmp://h/live/chan?key=s", "live/chan?key=s", "", "live", "chan", query("key", "s")},
		{"whole address in tcUrl, app cut", "rtmp://h/live/key", "live", "", "live", "key", query()},
		{"whole address in tcUrl and a name", "rtmp://h/live/key", "", "key", "live", "key", query()},
		{"name that only ends like the app", "rtmp://h/monkey", "", "key", "monkey", "key", query()},
		{"name repeated as the only part", "rtmp://h/key", "", "key", "", "key", query()},
		{"whole address in the name", "rtmp://h", "", "rtmp://h/live/key?a=1", "live", "key", query("a", "1")},
		{"one part and no name", "rtmps://h/key", "key", "", "", "key", query()},
		{"nothing", "rtmp://h", "", "", "", "", query()},
		{"no address at all", "", "", "", "", "", query()},
		{"trailing slash of the server", "rtmp://h/live/", "live/", "key", "live", "key", query()},
		{"double slashes", "rtmp://h//live//", "/live//", "//key", "live", "key", query()},
		{"double slashes and no name", "rtmp://h//live//key//", "/live//key//", "", "live", "key", query()},
		{"key with slashes", "rtmp://h/live", "live", "a/b//c", "live", "a/b//c", query()},
		{"channel and key", "rtmp://h/live", "live", "chan?key=s3cret", "live", "chan", query("key", "s3cret")},
		{"many arguments", "rtmp://h/live", "live", "k?a=1&b=2&a=3", "live", "k", query("a", "1", "b", "2", "a", "3")},
		{"arguments of the app", "rtmp://h/live?t=1", "live?t=1", "k?a=2", "live", "k", query("t", "1", "a", "2")},
		{"the name's argument before the app's", "rtmp://h/live?t=1", "live?t=1", "k?t=2", "live", "k", query("t", "2", "t", "1")},
		{"arguments of tcUrl alone", "rtmp://h/live?t=1", "live", "k", "live", "k", query("t", "1")},
		{"arguments of a bare host", "rtmp://h?t=1", "", "k", "", "k", query("t", "1")},
		{"argument with slashes, ? and =", "rtmp://h/live", "live", "k?u=a/b?c=d", "live", "k", query("u", "a/b?c=d")},
		{"argument without a value", "rtmp://h/live", "live", "k?now&x=", "live", "k", query("now", "", "x", "")},
		{"empty query", "rtmp://h/live", "live", "k?", "live", "k", query()},
		{"escapes", "rtmp://h/my%20app", "my%20app", "a%2Fb%3F?k=%26%3D", "my app", "a/b?", query("k", "&=")},
		{"broken escapes", "rtmp://h/live", "live", "100%?p=50%25%", "live", "100%", query("p", "50%25%")},
		{"plus stays plus", "rtmp://h/live", "live", "a+b?sig=c+d==", "live", "a+b", query("sig", "c+d==")},
		{"IPv6", "rtmp://[::1]:1935/live", "live", "key", "live", "key", query()},
		{"upper case scheme", "RTMP://H/live/key", "", "", "live", "key", query()},
		{"scheme of another protocol", "http://h/other", "live", "key", "live", "key", query()},
		{"app written as an address", "", "rtmp://h/live", "key", "live", "key", query()},
	}
	for _, tc := range cases {
		t.Run(tc.about, func(t *testing.T) {
			want := live.Request{App: tc.wantApp, Name: tc.wantName, Query: tc.wantQuery}
			got := parseAddress(tc.tcURL, tc.app, tc.name)
			if diff := cmp.Diff(want.Query, got.Query); diff != "" {
				t.Errorf("query (-want +got):\n%s", diff)
			}
			require.Equal(t, want.Name, got.Name, "name")
			require.Equal(t, want.App, got.App, "app")
		})
	}
}

func FuzzParseAddress(f *testing.F) {
	f.Add("rtmp://h/live", "live", "key?a=b")
	f.Add("rtmp://h//a%2/b?x", "a//b?", "/")
	f.Add("rtmp://?", "?=&&", "%%%")
	f.Fuzz(func(t *testing.T, tcURL, app, name string) {
		req := parseAddress(tcURL, app, name)
		sum := 0
		for k, vs := range req.Query {
			for _, v := range vs {
				sum += len(k) + len(v)
			}
		}
		in := len(tcURL) + len(app) + len(name)
		require.LessOrEqual(t, len(req.App)+len(req.Name), in)
		require.LessOrEqual(t, sum, in, "arguments hold more than was sent")
		require.LessOrEqual(t, len(req.Query), 3*maxArguments)
	})
}
