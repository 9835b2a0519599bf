package crowd

import (
	"testing"

	"github.com/stretchr/testify/require"
)

const (
	head = "#EXTM3U\n#EXT-X-MEDIA-SEQUENCE:7\n#EXT-X-MAP:URI=\"init.mp4\"\n" +
		"#EXTINF:2.0,\nseg7.m4s\n#EXT-X-PART:DURATION=0.2,URI=\"part1.m4s\",INDEPENDENT=YES\n#EXTINF:2.0,\nseg8.m4s\n"
	open = "#EXT-X-PART:DURATION=0.2,URI=\"part2.m4s\"\n#EXT-X-PART:URI=\"part3.m4s\",DURATION=0.1\n#EXT-X-PRELOAD-HINT:TYPE=PART,URI=\"part4.m4s\"\n"
)

func TestNext(t *testing.T) {
	for list, want := range map[string]position{
		head:                                  {9, 0},
		head + open:                           {9, 2},
		"#EXTM3U\n#EXT-X-MEDIA-SEQUENCE:0\n":  {0, 0},
		"#EXTM3U\n#EXT-X-MEDIA-SEQUENCE:12\r": {12, 0},
	} {
		p, err := next([]byte(list))
		require.NoError(t, err)
		require.Equal(t, want, p)
	}
	for _, bad := range []string{"", "<html>", "#EXTM3U\n#EXT-X-MEDIA-SEQUENCE:x\n", head + "#EXT-X-ENDLIST\n"} {
		_, err := next([]byte(bad))
		require.Error(t, err, "%q", bad)
	}
}

func TestWhatIsNewInAList(t *testing.T) {
	for _, c := range []struct {
		last string
		want []string
	}{
		{"", []string{"seg8.m4s"}},
		{"seg7.m4s", []string{"seg8.m4s"}},
		{"seg8.m4s", nil},
	} {
		got, err := segmentsAfter([]byte(head+open), c.last)
		require.NoError(t, err)
		require.Equal(t, c.want, got)
	}
	for _, c := range []struct {
		last string
		want []string
	}{
		{"", []string{"part3.m4s"}},
		{"part3.m4s", nil},
		{"part1.m4s", []string{"part2.m4s", "part3.m4s"}},
	} {
		got, err := partsAfter([]byte(head+open), c.last)
		require.NoError(t, err)
		require.Equal(t, c.want, got)
	}
	_, err := segmentsAfter([]byte(head), "seg6.m4s")
	require.ErrorContains(t, err, "left the list")
	_, err = partsAfter([]byte(head+open), "part0.m4s")
	require.ErrorContains(t, err, "left the list")
	_, err = partsAfter([]byte("#EXTM3U\n#EXT-X-PART:DURATION=1\n"), "")
	require.ErrorContains(t, err, "without an address")
}

func TestFolder(t *testing.T) {
	f := folderOf("/live/c/b1/video/source.m3u8")
	require.Equal(t, "/media/b1/video/source/seg1.m4s", f.path("../../../../media/b1/video/source/seg1.m4s"))
	require.Equal(t, "/live/c/b1/video/a.ts", f.path("a.ts"))
	require.Equal(t, "/a.ts", f.path("/a.ts"))
	require.Equal(t, "/a.ts", folderOf("/list.m3u8").path("a.ts"))
}
