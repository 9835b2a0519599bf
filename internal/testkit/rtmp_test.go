package testkit

import (
	"context"
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

func TestEncoderFeedsFFmpeg(t *testing.T) {
	clip := Clip{Seconds: 2}.Path(t)
	kept := filepath.Join(t.TempDir(), "kept.flv")
	addr := FreePorts(t, 1)[0]
	server := StartFFmpeg(t, "-listen", "1", "-i", "rtmp://"+addr+"/live/name", "-c", "copy", kept)

	var e *Encoder
	Eventually(t, browserLimit, func(ctx context.Context) (err error) {
		e, err = DialEncoder(ctx, addr, "live", "name")
		return err
	})
	tags := ReadTags(t, clip)
	require.True(t, tags[0].Header())
	require.NoError(t, e.Play(t.Context(), time.Now().Add(-time.Hour), tags))
	require.NoError(t, e.Stop())
	require.Zero(t, server.Wait(t, browserLimit))
	for _, kind := range []string{"v", "a"} {
		sent, got := Packets(t, clip, kind), Packets(t, kept, kind)
		require.Len(t, got, len(sent))
		for i := range sent {
			require.Equal(t, sent[i].Hash, got[i].Hash)
		}
	}
}

func TestReadTags(t *testing.T) {
	keys, pictures, sounds, headers := 0, 0, 0, 0
	for _, tag := range ReadTags(t, Clip{}.Path(t)) {
		switch {
		case tag.Header():
			headers++
		case tag.Key():
			keys++
			pictures++
		case tag.Video():
			pictures++
		case tag.Audio():
			sounds++
		}
	}
	require.Equal(t, []int{3, 180, 3}, []int{keys, pictures, headers})
	require.Equal(t, len(Packets(t, Clip{}.Path(t), "a")), sounds)

	_, err := parseTags([]byte("FLV\x01\x05\x00\x00\x00\x09\x00\x00\x00\x00\x09\xff\xff\xff"))
	require.Error(t, err)
}
