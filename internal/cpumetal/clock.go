package cpumetal

import (
	"sync"
	"time"
)

// clock is the device's clock: seconds since boot where the system tells when
// that was, since a second before the first reading elsewhere. It never stands
// still or runs back.
type clock struct {
	start time.Time
	since float64 // seconds at start
}

var deviceClock = sync.OnceValue(func() clock {
	since := uptime()
	if since <= 0 {
		since = 1
	}
	return clock{time.Now(), since}
})

// now returns the device's time in seconds.
func now() float64 {
	c := deviceClock()
	return c.since + float64(time.Since(c.start))*1e-9
}

// tick is less than any work takes and more than what a float64 of seconds
// since boot resolves for some centuries: it keeps an end after its start.
const tick = 1e-6
