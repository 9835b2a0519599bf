package importer

const (
	unheardOf = "there is nothing like it"
	noRelay   = "no key says where a broadcast is relayed to or from"
	noExec    = "no program is started for a stream"
	noFiles   = "a recording has an address, and no file of its own"
	ownClock  = "the server has rules of its own for connections"
	ownCut    = "the server cuts media by its own rules: at key frames, from hls.segment on"
)

// reason looks a name up.
func reason(words map[string]string, name, otherwise string) string {
	if why, ok := words[name]; ok {
		return why
	}
	return otherwise
}

// nginxMain are nginx's directives outside of all blocks that say something of
// the whole process.
var nginxMain = map[string]string{
	"user":               "the system's service says who the server runs as",
	"worker_processes":   "one process uses all processors",
	"rtmp_auto_push":     "one process has all streams",
	"error_log":          "lines go to standard error; log.level says which",
	"pid":                "the system's service knows the process",
	"worker_connections": "it is nginx's own",
}

// nginxRTMP are the directives of the RTMP module that have no key here.
var nginxRTMP = map[string]string{
	"push": noRelay, "pull": noRelay, "push_reconnect": noRelay, "pull_reconnect": noRelay,
	"session_relay": noRelay, "relay_buffer": noRelay,
	"exec": noExec, "exec_push": noExec, "exec_pull": noExec, "exec_static": noExec, "exec_publish": noExec,
	"exec_publish_done": noExec, "exec_play": noExec, "exec_play_done": noExec, "exec_record_done": noExec,
	"exec_record_started": noExec, "exec_options": noExec, "exec_kill_signal": noExec, "respawn": noExec, "respawn_timeout": noExec,
	"record_path": noFiles, "record_suffix": noFiles, "record_unique": noFiles, "record_append": noFiles, "record_lock": noFiles,
	"record_max_size":                 "recordings.max_bytes bounds all recordings together",
	"record_max_frames":               "a recording is all of a broadcast",
	"record_interval":                 "a recording is all of a broadcast",
	"record_notify":                   "nothing of it is told to who watches",
	"play":                            "recordings play at /v/ID and /vod/ID/index.m3u8; other files do not",
	"play_temp_path":                  "recordings play at /v/ID and /vod/ID/index.m3u8; other files do not",
	"play_local_path":                 "recordings play at /v/ID and /vod/ID/index.m3u8; other files do not",
	"play_restart":                    "nobody plays by RTMP",
	"play_time_fix":                   "nobody plays by RTMP",
	"on_connect":                      "encoders are asked about when they publish (on_publish), not when they connect",
	"on_disconnect":                   "hooks tell of the end of publishing (on_publish_done), not of connections",
	"on_done":                         "on_publish_done and on_play_done tell of ends, each of its own",
	"on_playlist":                     "playlists are made when they are asked for",
	"notify_relay_redirect":           "an answer of 3xx always renames",
	"notify_update_strict":            "hooks.fail_open says what an answer that does not come means",
	"drop_idle_publisher":             "an encoder that falls silent is found out by the server's own rule; reconnect_window says how long the broadcast waits for it",
	"idle_streams":                    "who watches waits for the channel to come on air",
	"hls_cleanup":                     "what left the playlists is kept for the recording, or removed",
	"dash_cleanup":                    "what left the playlists is kept for the recording, or removed",
	"hls_nested":                      "each channel has a folder of its own in addresses",
	"dash_nested":                     "each channel has a folder of its own in addresses",
	"hls_variant":                     "viewers get what the encoder sends, in one quality",
	"hls_base_url":                    "addresses in playlists are relative",
	"hls_continuous":                  "numbers always go on, also after a restart",
	"hls_type":                        "a channel on air has a live playlist, and one that can be rewound",
	"hls_fragment_naming":             "names of segments are the server's own",
	"hls_fragment_naming_granularity": "names of segments are the server's own",
	"hls_fragment_slicing":            ownCut,
	"hls_max_fragment":                ownCut,
	"hls_muxdelay":                    ownCut,
	"hls_sync":                        ownCut,
	"hls_max_audio_delay":             ownCut,
	"hls_audio_buffer_size":           ownCut,
	"hls_keys":                        "media is not encrypted but by HTTPS; who may watch a channel is its own setting",
	"hls_key_path":                    "media is not encrypted but by HTTPS",
	"hls_key_url":                     "media is not encrypted but by HTTPS",
	"hls_fragments_per_key":           "media is not encrypted but by HTTPS",
	"access_log":                      "http.access_log is for requests of viewers; encoders are in the log",
	"log_format":                      "http.access_log has the combined format",
	"max_connections":                 "there is no limit to set",
	"timeout":                         ownClock, "ping": ownClock, "ping_timeout": ownClock,
	"max_streams": ownClock, "ack_window": ownClock, "chunk_size": "the server chooses how RTMP is cut",
	"max_queue": ownClock, "max_message": ownClock, "out_queue": ownClock, "out_cork": ownClock,
	"buflen": ownClock, "busy": ownClock, "so_keepalive": ownClock,
	"publish_time_fix": "times are put in order always",
	"sync":             "sound and pictures are kept together always",
	"interleave":       "sound and pictures are kept together always",
	"wait_key":         "playback begins at key frames always",
	"wait_video":       "sound does not wait for pictures, nor pictures for sound",
	"meta":             "players are told what is in the media itself",
	"publish_notify":   "nobody plays by RTMP",
	"gop_cache":        "playback begins at key frames always",
}
