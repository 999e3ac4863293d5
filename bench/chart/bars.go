package chart

import (
	"fmt"
	"html"
	"io"
	"math"
	"strings"
)

// Bars is a chart of horizontal bars on a logarithmic axis, a group of them for
// each name.
type Bars struct {
	Title     string
	Names     []string
	Series    []Series // Y has a value for each name; NaN for none
	Reference float64  // a value to mark, and where the bars begin
}

const (
	barWidth, barLabels, barRight, barTop = 760, 130, 30, 64
	barHeight                             = 8
)

// WriteSVG writes the chart.
func (c *Bars) WriteSVG(w io.Writer) error {
	low, high := c.Reference, c.Reference
	for _, s := range c.Series {
		for _, v := range s.Y {
			if v > 0 {
				low, high = min(low, v), max(high, v)
			}
		}
	}
	from, to := math.Floor(math.Log2(low)), math.Ceil(math.Log2(high*1.01))
	x := func(v float64) float64 {
		return barLabels + (math.Log2(v)-from)/(to-from)*(barWidth-barLabels-barRight)
	}
	group := len(c.Series)*barHeight + 8
	height := barTop + len(c.Names)*group + 30

	var b strings.Builder
	fmt.Fprintf(&b, `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 %d %d" font-family="sans-serif" font-size="12">`+"\n", barWidth, height)
	fmt.Fprintf(&b, `<rect width="%d" height="%d" fill="white"/>`+"\n", barWidth, height)
	text := func(x, y float64, anchor, attributes, s string) {
		fmt.Fprintf(&b, `<text x="%.1f" y="%.1f" text-anchor="%s"%s>%s</text>`+"\n", x, y, anchor, attributes, html.EscapeString(s))
	}
	text(12, 22, "start", ` font-size="15" font-weight="bold"`, c.Title)
	at := 12.0
	for k, s := range c.Series {
		fmt.Fprintf(&b, `<rect x="%.1f" y="36" width="12" height="12" fill="%s"/>`+"\n", at, colours[k%len(colours)])
		text(at+18, 46, "start", "", s.Name)
		at += 40 + 7*float64(len(s.Name))
	}
	for p := from; p <= to; p++ {
		v := math.Pow(2, p)
		stroke := "#ddd"
		if v == c.Reference {
			stroke = "#000"
		}
		fmt.Fprintf(&b, `<path d="M%.1f %dV%d" stroke="%s"/>`+"\n", x(v), barTop-4, height-26, stroke)
		text(x(v), float64(height-10), "middle", "", fmt.Sprintf("%g×", v))
	}
	for i, name := range c.Names {
		y := barTop + i*group
		text(barLabels-8, float64(y)+float64(group)/2, "end", "", name)
		for k, s := range c.Series {
			v := s.Y[i]
			if !(v > 0) {
				continue
			}
			a, z := x(min(v, c.Reference)), x(max(v, c.Reference))
			fmt.Fprintf(&b, `<rect x="%.1f" y="%d" width="%.1f" height="%d" fill="%s"/>`+"\n", a, y+k*barHeight, max(1, z-a), barHeight-1, colours[k%len(colours)])
		}
	}
	b.WriteString("</svg>\n")
	_, err := io.WriteString(w, b.String())
	return err
}
