package web

import (
	"context"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"github.com/rostrumlive/rostrum/internal/account"
)

func (s *Server) manageRoutes(api huma.API) {
	post(api, "/api/v1/channels", "make-channel", "Makes a channel, whose owner is who asks.",
		http.StatusCreated, s.makeChannel, http.StatusUnauthorized, http.StatusForbidden, http.StatusConflict)
	get(api, "/api/v1/channels/{channel}/settings", "channel-settings", "Returns what may be changed of a channel, to who may. The ETag is for If-Match.",
		s.channelSettings, http.StatusUnauthorized, http.StatusForbidden, http.StatusNotFound)
	patch(api, "/api/v1/channels/{channel}", "change-channel", "Changes what is named of a channel, and leaves the rest.",
		s.changeChannel, http.StatusUnauthorized, http.StatusForbidden, http.StatusNotFound, http.StatusConflict, http.StatusPreconditionFailed)
}

// ChannelSettings is what may be changed of a channel.
type ChannelSettings struct {
	Name        string             `json:"name"`
	Title       string             `json:"title"`
	Description string             `json:"description" doc:"Markdown."`
	Category    string             `json:"category"`
	Tags        []string           `json:"tags" nullable:"false"`
	Language    string             `json:"language" doc:"BCP 47; empty: not said."`
	Mature      bool               `json:"mature"`
	Schedule    []account.Showtime `json:"schedule" nullable:"false"`

	Avatar  *string `json:"avatar" doc:"Null: none."`
	Banner  *string `json:"banner"`
	Offline *string `json:"offline"`

	ReconnectSeconds *float64 `json:"reconnect_seconds" doc:"How long a broadcast waits for an encoder that was lost; null: as the server is set."`
	Takeover         string   `json:"takeover" enum:"newest,refuse,priority"`
	Recorded         bool     `json:"recorded"`
	RetentionDays    *float64 `json:"retention_days" doc:"How old a recording may become; null: as the server is set."`
	RetentionBytes   *int64   `json:"retention_bytes" doc:"How much the recordings may take together before the oldest are removed; null: no limit but the server's."`
	Clips            string   `json:"clips" enum:"nobody,signed_in" doc:"Which viewers may make clips; its moderators always may."`

	Visibility  string   `json:"visibility" enum:"public,unlisted,password,members"`
	HasPassword bool     `json:"has_password" doc:"There is a password for viewers."`
	Embedding   string   `json:"embedding" enum:"allowed,refused,sites"`
	EmbedSites  []string `json:"embed_sites" nullable:"false" doc:"Origins, for embedding by sites."`

	Banned    bool `json:"banned" doc:"Moderators of the site keep it from going on air."`
	TakenDown bool `json:"taken_down" doc:"It was taken down: nobody finds or watches it."`

	Place string `json:"place" enum:"owner,editor" doc:"What who asks may do in the channel."`
}

type settingsAnswer struct {
	ETag string `header:"ETag"`
	Body ChannelSettings
}

func seconds(d *time.Duration) *float64 {
	if d == nil {
		return nil
	}
	return new(d.Seconds())
}

const day = 24 * time.Hour

func (s *Server) settingsOf(ctx context.Context, c account.Channel) (*settingsAnswer, error) {
	place, err := s.opts.Accounts.PlaceOf(ctx, actor(ctx), c)
	if err != nil {
		return nil, s.problem(err)
	}
	out := ChannelSettings{
		Name: c.Name, Title: c.Title, Description: c.Description, Category: c.Category, Tags: orEmpty(c.Tags), Language: c.Language,
		Mature: c.Mature, Schedule: orEmpty(c.Schedule), ReconnectSeconds: seconds(c.ReconnectWindow), Takeover: string(account.TakeoverOf(c)),
		Recorded: c.Recorded, Visibility: c.Visibility, HasPassword: c.Password != "", Embedding: c.Embedding,
		EmbedSites: orEmpty(c.EmbedSites), Place: string(place), Banned: !c.BannedAt.IsZero(), TakenDown: !c.TakenDownAt.IsZero(),
		Avatar: pictureURL(c.Avatar), Banner: pictureURL(c.Banner), Offline: pictureURL(c.Offline),
		RetentionBytes: c.RetentionBytes, Clips: clipsOf(c),
	}
	if c.Retention != nil {
		out.RetentionDays = new(c.Retention.Hours() / day.Hours())
	}
	return &settingsAnswer{etag(c), out}, nil
}

func orEmpty[T any](list []T) []T {
	if list == nil {
		return []T{}
	}
	return list
}

func etag(c account.Channel) string { return `"` + strconv.FormatInt(c.Revision, 10) + `"` }

func (s *Server) channelSettings(ctx context.Context, in *ChannelPath) (*settingsAnswer, error) {
	c, err := s.opts.Accounts.Managed(ctx, actor(ctx), in.Channel)
	if err != nil {
		return nil, s.problem(err)
	}
	return s.settingsOf(ctx, c)
}

type makeChannelInput struct {
	Body struct {
		Name string `json:"name" maxLength:"64" doc:"Letters a-z, digits, _ and -; part of the channel's address."`
	}
}

func (s *Server) makeChannel(ctx context.Context, in *makeChannelInput) (*settingsAnswer, error) {
	c, err := s.opts.Accounts.AddChannel(ctx, actor(ctx), in.Body.Name)
	if err != nil {
		return nil, s.problem(err)
	}
	return s.settingsOf(ctx, c)
}

// ChannelChange is what is to change of a channel.
type ChannelChange struct {
	Name        *string             `json:"name,omitempty" maxLength:"64" doc:"The old name leads to the new one."`
	Title       *string             `json:"title,omitempty" maxLength:"560"`
	Description *string             `json:"description,omitempty" maxLength:"40000"`
	Category    *string             `json:"category,omitempty" maxLength:"240"`
	Tags        *[]string           `json:"tags,omitempty" maxItems:"50" nullable:"false"`
	Language    *string             `json:"language,omitempty" maxLength:"35"`
	Mature      *bool               `json:"mature,omitempty"`
	Schedule    *[]account.Showtime `json:"schedule,omitempty" maxItems:"50" nullable:"false"`

	ReconnectSeconds *float64 `json:"reconnect_seconds,omitempty" minimum:"-1" maximum:"1800" doc:"-1: as the server is set."`
	Takeover         *string  `json:"takeover,omitempty" enum:"newest,refuse,priority"`
	Recorded         *bool    `json:"recorded,omitempty"`
	RetentionDays    *float64 `json:"retention_days,omitempty" minimum:"0" maximum:"3650" doc:"0: as the server is set."`
	RetentionBytes   *int64   `json:"retention_bytes,omitempty" minimum:"0" doc:"0: no limit but the server's."`
	Clips            *string  `json:"clips,omitempty" enum:"nobody,signed_in"`

	Visibility *string   `json:"visibility,omitempty" enum:"public,unlisted,password,members"`
	Password   *string   `json:"password,omitempty" maxLength:"1024" doc:"For viewers; empty takes it away."`
	Embedding  *string   `json:"embedding,omitempty" enum:"allowed,refused,sites"`
	EmbedSites *[]string `json:"embed_sites,omitempty" maxItems:"50" nullable:"false"`
}

type changeChannelInput struct {
	ChannelPath
	IfMatch string `header:"If-Match" maxLength:"40" doc:"The ETag of the settings: the change is refused when somebody else made one meanwhile."`
	Body    ChannelChange
}

func (c ChannelChange) details() account.Details {
	d := account.Details{
		Title: c.Title, Description: c.Description, Category: c.Category, Tags: c.Tags, Language: c.Language, Mature: c.Mature,
		Schedule: c.Schedule, Takeover: (*account.Takeover)(c.Takeover), Recorded: c.Recorded, Clips: (*account.Clips)(c.Clips),
		Visibility: (*account.Visibility)(c.Visibility), Password: c.Password, Embedding: (*account.Embedding)(c.Embedding), EmbedSites: c.EmbedSites,
	}
	if v := c.ReconnectSeconds; v != nil {
		var window *time.Duration
		if *v >= 0 {
			window = new(time.Duration(*v * float64(time.Second)).Truncate(time.Millisecond))
		}
		d.ReconnectWindow = &window
	}
	if v := c.RetentionDays; v != nil {
		var age *time.Duration
		if *v > 0 {
			age = new(time.Duration(*v * float64(day)).Truncate(time.Millisecond))
		}
		d.Retention = &age
	}
	if v := c.RetentionBytes; v != nil {
		var most *int64
		if *v > 0 {
			most = v
		}
		d.RetentionBytes = &most
	}
	return d
}

func (s *Server) changeChannel(ctx context.Context, in *changeChannelInput) (*settingsAnswer, error) {
	revision, err := revisionOf(in.IfMatch)
	if err != nil {
		return nil, s.problem(err)
	}
	a := actor(ctx)
	c, err := s.opts.Accounts.SetDetails(ctx, a, in.Channel, revision, in.Body.details())
	if err == nil && in.Body.Name != nil {
		c, err = s.opts.Accounts.Rename(ctx, a, c.Name, *in.Body.Name)
	}
	if err != nil {
		return nil, s.problem(err)
	}
	return s.settingsOf(ctx, c)
}

// revisionOf reads If-Match (RFC 9110 13.1.1).
func revisionOf(match string) (int64, error) {
	if match == "" || match == "*" {
		return account.AnyRevision, nil
	}
	n, err := strconv.ParseInt(strings.Trim(match, `"`), 10, 64)
	if err != nil || n < 0 {
		return 0, account.ErrChanged
	}
	return n, nil
}
