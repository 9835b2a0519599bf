package app

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

func TestAddress(t *testing.T) {
	var got string
	for _, good := range []string{":8080", "127.0.0.1:80", "[::1]:443", "localhost:0", "stream.example.org:65535"} {
		require.NoError(t, address{to: &got}.Set(good), good)
		require.Equal(t, good, got)
	}
	for _, bad := range []string{"", "8080", "host", ":http", ":65536", ":-1", "::1:80", "a b:80", "http://x:80", "u@h:80", "off"} {
		require.Error(t, address{to: &got}.Set(bad), bad)
	}
	require.NoError(t, address{to: &got, mayBeOff: true}.Set("off"))
	require.Empty(t, got)
}

func TestSpan(t *testing.T) {
	var got time.Duration
	v := span{to: &got, min: time.Second, max: time.Minute}
	require.NoError(t, v.Set("1m"))
	require.Equal(t, time.Minute, got)
	for text, want := range map[string]string{
		"2":      `"2" has no unit: write 2s or 2ms`,
		"999ms":  "999ms is too short: duration, 1s to 1m",
		"1m1s":   "1m1s is too long: duration, 1s to 1m",
		"-5s":    "-5s is too short: duration, 1s to 1m",
		"soon":   `"soon" is not a duration like 200ms, 2s or 1m30s`,
		"1e300h": `"1e300h" is not a duration like 200ms, 2s or 1m30s`,
	} {
		require.EqualError(t, v.Set(text), want)
	}
	require.Equal(t, time.Minute, got, "a bad text changes nothing")
}

func TestReach(t *testing.T) {
	got := time.Duration(1)
	v := reach{span{to: &got, min: time.Second, max: time.Minute}}
	require.NoError(t, v.Set("all"))
	require.Zero(t, got)
	require.NoError(t, v.Set("30s"))
	require.Equal(t, 30*time.Second, got)
	require.EqualError(t, v.Set("2m"), "2m is too long: duration, 1s to 1m")
	require.Error(t, v.Set("0"))
	require.Equal(t, "duration, 1s to 1m, or all", v.Form())
}

func TestShort(t *testing.T) {
	for d, want := range map[time.Duration]string{
		0: "0s", 200 * time.Millisecond: "200ms", 10 * time.Second: "10s", time.Minute: "1m",
		90 * time.Second: "1m30s", time.Hour: "1h", 10 * time.Minute: "10m", 3601 * time.Second: "1h0m1s",
	} {
		require.Equal(t, want, short(d))
	}
}

func TestToggle(t *testing.T) {
	var got bool
	for _, on := range []string{"on", "true", "Yes"} {
		got = false
		require.NoError(t, toggle{&got}.Set(on))
		require.True(t, got)
	}
	for _, off := range []string{"off", "FALSE", "no"} {
		got = true
		require.NoError(t, toggle{&got}.Set(off))
		require.False(t, got)
	}
	require.EqualError(t, toggle{&got}.Set("maybe"), `"maybe" is neither on nor off`)
}

func TestShare(t *testing.T) {
	for text, want := range map[string]Share{
		"0":      {},
		"5%":     {Percent: 5},
		"256MB":  {Bytes: 256_000_000},
		"256 mb": {Bytes: 256_000_000},
		"2GiB":   {Bytes: 2 << 30},
		"1TB":    {Bytes: 1e12},
		"17B":    {Bytes: 17},
	} {
		var got Share
		require.NoError(t, share{&got}.Set(text), text)
		require.Equal(t, want, got)
	}
	for text, want := range map[string]string{
		"":           `"" is not a size like 256MB, 20GB or 2GiB`,
		"100%":       `"100%" is not a whole percentage between 0% and 99%`,
		"1.5%":       `"1.5%" is not a whole percentage between 0% and 99%`,
		"10":         `"10" has no unit: write 10MB or 10GB`,
		"-1GB":       `"-1GB" is not a size like 256MB, 20GB or 2GiB`,
		"9999999TiB": "the size is larger than any disk",
	} {
		require.EqualError(t, share{new(Share)}.Set(text), want)
	}
}

func TestShareOf(t *testing.T) {
	require.EqualValues(t, 50, Share{Percent: 5}.Of(1000))
	require.EqualValues(t, 7, Share{Bytes: 7}.Of(1000))
	require.Zero(t, Share{}.Of(1000))
	require.Greater(t, Share{Percent: 99}.Of(1<<63), uint64(1<<62), "no overflow")
}
