package app

import (
	"bytes"
	"io"
	"os"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/rostrumlive/rostrum/internal/chat"
	"github.com/rostrumlive/rostrum/internal/picture"
	"github.com/rostrumlive/rostrum/internal/testkit"
)

// Emotes that move become files that browsers play and that can be made still.
func TestEmotesGoOnMoving(t *testing.T) {
	animate := newAnimate(testkit.Tool(t, "ffmpeg"))
	for _, name := range []string{"moving.png", "opaque.webp", "alpha.webp"} {
		sent, err := os.ReadFile("../picture/testdata/" + name)
		require.NoError(t, err)
		before, err := picture.Play(sent, chat.EmoteSide)
		require.NoError(t, err)
		made, err := animate(t.Context(), before)
		require.NoError(t, err, name)
		require.True(t, picture.Moves(made), name)
		after, err := picture.Play(made, chat.EmoteSide)
		require.NoError(t, err, name)
		require.Equal(t, [2]int{before.Width, before.Height}, [2]int{after.Width, after.Height}, name)
		for _, m := range []*picture.Motion{before, after} {
			b, err := io.ReadAll(m.RGBA())
			require.NoError(t, err)
			size := 4 * m.Width * m.Height
			require.NotEqual(t, b[:size], b[len(b)-size:], "%s: it moves", name)
		}
		_, err = chat.Still(bytes.NewReader(made))
		require.NoError(t, err, name)
	}
	require.Nil(t, newAnimate("/nowhere/ffmpeg"), "without ffmpeg they stand still")
}
