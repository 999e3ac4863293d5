package gpu

import (
	"context"
	"errors"
	"fmt"
	"log/slog"

	"github.com/aruminium-go/aruminium/mtl"
)

// QueueOptions is how a queue is made. The zero value is what Queue uses.
type QueueOptions struct {
	// Label names the queue in tools.
	Label string
	// Log takes what kernels say with os_log, if their library was compiled with
	// CompileOptions.Logging. Debug, info and error are slog's levels; a notice, which is what
	// os_log's plain log gives, is LevelNotice, a fault LevelFault. Subsystem and category are
	// attributes of these names, if they are not empty. All messages of a command buffer come
	// before its Wait returns. A nil Log is the process's log: on a Mac the unified log, elsewhere
	// the standard logger of package log.
	Log *slog.Logger
	// LogBuffer is how many bytes of messages a command buffer may keep up to its end, from 1 KiB
	// to 1 GiB; 0 is Metal's 1 MiB. What does not fit is dropped.
	LogBuffer int
}

// Levels of kernels' messages that slog has no names for.
const (
	LevelNotice = slog.LevelInfo + 2
	LevelFault  = slog.LevelError + 4
)

// QueueWith is Queue with options.
func (d *Device) QueueWith(o QueueOptions) (*Queue, error) {
	if err := d.use("QueueWith"); err != nil {
		return nil, err
	}
	defer d.done()
	raw := d.h.raw.NewCommandQueue
	if o.Log != nil || o.LogBuffer != 0 {
		state, err := d.h.logState(o)
		if err != nil {
			return nil, fmt.Errorf("gpu: Device.QueueWith: %w", err)
		}
		defer state.Release()
		desc := mtl.NewCommandQueueDescriptor()
		defer desc.Release()
		desc.SetLogState(state)
		raw = func() mtl.CommandQueue { return d.h.raw.NewCommandQueueWithDescriptor(desc) }
	}
	r := raw()
	if r.IsNil() {
		return nil, fmt.Errorf("gpu: Device.QueueWith: the device gave no queue: %w", ErrMemory)
	}
	q := d.h.newQueue(r)
	if o.Label != "" {
		q.SetLabel(o.Label)
	}
	return q, nil
}

// logState makes a MTLLogState that gives its messages to the logger of o.
func (d *device) logState(o QueueOptions) (mtl.LogState, error) {
	if !d.raw.RespondsTo("newLogStateWithDescriptor:error:") {
		return mtl.LogState{}, fmt.Errorf("messages of kernels want macOS 15: %w", ErrUnsupported)
	}
	desc := mtl.NewLogStateDescriptor()
	defer desc.Release()
	if o.LogBuffer != 0 {
		desc.SetBufferSize(o.LogBuffer)
	}
	if o.Log != nil {
		desc.SetLevel(leastLevel(o.Log))
	}
	state, err := d.raw.NewLogState(desc)
	if err != nil || state.IsNil() {
		return state, errors.Join(errors.New("the device gave no log"), err)
	}
	if l := o.Log; l != nil {
		state.AddLogHandler(func(subsystem, category string, level mtl.LogLevel, text string) {
			var attrs []slog.Attr
			if subsystem != "" {
				attrs = append(attrs, slog.String("subsystem", subsystem))
			}
			if category != "" {
				attrs = append(attrs, slog.String("category", category))
			}
			l.LogAttrs(context.Background(), slogLevel(level), text, attrs...)
		})
	}
	return state, nil
}

// leastLevel is the lowest level that l takes.
func leastLevel(l *slog.Logger) mtl.LogLevel {
	for level := mtl.LogLevelDebug; level < mtl.LogLevelFault; level++ {
		if l.Enabled(context.Background(), slogLevel(level)) {
			return level
		}
	}
	return mtl.LogLevelFault
}

func slogLevel(l mtl.LogLevel) slog.Level {
	switch l {
	case mtl.LogLevelDebug:
		return slog.LevelDebug
	case mtl.LogLevelInfo:
		return slog.LevelInfo
	case mtl.LogLevelError:
		return slog.LevelError
	case mtl.LogLevelFault:
		return LevelFault
	}
	return LevelNotice
}
