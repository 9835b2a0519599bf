package manifest

import (
	"encoding/xml"
	"errors"
	"io"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"
)

func sampleMPD() *MPD {
	return &MPD{
		AvailabilityStart: noon, Published: noon.Add(time.Minute + 5*time.Millisecond), UpdatePeriod: 2 * time.Second,
		Depth: time.Minute, Delay: 6 * time.Second, Location: "b.mpd", Clock: "../../live/clock",
		MinBuffer: 2 * time.Second, MaxSegment: 4 * time.Second,
		Periods: []Period{
			{ID: "0", Start: 1250 * time.Millisecond, Duration: time.Minute, Sets: []AdaptationSet{
				{ID: 1, ContentType: "video", Representations: []Representation{
					{
						ID: "video/source", Codecs: "avc1.64001f", Bandwidth: 6_000_000, Width: 1920, Height: 1080,
						FrameRateNum: 30000, FrameRateDen: 1001, Timescale: 90000, Offset: 180_000, StartNumber: 7, Independent: true,
						Init: "../../media/b/video/source/init0.mp4", Media: "../../media/b/video/source/seg$Number$.m4s",
						Timeline: []Span{{180_000, 180_000, 3}, {720_000, 90_000, 1}, {900_000, 180_000, 1}},
					},
					{
						ID: "video/360p", Codecs: "avc1.64001e", Bandwidth: 700_000, Width: 640, Height: 360,
						FrameRateNum: 50, FrameRateDen: 2, Timescale: 90000, Offset: 180_000, StartNumber: 7, Independent: true,
						Init: "i", Media: "m$Number$", Timeline: []Span{{180_000, 180_000, 3}},
					},
				}},
				{ID: 10, ContentType: "audio", Representations: []Representation{{
					ID: "audio/source", Codecs: "mp4a.40.2", Bandwidth: 128_000, SampleRate: 48000, Channels: 2, Timescale: 48000,
					Offset: 96_000, StartNumber: 7, Independent: true, Init: "i", Media: "s$Number$", Timeline: []Span{{96_256, 96_256, 2}},
				}}},
			}},
			{ID: "12", Start: time.Hour, Sets: []AdaptationSet{{
				ID: 10, ContentType: "audio", Representations: []Representation{{
					ID: "a", Timescale: 48000, Init: "i", Media: "s$Number$", Bandwidth: 1, Timeline: []Span{{0, 1, 1}},
				}},
			}}},
		},
	}
}

func TestMPDGolden(t *testing.T) {
	static := sampleMPD()
	static.Static, static.Duration, static.AvailabilityStart = true, 90*time.Minute+40*time.Millisecond, time.Time{}
	hostile := sampleMPD()
	hostile.Location, hostile.Clock = "a&b<c>\"d\"'\x00\n", "\xff"
	hostile.Periods[0].ID = `"><Period>`
	hostile.Periods[0].Sets[0].Representations[0].Codecs = `"&quot;`
	for name, m := range map[string]*MPD{"dynamic": sampleMPD(), "static": static, "hostile": hostile} {
		t.Run(name, func(t *testing.T) {
			got := m.AppendTo(nil)
			goldenFile(t, name+".mpd", got)
			requireMPD(t, got)
			require.Equal(t, "before"+string(got), string(m.AppendTo([]byte("before"))))
		})
	}
}

func goldenFile(t *testing.T, name string, got []byte) {
	t.Helper()
	path := filepath.Join("testdata", name)
	if *update {
		require.NoError(t, os.WriteFile(path, got, 0o600))
	}
	want, err := os.ReadFile(path)
	require.NoError(t, err)
	require.Equal(t, string(want), string(got))
}

// mpdSchema is what the schema of ISO/IEC 23009-1 lets stand in an element, in
// its order, of what this package writes; and which attributes.
var mpdSchema = map[string]struct{ children, required, optional []string }{
	"MPD": {
		[]string{"Location", "ServiceDescription", "Period", "UTCTiming"},
		[]string{"profiles", "minBufferTime"},
		[]string{
			"type", "publishTime", "minimumUpdatePeriod", "timeShiftBufferDepth", "suggestedPresentationDelay",
			"availabilityStartTime", "mediaPresentationDuration", "maxSegmentDuration", "xmlns",
		},
	},
	"Location":           {},
	"ServiceDescription": {[]string{"Latency", "PlaybackRate"}, nil, []string{"id"}},
	"Latency":            {nil, nil, []string{"target"}},
	"PlaybackRate":       {nil, nil, []string{"min", "max"}},
	"Period":             {[]string{"AdaptationSet"}, nil, []string{"id", "start", "duration"}},
	"AdaptationSet": {
		[]string{"Representation"},
		nil,
		[]string{"id", "contentType", "mimeType", "segmentAlignment", "startWithSAP"},
	},
	"Representation": {
		[]string{"AudioChannelConfiguration", "SegmentTemplate"},
		[]string{"id", "bandwidth"},
		[]string{"codecs", "width", "height", "frameRate", "audioSamplingRate"},
	},
	"AudioChannelConfiguration": {nil, []string{"schemeIdUri"}, []string{"value"}},
	"SegmentTemplate": {
		[]string{"SegmentTimeline"},
		nil,
		[]string{"timescale", "presentationTimeOffset", "initialization", "media", "startNumber"},
	},
	"SegmentTimeline": {[]string{"S"}, nil, nil},
	"S":               {nil, []string{"d"}, []string{"t", "r"}},
	"UTCTiming":       {nil, []string{"schemeIdUri"}, []string{"value"}},
}

// lexical is what attributes look like by their types of XML Schema.
var lexical = map[*regexp.Regexp][]string{
	regexp.MustCompile(`^PT\d+(\.\d+)?S$`): {
		"minimumUpdatePeriod", "timeShiftBufferDepth", "suggestedPresentationDelay", "mediaPresentationDuration",
		"minBufferTime", "maxSegmentDuration", "start", "duration",
	},
	regexp.MustCompile(`^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$`): {"publishTime", "availabilityStartTime"},
	regexp.MustCompile(`^\d+$`): {
		"timescale", "presentationTimeOffset", "startNumber", "t", "d", "r", "bandwidth", "width", "height", "audioSamplingRate", "target",
	},
	regexp.MustCompile(`^\d+(/[1-9]\d*)?$`):   {"frameRate"},
	regexp.MustCompile(`^(static|dynamic)$`):  {"type"},
	regexp.MustCompile(`^\S+$`):               {"initialization", "media", "mimeType"},
	regexp.MustCompile(`^\d+(\.\d+)?$`):       {"min", "max"},
	regexp.MustCompile(`^(video|audio)$`):     {"contentType"},
	regexp.MustCompile(`^(video|audio)/mp4$`): {"mimeType"},
}

// requireMPD reads an MPD as a strict player would: well formed, only elements
// and attributes of the schema, in its order.
func requireMPD(t require.TestingT, text []byte) {
	d := xml.NewDecoder(strings.NewReader(string(text)))
	type open struct {
		name string
		at   int // where in the order of its children it has come to
	}
	stack := []open{{name: ""}}
	for {
		token, err := d.Token()
		if errors.Is(err, io.EOF) {
			break
		}
		require.NoError(t, err, "%s", text)
		switch e := token.(type) {
		case xml.StartElement:
			name, parent := e.Name.Local, &stack[len(stack)-1]
			require.Equal(t, "urn:mpeg:dash:schema:mpd:2011", e.Name.Space)
			if parent.name == "" {
				require.Equal(t, "MPD", name)
			} else {
				at := slices.Index(mpdSchema[parent.name].children, name)
				require.GreaterOrEqual(t, at, parent.at, "%s in %s", name, parent.name)
				parent.at = at
			}
			requireAttributes(t, e)
			stack = append(stack, open{name: name})
		case xml.EndElement:
			stack = stack[:len(stack)-1]
		case xml.CharData:
			if stack[len(stack)-1].name != "Location" {
				require.Empty(t, strings.TrimSpace(string(e)))
			}
		}
	}
	require.Len(t, stack, 1)
}

func requireAttributes(t require.TestingT, e xml.StartElement) {
	rules, known := mpdSchema[e.Name.Local]
	require.True(t, known, e.Name.Local)
	seen := map[string]string{}
	for _, a := range e.Attr {
		name := a.Name.Local
		require.NotContains(t, seen, name)
		seen[name] = a.Value
		require.True(t, slices.Contains(rules.required, name) || slices.Contains(rules.optional, name), "%s/@%s", e.Name.Local, name)
		for form, names := range lexical {
			if slices.Contains(names, name) {
				require.Regexp(t, form, a.Value, name)
			}
		}
	}
	for _, name := range rules.required {
		require.Contains(t, seen, name, e.Name.Local)
	}
	if e.Name.Local == "MPD" { // 5.3.1.2, Table 3
		if seen["type"] == "dynamic" {
			require.Contains(t, seen, "availabilityStartTime")
			require.Contains(t, seen, "publishTime")
			require.Contains(t, seen, "minimumUpdatePeriod")
		} else {
			require.Contains(t, seen, "mediaPresentationDuration")
			require.NotContains(t, seen, "minimumUpdatePeriod")
		}
	}
}

func TestDurationsAreXML(t *testing.T) {
	for d, want := range map[time.Duration]string{
		-time.Second:               `PT0S`,
		0:                          `PT0S`,
		499 * time.Microsecond:     `PT0S`,
		500 * time.Microsecond:     `PT0.001S`,
		1050 * time.Millisecond:    `PT1.050S`,
		2 * time.Second:            `PT2S`,
		999_999 * time.Microsecond: `PT1S`,
		100*time.Hour + time.Second + 7*time.Millisecond: `PT360001.007S`,
	} {
		w := xmlWriter{}
		w.duration("d", d)
		require.Equal(t, ` d="`+want+`"`, string(w.b))
	}
}

// Any text comes back from an attribute and from an element as it was, save
// what XML cannot say.
func TestXMLText(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		text := rapid.String().Draw(t, "text")
		w := xmlWriter{}
		w.open("a")
		w.attr("b", text)
		w.inside()
		w.element("c", text)
		w.close("a")
		var got struct {
			B string `xml:"b,attr"`
			C string `xml:"c"`
		}
		require.NoError(t, xml.Unmarshal(w.b, &got), "%s", w.b)
		want := strings.Map(func(r rune) rune {
			if r < ' ' && r != '\t' && r != '\n' && r != '\r' || r == 0xfffe || r == 0xffff {
				return '\uFFFD'
			}
			return r
		}, strings.ToValidUTF8(text, "\uFFFD"))
		require.Equal(t, want, got.B)
		require.Equal(t, want, got.C)
	})
}

func BenchmarkMPD(b *testing.B) {
	m := sampleMPD()
	b.SetBytes(int64(len(m.AppendTo(nil))))
	b.ReportAllocs()
	for b.Loop() {
		m.AppendTo(nil)
	}
}
