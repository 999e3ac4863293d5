package source

// Nearest returns the name most like another, or "".
func Nearest(name string, list []string) string {
	best, bestDist, tie := "", (len(name)+2)/3+1, false
	if len(name) < 3 {
		return ""
	}
	for _, n := range list {
		switch d := Distance(name, n, bestDist+1); {
		case d < bestDist:
			best, bestDist, tie = n, d, false
		case d == bestDist && best != "":
			tie = true
		}
	}
	if tie {
		return ""
	}
	return best
}

// Distance is the edit distance between two names, or limit if it is no less.
func Distance(a, b string, limit int) int {
	if len(a) > 64 || len(b) > 64 {
		return limit
	}
	prev := make([]int, len(b)+1)
	cur := make([]int, len(b)+1)
	for j := range prev {
		prev[j] = j
	}
	for i := 1; i <= len(a); i++ {
		cur[0] = i
		low := cur[0]
		for j := 1; j <= len(b); j++ {
			d := prev[j-1]
			if a[i-1] != b[j-1] {
				d++
			}
			cur[j] = min(d, prev[j]+1, cur[j-1]+1)
			low = min(low, cur[j])
		}
		if low >= limit {
			return limit
		}
		prev, cur = cur, prev
	}
	return min(prev[len(b)], limit)
}
