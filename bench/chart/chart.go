// Package chart draws measurements as SVG that reads well in a README.
package chart

import (
	"fmt"
	"html"
	"io"
	"math"
	"os"
	"strings"
)

// Save writes a chart to a file.
func Save(path string, c interface{ WriteSVG(io.Writer) error }) error {
	f, err := os.Create(path)
	if err != nil {
		return err
	}
	if err := c.WriteSVG(f); err != nil {
		f.Close()
		return err
	}
	return f.Close()
}

// Lines is a chart of one or more series over the same points.
type Lines struct {
	Title  string
	X      []string // what the points are
	XLabel string
	YLabel string
	Log    bool // the y axis is logarithmic, from a power of ten to another
	Series []Series
}

// Series is one line of a chart; a NaN is a gap.
type Series struct {
	Name string
	Y    []float64
}

// The colours tell apart for the colour-blind too (Okabe and Ito).
var colours = []string{"#0072b2", "#d55e00", "#009e73", "#cc79a7", "#e69f00", "#56b4e9", "#000000"}

const (
	width, height            = 760, 400
	left, right, top, bottom = 64, 180, 40, 56
)

// WriteSVG writes the chart; the y axis begins at 0 unless it is logarithmic.
func (c *Lines) WriteSVG(w io.Writer) error {
	grid, scale := c.axis()
	x := func(i int) float64 {
		return left + float64(i)*(width-left-right)/math.Max(1, float64(len(c.X)-1))
	}
	y := func(v float64) float64 { return height - bottom - scale(v)*(height-top-bottom) }

	var b strings.Builder
	fmt.Fprintf(&b, `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 %d %d" font-family="sans-serif" font-size="12">`+"\n", width, height)
	fmt.Fprintf(&b, `<rect width="%d" height="%d" fill="white"/>`+"\n", width, height)
	text := func(x, y float64, anchor, attributes, s string) {
		fmt.Fprintf(&b, `<text x="%.1f" y="%.1f" text-anchor="%s"%s>%s</text>`+"\n", x, y, anchor, attributes, html.EscapeString(s))
	}
	text(left, 22, "start", ` font-size="15" font-weight="bold"`, c.Title)
	for _, v := range grid {
		fmt.Fprintf(&b, `<path d="M%d %.1fH%d" stroke="#ddd"/>`+"\n", left, y(v), width-right)
		text(left-6, y(v)+4, "end", "", fmt.Sprintf("%g", v))
	}
	for i, name := range c.X {
		text(x(i), height-bottom+18, "middle", "", name)
	}
	text((left+width-right)/2, height-12, "middle", "", c.XLabel)
	text(0, 0, "middle", fmt.Sprintf(` transform="translate(16 %d) rotate(-90)"`, (top+height-bottom)/2), c.YLabel)
	for k, s := range c.Series {
		colour := colours[k%len(colours)]
		path, pen := "", "M"
		for i, v := range s.Y {
			if math.IsNaN(v) {
				pen = "M"
				continue
			}
			path += fmt.Sprintf("%s%.1f %.1f", pen, x(i), y(v))
			pen = "L"
			fmt.Fprintf(&b, `<circle cx="%.1f" cy="%.1f" r="3" fill="%s"/>`+"\n", x(i), y(v), colour)
		}
		fmt.Fprintf(&b, `<path d="%s" fill="none" stroke="%s" stroke-width="2"/>`+"\n", path, colour)
		at := float64(top + 8 + 20*k)
		fmt.Fprintf(&b, `<path d="M%d %.1fh18" stroke="%s" stroke-width="3"/>`+"\n", width-right+12, at, colour)
		text(width-right+36, at+4, "start", "", s.Name)
	}
	b.WriteString("</svg>\n")
	_, err := io.WriteString(w, b.String())
	return err
}

// axis returns the values of the grid lines, and where a value is between the
// bottom, 0, and the top, 1.
func (c *Lines) axis() (grid []float64, scale func(float64) float64) {
	lowest, highest := math.Inf(1), 0.0
	for _, s := range c.Series {
		for _, y := range s.Y {
			if y > 0 {
				lowest, highest = min(lowest, y), max(highest, y)
			}
		}
	}
	if c.Log && highest > 0 {
		from, to := math.Floor(math.Log10(lowest)), math.Ceil(math.Log10(highest))
		to = max(to, from+1)
		for p := from; p <= to; p++ {
			grid = append(grid, math.Pow(10, p))
		}
		return grid, func(v float64) float64 { return (math.Log10(v) - from) / (to - from) }
	}
	step := niceStep(highest)
	highest = math.Max(step, math.Ceil(highest/step)*step)
	for v := 0.0; v <= highest*1.0001; v += step {
		grid = append(grid, math.Round(v/step)*step)
	}
	return grid, func(v float64) float64 { return v / highest }
}

// niceStep returns the distance of grid lines for values up to highest: 1, 2 or
// 5 times a power of ten, and at most eight of them.
func niceStep(highest float64) float64 {
	if highest <= 0 {
		return 1
	}
	power := math.Pow(10, math.Floor(math.Log10(highest/8)))
	for _, m := range []float64{1, 2, 5, 10} {
		if highest/(m*power) <= 8 {
			return m * power
		}
	}
	return 10 * power
}
