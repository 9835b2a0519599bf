package importer

import "strings"

// isPathKey says whether a key is one of a path, which older versions of
// MediaMTX also had on the first level.
func isPathKey(name string) bool {
	return strings.HasPrefix(name, "record") || strings.HasPrefix(name, "runOn") && name != "runOnConnect" && name != "runOnConnectRestart" && name != "runOnDisconnect"
}

// mtxUnknown says why a key is ignored by what its name begins with.
func mtxUnknown(name string) string {
	for _, family := range []struct{ prefix, why string }{
		{"rtsp", "nobody publishes or watches by RTSP"},
		{"rtp", "nobody publishes or watches by RTSP"},
		{"rtcp", "nobody publishes or watches by RTSP"},
		{"multicast", "nobody publishes or watches by RTSP"},
		{"srtp", "nobody publishes or watches by RTSP"},
		{"srt", "it is about SRT"},
		{"webrtc", "it is about WebRTC"},
		{"moq", "it is about Media over QUIC"},
		{"api", "the API is at the same address as the site, below /api/v1"},
		{"playback", "recordings are at the same address as the site, below /vod"},
		{"pprof", "Go's profiler is at metrics.addr"},
		{"metrics", "metrics.addr says where; give it an address that is not for the public"},
		{"rpiCamera", "cameras of the machine are not read"},
		{"runOn", noExec},
		{"auth", "people have accounts, encoders stream keys: rostrum user add NAME, rostrum channel key NAME"},
		{"source", "broadcasts are not fetched: encoders publish them"},
		{"log", "lines go to standard error"},
		{"hls", ownCut},
	} {
		if strings.HasPrefix(name, family.prefix) {
			return family.why
		}
	}
	return unheardOf
}

// mtxWords are the keys of MediaMTX's first level that have no key here.
var mtxWords = map[string]string{
	"readTimeout": ownClock, "writeTimeout": ownClock, "writeQueueSize": ownClock, "readBufferCount": ownClock,
	"udpMaxPayloadSize": ownClock, "udpReadBufferSize": ownClock,
	"authHTTPAddress":           "back-ends are asked as nginx-rtmp or SRS ask theirs: hooks.nginx.on_publish or hooks.srs.on_publish",
	"externalAuthenticationURL": "back-ends are asked as nginx-rtmp or SRS ask theirs: hooks.nginx.on_publish or hooks.srs.on_publish",
	"authJWTJWKS":               "people sign in by OpenID Connect (oidc.issuer); encoders have stream keys",
	"hlsAllowOrigin":            "media may be shown by pages of every site",
	"hlsAllowOrigins":           "media may be shown by pages of every site",
	"hlsAlwaysRemux":            "media is packaged once, as it comes",
	"hlsVariant":                "there is low latency in fMP4, plain playlists in fMP4, and MPEG-TS, all at once",
	"hlsSegmentMaxSize":         ownCut,
	"hlsDirectory":              "media is in the data folder",
	"hlsMuxerCloseAfter":        "media is packaged while a broadcast lasts",
	"logDestinations":           "lines go to standard error",
	"encryption":                "nobody publishes or watches by RTSP",
	"serverKey":                 "nobody publishes or watches by RTSP",
	"serverCert":                "nobody publishes or watches by RTSP",
	"protocols":                 "nobody publishes or watches by RTSP",
	"authMethods":               "people have accounts, encoders stream keys",
	"runOnConnect":              noExec,
	"runOnConnectRestart":       noExec,
	"runOnDisconnect":           noExec,
}

// mtxPathWords are the keys of a path that have no key here.
var mtxPathWords = map[string]string{
	"source":     "broadcasts are not fetched: encoders publish them",
	"recordPath": noFiles, "recordFormat": "recordings are fMP4, and one MP4 file to download", "recordPartDuration": ownCut,
	"recordSegmentDuration": ownCut, "recordMaxPartSize": ownCut,
	"publishUser": "publishers need a stream key: rostrum channel key NAME", "publishPass": "publishers need a stream key: rostrum channel key NAME",
	"publishIPs": "who has a stream key, or is let in by a hook, may publish from any address",
	"readUser":   "who may watch a channel is its own setting: rostrum channel set NAME --visibility=…", "readPass": "who may watch a channel is its own setting: rostrum channel set NAME --visibility=…",
	"readIPs":                  "who may watch a channel is its own setting: rostrum channel set NAME --visibility=…",
	"overridePublisher":        "what a second encoder may do is the channel's own setting: rostrum channel set NAME --takeover=…",
	"disablePublisherOverride": "what a second encoder may do is the channel's own setting: rostrum channel set NAME --takeover=…",
	"fallback":                 noRelay, "maxReaders": "there is no limit to set", "srtReadPassphrase": "it is about SRT", "srtPublishPassphrase": "it is about SRT",
	"alwaysAvailable": "a channel that is off air says so", "useAbsoluteTimestamp": "times are put in order always",
	"<<": "what is merged from elsewhere is not followed",
}
