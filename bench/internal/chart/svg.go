package chart

import (
	"bytes"
	"encoding/xml"
	"fmt"
	"math"
	"strings"
)

// The page, in its own units.
const (
	width, height = 760, 440
	left, right   = 84, 28
	inset         = 20 // of the first and the last figure from the ends of the axis
	bottom        = 56
	titleAt       = 30
	legendAt      = 56 // of the first row
	legendRow     = 20
	letter        = 6.7 // about, of the legend's type
	swatch        = 30
	mark          = 4.0
)

// style is the page in both lights. It has a ground of its own: a picture does
// not know what it stands on. Lines differ by their marks and dashes as well
// as by colour, and a law is as grey as the axes.
const style = `
    svg { --ground: #ffffff; --ink: #1f2328; --dim: #59636e; --grid: #d8dee4; --c0: #0969da; --c1: #bc4c00; --c2: #1a7f37; --c3: #8250df; --c4: #bf3989; }
    @media (prefers-color-scheme: dark) {
      svg { --ground: #0d1117; --ink: #e6edf3; --dim: #9198a1; --grid: #2a313c; --c0: #58a6ff; --c1: #f0883e; --c2: #3fb950; --c3: #bc8cff; --c4: #f778ba; }
    }
    text { font: 12px system-ui, -apple-system, "Segoe UI", Roboto, "DejaVu Sans", sans-serif; fill: var(--dim); }
    .title { font-size: 16px; font-weight: 600; fill: var(--ink); }
    .name { fill: var(--ink); }
    .ground { fill: var(--ground); stroke: var(--grid); }
    .grid { stroke: var(--grid); }
    .axis { stroke: var(--dim); }
    .line { fill: none; stroke-width: 2; stroke-linejoin: round; stroke-linecap: round; }
    .law { fill: none; stroke: var(--dim); stroke-width: 1.5; }
    .mark { stroke: var(--ground); stroke-width: 1; }
`

// colours is how many there are; dashes tell laws apart.
const colours = 5

var dashes = []string{"7 5", "2 4", "10 4 2 4"}

// drawing is a chart that is being written.
type drawing struct {
	bytes.Buffer
	x, y scale
}

// SVG draws the chart.
func (c Chart) SVG() []byte {
	rows := c.legend()
	top := float64(legendAt + legendRow*len(rows) + 22)
	d := &drawing{}
	var across, up []float64
	d.x, across = c.across(left+inset, width-right-inset)
	d.y, up = c.up(height-bottom, top)
	d.printf(`<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 %d %d" width="%[1]d" height="%[2]d" role="img">`+"\n", width, height)
	d.printf("  <title>%s</title>\n  <style>%s  </style>\n", escaped(c.Title), style)
	d.printf(`  <rect class="ground" x="0.5" y="0.5" width="%d" height="%d" rx="6"/>`+"\n", width-1, height-1)
	d.text("title", left-60, titleAt, "start", c.Title)
	d.legend(c.Series, rows)
	d.axes(across, up)
	for i, law := range c.numbers() {
		if s := &c.Series[i]; s.Law {
			d.line(s.Points, fmt.Sprintf(`class="law" stroke-dasharray="%s"`, dashes[law%len(dashes)]))
		}
	}
	for i, n := range c.numbers() {
		if s := &c.Series[i]; !s.Law {
			d.series(s, n)
		}
	}
	d.printf("</svg>\n")
	return d.Bytes()
}

// numbers counts the series, laws and others apart.
func (c *Chart) numbers() []int {
	numbers, laws := make([]int, len(c.Series)), 0
	for i := range c.Series {
		numbers[i] = i - laws
		if c.Series[i].Law {
			numbers[i], laws = laws, laws+1
		}
	}
	return numbers
}

// entry is a name in the legend.
type entry struct {
	series int
	number int
	x      float64
}

// legend sets the names in rows.
func (c *Chart) legend() [][]entry {
	const begin, gap = left - 60, 22
	var rows [][]entry
	x := float64(width)
	for i, n := range c.numbers() {
		wide := swatch + letter*float64(len([]rune(c.Series[i].Name)))
		if x+wide > width-right {
			rows, x = append(rows, nil), begin
		}
		rows[len(rows)-1] = append(rows[len(rows)-1], entry{i, n, x})
		x += wide + gap
	}
	return rows
}

func (d *drawing) legend(series []Series, rows [][]entry) {
	const half = 11
	for i, row := range rows {
		y := float64(legendAt + legendRow*i)
		for _, e := range row {
			s := &series[e.series]
			if s.Law {
				d.printf(`  <path class="law" stroke-dasharray="%s" d="M%.1f %.1fh%d"/>`+"\n", dashes[e.number%len(dashes)], e.x, y-4, 2*half)
			} else {
				d.printf(`  <path class="line" stroke="var(--c%d)" d="M%.1f %.1fh%d"/>`+"\n", e.number%colours, e.x, y-4, 2*half)
				d.mark(e.number, e.x+half, y-4)
			}
			d.text("name", e.x+swatch, y, "start", s.Name)
		}
	}
}

func (d *drawing) axes(across, up []float64) {
	const begin, end = left, width - right
	for _, value := range up {
		y := d.y.at(value)
		d.printf(`  <path class="grid" d="M%d %.1fH%d"/>`+"\n", begin, y, end)
		d.text("", begin-10, y+4, "end", d.y.text(value))
	}
	for _, value := range across {
		x := d.x.at(value)
		d.printf(`  <path class="axis" d="M%.1f %.1fv5"/>`+"\n", x, d.y.begin)
		d.text("", x, d.y.begin+20, "middle", d.x.text(value))
	}
	d.printf(`  <path class="axis" d="M%d %.1fH%d"/>`+"\n", begin, d.y.begin, end)
	d.text("", left-60, d.y.end-14, "start", "↑ "+d.y.Label)
	d.text("", end, d.y.begin+42, "end", d.x.Label+" →")
}

func (d *drawing) series(s *Series, number int) {
	colour := fmt.Sprintf(`stroke="var(--c%d)"`, number%colours)
	for _, p := range s.Points {
		if p.Most > p.Least {
			x := d.x.at(p.X)
			d.printf(`  <path class="line" %s d="M%.1f %.1fV%.1fm-4 0h8m-8 %.1fh8"/>`+"\n",
				colour, x, d.y.at(p.Least), d.y.at(p.Most), d.y.at(p.Least)-d.y.at(p.Most))
		}
	}
	d.line(s.Points, `class="line" `+colour)
	for _, p := range s.Points {
		d.mark(number, d.x.at(p.X), d.y.at(p.Y))
	}
}

func (d *drawing) line(points []Point, how string) {
	var path strings.Builder
	for i, p := range points {
		step := "L"
		if i == 0 {
			step = "M"
		}
		fmt.Fprintf(&path, "%s%.1f %.1f", step, d.x.at(p.X), d.y.at(p.Y))
	}
	d.printf("  <path %s d=\"%s\"/>\n", how, path.String())
}

// mark draws a figure: a disc, a square, a diamond or a triangle.
func (d *drawing) mark(number int, x, y float64) {
	paint := fmt.Sprintf(`class="mark" fill="var(--c%d)"`, number%colours)
	switch number % 4 {
	case 0:
		d.printf(`  <circle %s cx="%.1f" cy="%.1f" r="%.1f"/>`+"\n", paint, x, y, mark+0.5)
	case 1:
		d.printf(`  <path %s d="M%.1f %.1fh%.1fv%[4]fh-%[4]fz"/>`+"\n", paint, x-mark, y-mark, 2*mark)
	case 2:
		wide := mark * math.Sqrt2
		d.printf(`  <path %s d="M%.1f %.1fl%.1f %[4]fl-%[4]f %[4]fl-%[4]f -%[4]fz"/>`+"\n", paint, x, y-wide, wide)
	default:
		d.printf(`  <path %s d="M%.1f %.1fl%.1f %.1fh-%.1fz"/>`+"\n", paint, x, y-mark-1, mark+1, 2*mark+1, 2*mark+2)
	}
}

func (d *drawing) text(class string, x, y float64, anchor, text string) {
	if class != "" {
		class = ` class="` + class + `"`
	}
	if anchor != "start" {
		anchor = ` text-anchor="` + anchor + `"`
	} else {
		anchor = ""
	}
	d.printf("  <text%s%s x=\"%.1f\" y=\"%.1f\">%s</text>\n", class, anchor, x, y, escaped(text))
}

func (d *drawing) printf(format string, args ...any) { fmt.Fprintf(d, format, args...) }

func escaped(text string) string {
	var b strings.Builder
	_ = xml.EscapeText(&b, []byte(text)) // a builder takes all
	return b.String()
}
