package app

import (
	"log/slog"
	"net/netip"
	"time"

	"github.com/rostrumlive/rostrum/internal/hook"
)

// Config is what a server is told at its start. It holds checked values only:
// make one with loadConfig.
type Config struct {
	HTTP       HTTPConfig
	HTTPS      HTTPSConfig
	RTMP       RTMPConfig
	RTMPS      RTMPSConfig
	Metrics    MetricsConfig
	Data       string // folder of the media, and of the database unless DB.URL is set
	DB         DBConfig
	HLS        HLSConfig
	Recordings RecordingsConfig
	Chat       ChatConfig
	FFmpeg     FFmpegConfig
	// ReconnectWindow is how long a broadcast waits for a lost encoder.
	ReconnectWindow time.Duration
	SMTP            SMTPConfig
	Webhooks        WebhooksConfig
	Push            PushConfig
	OIDC            OIDCConfig
	Hooks           HooksConfig
	Control         ControlConfig
	// ShutdownGrace bounds how long broadcasts and requests may take to end.
	ShutdownGrace time.Duration
	Log           LogConfig

	// Demo and Open are flags of serve alone: a setting that lets strangers
	// publish must not hide in a file or in the environment.
	Demo bool
	Open Openness
}

// HTTPConfig is the door to viewers.
type HTTPConfig struct {
	Addr       string // host:port
	CacheBytes int64  // of media kept ready for TLS and HTTP/2
	AccessLog  bool
	URL        string         // the site's public origin, empty: the host that is asked for
	Proxies    []netip.Prefix // whose X-Forwarded-For is believed
}

// HTTPSConfig is the door to viewers that use TLS, and what proves to others
// who the server is.
type HTTPSConfig struct {
	Addr      string // host:port, empty when off
	Redirect  bool   // pages asked for by plain HTTP
	Cert, Key string // paths of files in PEM; both empty when there is no certificate
	Domain    string // that an authority gives a certificate for; empty: none
	ACMEEmail string // whom it may write to; may be empty
	ACMECA    string // its directory; empty is Let's Encrypt
}

// RTMPConfig is the door to encoders.
type RTMPConfig struct {
	Addr string // host:port
}

// RTMPSConfig is the door to encoders that use TLS.
type RTMPSConfig struct {
	Addr string // host:port, empty when off
}

// MetricsConfig is the door to operators.
type MetricsConfig struct {
	Addr string // host:port, empty when off
}

// DBConfig says where the rows are.
type DBConfig struct {
	URL string // of a PostgreSQL, with its password; empty for SQLite in Config.Data
}

// HLSConfig says how media is cut, and how much of it live playlists offer.
type HLSConfig struct {
	Segment    time.Duration
	Part       time.Duration
	LiveWindow time.Duration
	Window     time.Duration // how far one can rewind; 0 is to the beginning
}

// RecordingsConfig bounds what is kept.
type RecordingsConfig struct {
	MinFree Share         // of the disk that holds Config.Data
	MaxAge  time.Duration // of recordings, where their channel says nothing; 0 is for ever
	// MaxBytes is what all recordings may take together; 0 is no limit.
	MaxBytes int64
}

// ChatConfig bounds what is kept of chats.
type ChatConfig struct {
	MaxAge time.Duration // of lines that no recording or clip is shown with; 0 is for ever
}

// FFmpegConfig says what makes pictures of streams and recordings.
type FFmpegConfig struct {
	Path string // of the program, or its name in PATH; empty when off
}

// SMTPConfig says how mail is sent.
type SMTPConfig struct {
	URL  string // smtp:// or smtps://, with its secret; empty when off
	From string
}

// PushConfig says which push services are called.
type PushConfig struct {
	AllowPrivate bool // those at addresses that are not public, and without TLS
}

// WebhooksConfig says what is called for webhooks.
type WebhooksConfig struct {
	AllowPrivate string // whose may be at addresses that are not public: "off", "site" or "all"
}

// OIDCConfig is the provider by which people may sign in.
type OIDCConfig struct {
	Issuer       string // empty when off
	ClientID     string
	ClientSecret string
	Name         string // for people
	SignUp       bool   // who is unknown gets an account
}

// HooksConfig is a back-end that is asked and told of encoders and players.
type HooksConfig struct {
	Nginx    hook.Nginx
	SRS      hook.SRS
	Timeout  time.Duration
	Update   time.Duration // between two on_update
	FailOpen bool
}

// any reports whether there is a hook.
func (c HooksConfig) any() bool { return c.Nginx != hook.Nginx{} || c.SRS != hook.SRS{} }

// ControlConfig says who may use nginx-rtmp's addresses for operators; nobody
// when both are empty.
type ControlConfig struct {
	Token string
	Allow []netip.Prefix
}

// on reports whether anybody may.
func (c ControlConfig) on() bool { return c.Token != "" || len(c.Allow) > 0 }

// LogConfig says what is written to standard error.
type LogConfig struct {
	Level  slog.Level
	Format string // "text" or "json"
}

// Openness says who may publish without a stream key.
type Openness string

// The degrees of openness.
const (
	// Closed: nobody.
	Closed Openness = ""
	// OpenPrivate: whoever comes from a loopback, private or link-local address.
	OpenPrivate Openness = "private"
	// OpenAny: the whole world.
	OpenAny Openness = "any"
)

// Share is a part of a disk: a percentage or a number of bytes. The zero
// value is nothing.
type Share struct {
	Percent int // 0 to 99
	Bytes   int64
}

// Of returns the bytes that the share is of a disk of total bytes.
func (s Share) Of(total uint64) uint64 {
	if s.Percent > 0 {
		return total / 100 * uint64(s.Percent)
	}
	return uint64(s.Bytes)
}
