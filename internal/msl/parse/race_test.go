//go:build race

package parse

// raceEnabled makes tests that only take time smaller under the race
// detector.
const raceEnabled = true
