package plot

import (
	"fmt"
	"strings"
)

type spot struct{ x, y float64 }

// line returns the path through the spots. It is interrupted at spots with a negative y.
func line(spots []spot) string {
	var b strings.Builder
	pen := "M"
	for _, s := range spots {
		if s.y < 0 {
			pen = "M"
			continue
		}
		fmt.Fprintf(&b, "%s%.1f %.1f", pen, s.x, s.y)
		pen = "L"
	}
	return b.String()
}

// area returns the path around the area between the spots and the ground.
func area(spots []spot, ground float64) string {
	if len(spots) == 0 {
		return ""
	}
	var b strings.Builder
	fmt.Fprintf(&b, "M%.1f %.1f", spots[0].x, ground)
	for _, s := range spots {
		fmt.Fprintf(&b, "L%.1f %.1f", s.x, s.y)
	}
	fmt.Fprintf(&b, "L%.1f %.1fZ", spots[len(spots)-1].x, ground)
	return b.String()
}
