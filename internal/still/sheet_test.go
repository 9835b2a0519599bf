package still

import (
	"fmt"
	"image"
	"image/color"
	"image/draw"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// striped is a picture of stripes that are so much brighter than the rest.
func striped(w, h int, by uint8) image.Image {
	m := image.NewGray(image.Rect(0, 0, w, h))
	for y := 0; y < h; y += 2 {
		draw.Draw(m, image.Rect(0, y, w, y+1), image.NewUniform(color.Gray{by}), image.Point{}, draw.Src)
	}
	return m
}

func TestSheet(t *testing.T) {
	var tiles []tile
	for i := range perSheet + 2 {
		tiles = append(tiles, tile{at: time.Duration(i) * shortStep, picture: striped(20, 10, 200)})
	}
	tiles[1].picture = striped(10, 16, 200) // another shape has its place too
	size := place(tiles)
	require.Equal(t, image.Pt(20, 16), size)
	for n, want := range map[int]image.Point{perSheet: {100, 80}, 2: {40, 16}, 6: {100, 32}} {
		b, err := sheet(tiles[:n], size)
		require.NoError(t, err)
		require.Equal(t, want, picture(t, b).Bounds().Size())
	}
	list := string(storyboard(tiles, size, 140*time.Second))
	require.Equal(t, perSheet+2, strings.Count(list, " --> "))
	require.Contains(t, list, "\n00:00:30.000 --> 00:00:35.000\nstoryboard-0.jpg#xywh=20,16,20,16\n")
	require.Contains(t, list, "\n00:02:05.000 --> 00:02:10.000\nstoryboard-1.jpg#xywh=0,0,20,16\n")
	require.True(t, strings.HasSuffix(list, "\n00:02:10.000 --> 00:02:20.000\nstoryboard-1.jpg#xywh=20,0,20,16\n"), list)
	require.Equal(t, "25:01:02.003", stamp(25*time.Hour+time.Minute+2*time.Second+3*time.Millisecond))
}

// Neither black nor white makes a cover where there is anything else.
func TestBest(t *testing.T) {
	of := func(by ...uint8) (tiles []tile) {
		for _, b := range by {
			tiles = append(tiles, tile{picture: striped(20, 20, b)})
		}
		return tiles
	}
	require.Equal(t, 2, best(of(0, 20, 200, 255)))
	require.Equal(t, 0, best(of(0, 0)))
	white := image.NewGray(image.Rect(0, 0, 20, 20))
	draw.Draw(white, white.Bounds(), image.White, image.Point{}, draw.Src)
	require.Equal(t, 1, best(append([]tile{{picture: white}}, of(40)...)))
	require.Zero(t, contrast(white))
}

func TestSteps(t *testing.T) {
	for length, want := range map[time.Duration]time.Duration{
		time.Second: shortStep, 500 * time.Second: shortStep, 501 * time.Second: longStep, 1000 * time.Second: longStep, 10 * time.Hour: 6 * time.Minute,
	} {
		require.Equal(t, want, stepOf(length), length)
	}
}

func TestObjects(t *testing.T) {
	for name, want := range map[string]string{
		"cover.jpg": "image/jpeg", "storyboard.vtt": "text/vtt; charset=utf-8", "storyboard-0.jpg": "image/jpeg", "storyboard-13.jpg": "image/jpeg",
	} {
		k, kind, ok := Object("b1", name)
		require.True(t, ok, name)
		require.Equal(t, "b1/stills/"+name, k)
		require.Equal(t, want, kind)
	}
	for _, name := range []string{"", "index.m3u8", "storyboard-.jpg", "storyboard-01.jpg", "storyboard--1.jpg", "storyboard-+1.jpg", "storyboard-70000.jpg", "storyboard-1.jpg/", "cover.jpeg", "x/cover.jpg"} {
		_, _, ok := Object("b1", name)
		require.False(t, ok, fmt.Sprint(name))
	}
}
