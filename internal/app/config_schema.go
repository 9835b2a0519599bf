package app

import (
	"strings"
	"time"

	"github.com/rostrumlive/rostrum/internal/account"
)

// key is one line of the configuration's schema: the only place that knows a
// key's name. Its flag and its variable are looked up from here.
type key struct {
	name     string // as in the file, with dots between levels
	fallback string // the default, as a person would write it
	group    string // heading in --help
	help     string // one sentence without its full stop
	field    func(*Config) value
}

// value reads the text of one key into its place in a Config.
type value interface {
	// Set checks text and stores it. Its error goes on after "hls.part: ".
	Set(text string) error
	// Form says in a few words what Set accepts.
	Form() string
	// Placeholder stands for the value in --help.
	Placeholder() string
}

// flag is the key's flag without its dashes: hls.live_window is hls-live-window.
func (k *key) flag() string {
	return strings.NewReplacer(".", "-", "_", "-").Replace(k.name)
}

// variable is the key's name in the environment: hls.live_window is
// ROSTRUM_HLS_LIVE_WINDOW.
func (k *key) variable() string {
	return variablePrefix + strings.ToUpper(strings.ReplaceAll(k.name, ".", "_"))
}

const variablePrefix = "ROSTRUM_"

// Headings of the schema.
const (
	groupAddresses = "Addresses"
	groupMedia     = "Live media"
	groupData      = "Data"
	groupPeople    = "People"
	groupBackEnd   = "Back-end"
	groupProcess   = "Process"
)

// Bounds of the schema.
const (
	minSegment, maxSegment = time.Second, 10 * time.Second
	// hls.js is restless under parts of 100 ms; below 50 ms a part is a
	// frame or two and the requests cost more than they save.
	minPart, maxPart     = 50 * time.Millisecond, time.Second
	minWindow, maxWindow = 6 * time.Second, 10 * time.Minute // memory is spent on it
	maxRewind            = 7 * 24 * time.Hour                // a list grows by 200 kB with each hour
	maxGrace             = 10 * time.Minute
)

// schema returns every key that a server understands, in the order in which
// people should read them.
func schema() []key {
	return append(coreKeys(), backEndKeys()...)
}

func coreKeys() []key {
	return []key{
		{
			name: "http.addr", fallback: ":8080", group: groupAddresses,
			help:  "Where the site, the API and media are served",
			field: func(c *Config) value { return address{to: &c.HTTP.Addr} },
		},
		{
			name: "http.cache", fallback: "256MB", group: groupAddresses,
			help:  "Memory for recent media that goes out by TLS or HTTP/2, over all broadcasts and recordings; plain HTTP sends small segments from it, and needs it for nothing else",
			field: func(c *Config) value { return size{to: &c.HTTP.CacheBytes} },
		},
		{
			name: "http.access_log", fallback: "off", group: groupAddresses,
			help:  "Write each request to standard output, in the combined log format with its seconds at the end; queries are left out, as keys travel there",
			field: func(c *Config) value { return toggle{to: &c.HTTP.AccessLog} },
		},
		{
			name: "http.url", fallback: "off", group: groupAddresses,
			help:  "The site's public address, such as https://example.org, for links in mail, for passkeys and for previews; when off, the host that is asked for",
			field: func(c *Config) value { return site{to: &c.HTTP.URL} },
		},
		{
			name: "http.proxies", fallback: "off", group: groupAddresses,
			help:  "Networks of the proxies in front of the server, whose X-Forwarded-For is believed",
			field: func(c *Config) value { return networks{to: &c.HTTP.Proxies} },
		},
		{
			name: "https.addr", fallback: "off", group: groupAddresses,
			help:  "Where the same is served by HTTPS, with HTTP/2, beside http.addr; usually :443",
			field: func(c *Config) value { return address{to: &c.HTTPS.Addr, mayBeOff: true} },
		},
		{
			name: "https.redirect", fallback: "off", group: groupAddresses,
			help:  "Send who asks for a page by plain HTTP to HTTPS; media, the API and health checks are answered by both",
			field: func(c *Config) value { return toggle{to: &c.HTTPS.Redirect} },
		},
		{
			name: "https.cert", fallback: "off", group: groupAddresses,
			help:  "File with the server's certificate and its chain, in PEM; read again when it changes",
			field: func(c *Config) value { return pemFile{to: &c.HTTPS.Cert} },
		},
		{
			name: "https.key", fallback: "off", group: groupAddresses,
			help:  "File with the certificate's private key, in PEM",
			field: func(c *Config) value { return pemFile{to: &c.HTTPS.Key} },
		},
		{
			name: "https.domain", fallback: "off", group: groupAddresses,
			help:  "Name of the server, for which a certificate is got and renewed by ACME, in place of https.cert",
			field: func(c *Config) value { return domain{to: &c.HTTPS.Domain} },
		},
		{
			name: "https.acme_email", fallback: "off", group: groupAddresses,
			help:  "Whom the authority of https.domain may write to",
			field: func(c *Config) value { return email{to: &c.HTTPS.ACMEEmail} },
		},
		{
			name: "https.acme_ca", fallback: "off", group: groupAddresses,
			help:  "The authority's directory, in place of Let's Encrypt's",
			field: func(c *Config) value { return directory{to: &c.HTTPS.ACMECA} },
		},
		{
			name: "rtmp.addr", fallback: ":1935", group: groupAddresses,
			help:  "Where encoders publish by RTMP",
			field: func(c *Config) value { return address{to: &c.RTMP.Addr} },
		},
		{
			name: "rtmps.addr", fallback: "off", group: groupAddresses,
			help:  "Where encoders publish by RTMPS, with the certificate of https.cert or https.domain",
			field: func(c *Config) value { return address{to: &c.RTMPS.Addr, mayBeOff: true} },
		},
		{
			name: "metrics.addr", fallback: "127.0.0.1:9090", group: groupAddresses,
			help:  "Where Prometheus reads /metrics and Go's profiler answers under /debug/pprof; not for the public",
			field: func(c *Config) value { return address{to: &c.Metrics.Addr, mayBeOff: true} },
		},
		{
			name: "hls.segment", fallback: "2s", group: groupMedia,
			help:  "Length at which a segment ends with the next key frame",
			field: func(c *Config) value { return span{to: &c.HLS.Segment, min: minSegment, max: maxSegment} },
		},
		{
			name: "hls.part", fallback: "200ms", group: groupMedia,
			help:  "Length of an LL-HLS part, at most half of hls.segment; shorter is closer to live and more requests",
			field: func(c *Config) value { return span{to: &c.HLS.Part, min: minPart, max: maxPart} },
		},
		{
			name: "hls.live_window", fallback: "60s", group: groupMedia,
			help:  "How far back the live playlists reach, at least six times hls.segment",
			field: func(c *Config) value { return span{to: &c.HLS.LiveWindow, min: minWindow, max: maxWindow} },
		},
		{
			name: "hls.window", fallback: "2h", group: groupMedia,
			help:  "How far back viewers can rewind a live broadcast, at least hls.live_window; all is to its beginning",
			field: func(c *Config) value { return reach{span{to: &c.HLS.Window, min: minWindow, max: maxRewind}} },
		},
		{
			name: "data", fallback: "./data", group: groupData,
			help:  "Folder of the recordings, and of the database unless db.url names one; made when missing",
			field: func(c *Config) value { return folder{to: &c.Data} },
		},
		{
			name: "db.url", fallback: sqliteWord, group: groupData,
			help:  "Database: a file in the data folder, or a PostgreSQL",
			field: func(c *Config) value { return database{to: &c.DB.URL} },
		},
		{
			name: "recordings.min_free", fallback: "5%", group: groupData,
			help:  "Free space of the disk under which recording stops while live goes on; 0 for no limit",
			field: func(c *Config) value { return share{to: &c.Recordings.MinFree} },
		},
		{
			name: "recordings.max_age", fallback: "off", group: groupData,
			help:  "How old a recording may become before it is removed; a channel may set its own",
			field: func(c *Config) value { return age{to: &c.Recordings.MaxAge} },
		},
		{
			name: "recordings.max_bytes", fallback: "off", group: groupData,
			help:  "How much all recordings may take together before the oldest are removed; a channel may have a limit of its own beside it",
			field: func(c *Config) value { return size{to: &c.Recordings.MaxBytes} },
		},
		{
			name: "ffmpeg.path", fallback: "ffmpeg", group: groupData,
			help:  "The ffmpeg that makes pictures of streams and recordings, by its path or its name in PATH",
			field: func(c *Config) value { return program{to: &c.FFmpeg.Path} },
		},
		{
			name: "reconnect_window", fallback: "60s", group: groupMedia,
			help:  "How long a broadcast waits for an encoder whose connection was lost; a channel may set its own",
			field: func(c *Config) value { return span{to: &c.ReconnectWindow, max: account.MaxReconnectWindow} },
		},
		{
			name: "smtp.url", fallback: "off", group: groupPeople,
			help:  "The server that takes mail, as smtp://user:password@host:587 (STARTTLS) or smtps://user:password@host:465; with it people set a new password by themselves, and confirm their e-mail addresses",
			field: func(c *Config) value { return smtpURL{to: &c.SMTP.URL} },
		},
		{
			name: "smtp.from", fallback: "off", group: groupPeople,
			help:  "The address that mail comes from",
			field: func(c *Config) value { return sender{to: &c.SMTP.From} },
		},
		{
			name: "oidc.issuer", fallback: "off", group: groupPeople,
			help:  "The provider of OpenID Connect by which people may sign in, as its tokens name it",
			field: func(c *Config) value { return issuer{to: &c.OIDC.Issuer} },
		},
		{
			name: "oidc.client_id", fallback: "off", group: groupPeople,
			help:  "What the provider calls this site",
			field: func(c *Config) value { return line{to: &c.OIDC.ClientID} },
		},
		{
			name: "oidc.client_secret", fallback: "off", group: groupPeople,
			help:  "What proves to the provider that it is this site; off for a public client",
			field: func(c *Config) value { return hidden{line{to: &c.OIDC.ClientSecret}} },
		},
		{
			name: "oidc.name", fallback: "Single sign-on", group: groupPeople,
			help:  "What the button on the sign-in page calls the provider",
			field: func(c *Config) value { return line{to: &c.OIDC.Name} },
		},
		{
			name: "oidc.sign_up", fallback: "off", group: groupPeople,
			help:  "Make an account for who comes from the provider and has none",
			field: func(c *Config) value { return toggle{to: &c.OIDC.SignUp} },
		},
		{
			name: "chat.max_age", fallback: "90d", group: groupData,
			help:  "How old lines of chats may become before they are removed, but for those that are shown with a recording or a clip",
			field: func(c *Config) value { return age{to: &c.Chat.MaxAge} },
		},
		{
			name: "webhooks.allow_private", fallback: "off", group: groupPeople,
			help:  "Whose webhooks may be at private, loopback and link-local addresses: nobody's, the site's alone, which admins make, or those of all channels too",
			field: func(c *Config) value { return choice{to: &c.Webhooks.AllowPrivate, of: []string{"off", "site", "all"}} },
		},
		{
			name: "push.allow_private", fallback: "off", group: groupPeople,
			help:  "Send pushes to services at private, loopback and link-local addresses too, and by plain HTTP: for a push service of one's own",
			field: func(c *Config) value { return toggle{to: &c.Push.AllowPrivate} },
		},
		{
			name: "shutdown_grace", fallback: "20s", group: groupProcess,
			help:  "Time for broadcasts and requests to end after the first SIGTERM; a second signal ends at once",
			field: func(c *Config) value { return span{to: &c.ShutdownGrace, max: maxGrace} },
		},
		{
			name: "log.level", fallback: "info", group: groupProcess,
			help:  "The least grave lines that are written",
			field: func(c *Config) value { return level{to: &c.Log.Level} },
		},
		{
			name: "log.format", fallback: "text", group: groupProcess,
			help:  "How lines are written to standard error",
			field: func(c *Config) value { return choice{to: &c.Log.Format, of: []string{"text", "json"}} },
		},
	}
}
