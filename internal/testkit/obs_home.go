package testkit

import (
	_ "embed"
	"encoding/json"
	"os"
	"path/filepath"
	"testing"
)

//go:embed obs_remote.lua
var obsScript []byte

// obsHome is the home of somebody who has set OBS up.
type obsHome struct {
	dir         string
	server, key string
	clip        string // played for ever
	told        string // see obs_remote.lua
}

// What OBS 29 reads. What is not set stays as OBS has it by itself: in simple
// mode that is x264 at a constant rate with a key frame each 250 frames, and
// reconnecting after 2 s, then later and later.
const (
	// FirstRun is true after it. The preview would cost as much as the stream.
	obsGlobal = `[General]
FirstRun=true
ConfirmOnExit=false
[Basic]
Profile=test
ProfileDir=test
SceneCollection=test
SceneCollectionFile=test
[BasicWindow]
SysTrayEnabled=false
PreviewEnabled=false
WarnBeforeStartingStream=false
WarnBeforeStoppingStream=false
`
	obsProfile = `[General]
Name=test
[SimpleOutput]
VBitrate=300
ABitrate=64
StreamEncoder=x264
Preset=ultrafast
UseAdvanced=true
[Video]
BaseCX=320
BaseCY=180
OutputCX=320
OutputCY=180
FPSCommon=30
`
)

// object is one of JSON.
type object map[string]any

func (h obsHome) write(t testing.TB) {
	t.Helper()
	config := filepath.Join(h.dir, ".config", "obs-studio")
	script := filepath.Join(h.dir, "remote.lua")
	for path, content := range map[string][]byte{
		filepath.Join(config, "global.ini"):                                []byte(obsGlobal),
		filepath.Join(config, "basic", "profiles", "test", "basic.ini"):    []byte(obsProfile),
		filepath.Join(config, "basic", "profiles", "test", "service.json"): encode(t, h.service()),
		filepath.Join(config, "basic", "scenes", "test.json"):              encode(t, h.scenes(script)),
		script: obsScript,
	} {
		err := os.MkdirAll(filepath.Dir(path), 0o700)
		if err == nil {
			err = os.WriteFile(path, content, 0o600)
		}
		if err != nil {
			t.Fatalf("set OBS up: %v", err)
		}
	}
}

// service is what stands under Settings, Stream.
func (h obsHome) service() object {
	return object{"type": "rtmp_custom", "settings": object{"server": h.server, "key": h.key}}
}

// scenes is one scene with the clip in it.
func (h obsHome) scenes(script string) object {
	const scene, clip = "scene", "clip"
	one := object{"x": 1.0, "y": 1.0}
	return object{
		"name": "test", "current_scene": scene, "current_program_scene": scene,
		"scene_order": []object{{"name": scene}},
		"sources": []object{
			{
				"id": "ffmpeg_source", "name": clip, "mixers": 0xff, "volume": 1.0,
				"settings": object{"local_file": h.clip, "looping": true},
			},
			{
				"id": "scene", "name": scene,
				"settings": object{"items": []object{{"id": 1, "name": clip, "visible": true, "scale": one}}},
			},
		},
		"modules": object{"scripts-tool": []object{{"path": script, "settings": object{"told": h.told}}}},
	}
}

func encode(t testing.TB, v any) []byte {
	t.Helper()
	b, err := json.Marshal(v)
	if err != nil {
		t.Fatalf("set OBS up: %v", err)
	}
	return b
}
