package web

import (
	"encoding/xml"
	"fmt"
	"net/http"
	"os"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/rostrumlive/rostrum/internal/broadcast"
	"github.com/rostrumlive/rostrum/internal/doctor"
	"github.com/rostrumlive/rostrum/internal/media"
)

// What /stat answers with, in the elements of nginx-rtmp's and in their order.
// Programs show its versions to people: ours stand there.
type statPage struct {
	XMLName  xml.Name `xml:"rtmp"`
	Name     string   `xml:"nginx_version"`
	Version  string   `xml:"nginx_rtmp_version"`
	Built    string   `xml:"built"`
	PID      int      `xml:"pid"`
	Uptime   int64    `xml:"uptime"` // seconds
	Accepted int64    `xml:"naccepted"`
	statTraffic
	Server struct {
		Applications []*statApplication `xml:"application"`
	} `xml:"server"`
}

type statTraffic struct {
	BWIn     int64  `xml:"bw_in"` // bits a second
	BytesIn  uint64 `xml:"bytes_in"`
	BWOut    int64  `xml:"bw_out"`
	BytesOut uint64 `xml:"bytes_out"`
}

type statApplication struct {
	Name string `xml:"name"`
	Live struct {
		Streams []statStream `xml:"stream"`
		Clients int          `xml:"nclients"`
	} `xml:"live"`
}

type statStream struct {
	Name string `xml:"name"`
	Time int64  `xml:"time"` // milliseconds on air
	statTraffic
	BWAudio    int64        `xml:"bw_audio"`
	BWVideo    int64        `xml:"bw_video"`
	Clients    []statClient `xml:"client"`
	Meta       *statMeta    `xml:"meta"`
	Number     int          `xml:"nclients"`
	Publishing *struct{}    `xml:"publishing"`
	Active     *struct{}    `xml:"active"`
}

type statClient struct {
	ID         int64     `xml:"id"`
	Address    string    `xml:"address"`
	Time       int64     `xml:"time"` // milliseconds
	FlashVer   string    `xml:"flashver,omitempty"`
	PageURL    string    `xml:"pageurl,omitempty"`
	Dropped    int64     `xml:"dropped"`
	AVSync     int       `xml:"avsync"`
	Timestamp  int64     `xml:"timestamp"`
	Publishing *struct{} `xml:"publishing"`
	Active     *struct{} `xml:"active"`
}

type statMeta struct {
	Video *statVideo `xml:"video"`
	Audio *statAudio `xml:"audio"`
}

type statVideo struct {
	Width     int     `xml:"width"`
	Height    int     `xml:"height"`
	FrameRate float64 `xml:"frame_rate"`
	Codec     string  `xml:"codec"`
	Profile   string  `xml:"profile,omitempty"`
	Compat    string  `xml:"compat,omitempty"`
	Level     string  `xml:"level,omitempty"`
}

type statAudio struct {
	Codec      string `xml:"codec"`
	Profile    string `xml:"profile,omitempty"`
	Channels   int    `xml:"channels"`
	SampleRate int    `xml:"sample_rate"`
}

// here is an empty element.
var here = &struct{}{}

// statSeconds is over how many of the newest seconds rates are taken.
const statSeconds = 10

// stat answers with what is on air.
func (s *Server) stat(w http.ResponseWriter, _ *http.Request) {
	now := time.Now()
	p := statPage{
		Name: "rostrum/" + s.opts.Version, Version: s.opts.Version, Built: runtime.Version(), PID: os.Getpid(), Uptime: int64(now.Sub(s.began) / time.Second),
	}
	if accepted := s.opts.Control.Accepted; accepted != nil {
		p.Accepted = accepted()
	}
	t := s.opts.Manager.Totals()
	p.BytesIn, p.BytesOut = t.Bytes, t.Sent
	apps := map[string]*statApplication{}
	for _, b := range s.opts.Manager.OnAir() {
		from, _ := b.Source()
		app := apps[from.App]
		if app == nil {
			app = &statApplication{Name: from.App}
			apps[from.App] = app
			p.Server.Applications = append(p.Server.Applications, app)
		}
		stream := s.statStream(b, now)
		p.BWIn += stream.BWIn
		p.BWOut += stream.BWOut
		app.Live.Streams = append(app.Live.Streams, stream)
		app.Live.Clients += stream.Number
	}
	slices.SortFunc(p.Server.Applications, func(a, b *statApplication) int { return strings.Compare(a.Name, b.Name) })
	body, err := xml.Marshal(p)
	if err != nil {
		s.log.Error("stat", "error", err)
		respond(w, http.StatusInternalServerError, "That cannot be told now\n")
		return
	}
	w.Header().Set("Content-Type", "text/xml; charset=utf-8")
	_, _ = w.Write(append([]byte(xml.Header), body...)) // the client has gone
}

func (s *Server) statStream(b *broadcast.Broadcast, now time.Time) statStream {
	seen := b.Measured()
	series, _ := doctor.SeriesOf(seen, statSeconds)
	st := statStream{Name: b.Channel.Name, Time: now.Sub(b.Begun()).Milliseconds(), BWAudio: mean(series.AudioBitrate), BWVideo: mean(series.VideoBitrate)}
	st.BWIn, st.BytesIn = st.BWAudio+st.BWVideo, b.Bytes()
	st.BWOut, st.BytesOut = b.Stream().SentRate(), uint64(b.Stream().SentBytes())
	if from, fed := b.Source(); fed {
		since := now.Sub(from.Since).Milliseconds()
		st.Clients = append(st.Clients, statClient{
			ID: from.Client, Address: address(from), Time: since, Timestamp: since, FlashVer: from.Encoder,
			Publishing: here, Active: here,
		})
		st.Publishing, st.Active = here, here
	}
	for _, p := range s.opts.Hooks.Players(b.Channel.Name) {
		since := now.Sub(p.Since).Milliseconds()
		st.Clients = append(st.Clients, statClient{
			ID: p.ID, Address: p.Address, Time: since, Timestamp: since, FlashVer: p.Agent, PageURL: p.Page, Active: here,
		})
	}
	if s.opts.Relays != nil {
		if r, ok := s.opts.Relays.Of(b.ID); ok {
			since := now.Sub(r.Since).Milliseconds()
			c := statClient{ID: r.ID, Address: r.To, Time: since, Timestamp: since, FlashVer: "relay", Dropped: r.Lost}
			if r.Connected {
				c.Active = here
			}
			st.Clients = append(st.Clients, c)
		}
	}
	st.Number = len(st.Clients)
	st.Meta = statMetaOf(seen.Video, seen.Audio, series)
	return st
}

func statMetaOf(video, audio *media.Track, series doctor.Series) *statMeta {
	m := &statMeta{}
	if video != nil {
		m.Video = &statVideo{Width: video.Width, Height: video.Height, Codec: statCodec(video)}
		m.Video.Profile, m.Video.Compat, m.Video.Level = avcProfile(video.Codecs)
		if n := len(series.FrameRate); n > 0 {
			m.Video.FrameRate = series.FrameRate[n-1]
		}
	}
	if audio != nil {
		m.Audio = &statAudio{Codec: statCodec(audio), Profile: aacProfile(audio.Codecs), Channels: audio.Channels, SampleRate: audio.SampleRate}
	}
	return m
}

// statCodec is a codec by the name that nginx-rtmp has for it, where it has one.
func statCodec(t *media.Track) string {
	kind, _, _ := strings.Cut(t.Codecs, ".")
	switch kind {
	case "avc1", "avc3":
		return "H264"
	case "hvc1", "hev1":
		return "HEVC"
	case "av01":
		return "AV1"
	case "mp4a":
		return "AAC"
	}
	return t.Codecs
}

// avcProfile is what the codecs of H.264 tell (RFC 6381 3.3), in nginx-rtmp's
// words; nothing of others.
func avcProfile(codecs string) (profile, compat, level string) {
	bytes, ok := strings.CutPrefix(codecs, "avc1.")
	n, err := strconv.ParseUint(bytes, 16, 24)
	if !ok || err != nil {
		return "", "", ""
	}
	profile = map[uint64]string{66: "Baseline", 77: "Main", 88: "Extended", 100: "High", 110: "High10", 122: "High422", 244: "High444"}[n>>16]
	return profile, strconv.FormatUint(n>>8&0xff, 10), fmt.Sprintf("%d.%d", n&0xff/10, n&0xff%10)
}

// aacProfile is the audio object type of AAC likewise.
func aacProfile(codecs string) string {
	return map[string]string{"mp4a.40.1": "Main", "mp4a.40.2": "LC", "mp4a.40.3": "SSR", "mp4a.40.4": "LTP", "mp4a.40.5": "SBR"}[codecs]
}

func mean(of []int64) int64 {
	if len(of) == 0 {
		return 0
	}
	var sum int64
	for _, n := range of {
		sum += n
	}
	return sum / int64(len(of))
}

func address(from broadcast.Source) string {
	if !from.Remote.IsValid() {
		return ""
	}
	return from.Remote.String()
}
