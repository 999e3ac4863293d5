package cpumetal

import (
	"fmt"
	"log"
	"os"
	"strconv"
	"sync"

	"github.com/aruminium-go/aruminium/internal/ir"
	"github.com/aruminium-go/aruminium/internal/printf"
)

// LogLevel is MTLLogLevel.
type LogLevel int

const (
	LogUndefined LogLevel = iota
	LogDebug
	LogInfo
	LogNotice
	LogError
	LogFault
)

var logLevelNames = [...]string{"", "debug", "info", "notice", "error", "fault"}

// levelOf is the level of messages of IR.
func levelOf(l ir.Level) LogLevel { return LogDebug + LogLevel(l) }

// Sizes of a log's buffer, in bytes, as Metal has them.
const (
	minLogBuffer     = 1 << 10
	maxLogBuffer     = 1 << 30
	defaultLogBuffer = 1 << 20
)

// A LogEntry is one message of a kernel.
type LogEntry struct {
	Subsystem, Category string // may be empty
	Level               LogLevel
	Text                string
}

// LogState says which messages of kernels are kept and who is given them,
// MTLLogState. Messages are given out when the command buffer has run, before its
// completed handlers are called.
type LogState struct {
	level LogLevel
	size  int // bytes of messages that a command buffer may keep

	mu       sync.Mutex
	handlers []func(LogEntry)
}

// NewLogState returns a state that keeps messages from level on, as many as fit
// size bytes for each command buffer. newLogStateWithDescriptor:error:
func NewLogState(level LogLevel, size int) (*LogState, *Error) {
	if size < minLogBuffer || size > maxLogBuffer {
		return nil, errorf(DomainLogState, CodeLogSize, "a log's buffer has from %d to %d bytes, not %d", minLogBuffer, maxLogBuffer, size)
	}
	return &LogState{level: level, size: size}, nil
}

// AddHandler has f called with every message. Without a handler messages go to
// the standard logger of package log. addLogHandler:
func (s *LogState) AddHandler(f func(LogEntry)) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.handlers = append(s.handlers, f)
}

func (s *LogState) give(e LogEntry) {
	s.mu.Lock()
	handlers := s.handlers
	s.mu.Unlock()
	if len(handlers) == 0 {
		e.print()
	}
	for _, h := range handlers {
		h(e)
	}
}

// print writes e to the process's log.
func (e *LogEntry) print() {
	name := ""
	if e.Subsystem != "" || e.Category != "" {
		name = "[" + e.Subsystem + ":" + e.Category + "] "
	}
	log.Print(logLevelNames[e.Level], ": ", name, e.Text)
}

// Metal's environment variables: either has all libraries compiled with
// logging, and together they make the state of command buffers that have none.
const (
	logLevelVariable  = "MTL_LOG_LEVEL" // such as MTLLogLevelInfo
	logBufferVariable = "MTL_LOG_BUFFER_SIZE"
)

// loggingWanted reports whether the environment asks for messages.
func loggingWanted() bool {
	_, level := os.LookupEnv(logLevelVariable)
	_, size := os.LookupEnv(logBufferVariable)
	return level || size
}

// defaultLog is the state of command buffers that have none.
var defaultLog = sync.OnceValue(func() *LogState {
	s := &LogState{level: LogDebug, size: defaultLogBuffer}
	switch os.Getenv(logLevelVariable) {
	case "MTLLogLevelInfo":
		s.level = LogInfo
	case "MTLLogLevelNotice":
		s.level = LogNotice
	case "MTLLogLevelError":
		s.level = LogError
	case "MTLLogLevelFault":
		s.level = LogFault
	}
	if n, err := strconv.Atoi(os.Getenv(logBufferVariable)); err == nil && n >= minLogBuffer && n <= maxLogBuffer {
		s.size = n
	}
	return s
})

// A logBuffer keeps the messages of a command buffer. It is a simt.Logger.
type logBuffer struct {
	state *LogState

	mu      sync.Mutex
	used    int // bytes of entries
	entries []LogEntry
	dropped int
	text    []byte
	formats map[*ir.Message][]printf.Piece
}

// entryOverhead is what a message takes of the buffer beside its text.
const entryOverhead = 32

func (b *logBuffer) Log(m *ir.Message, args []uint64) {
	if levelOf(m.Level) < b.state.level {
		return
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	pieces, ok := b.formats[m]
	if !ok {
		pieces, _ = printf.Parse(m.Format)
		if b.formats == nil {
			b.formats = map[*ir.Message][]printf.Piece{}
		}
		b.formats[m] = pieces
	}
	b.text = printf.Append(b.text[:0], pieces, args, m.Strings)
	size := entryOverhead + len(b.text)
	if b.used+size > b.state.size { // one that is shorter may still fit
		b.dropped++
		return
	}
	b.used += size
	b.entries = append(b.entries, LogEntry{m.Subsystem, m.Category, levelOf(m.Level), string(b.text)})
}

// empty reports whether there is nothing to give out.
func (b *logBuffer) empty() bool { return len(b.entries) == 0 && b.dropped == 0 }

// giveOut gives the messages to the handlers, and says how many there was no
// room for.
func (b *logBuffer) giveOut() {
	for _, e := range b.entries {
		b.state.give(e)
	}
	if b.dropped > 0 {
		b.state.give(LogEntry{Level: LogError, Text: fmt.Sprintf("%d messages of kernels were dropped: the log's buffer has %d bytes", b.dropped, b.state.size)})
	}
	*b = logBuffer{state: b.state}
}
