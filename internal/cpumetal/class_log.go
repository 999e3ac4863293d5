package cpumetal

import "github.com/aruminium-go/aruminium/internal/objcrt"

// logStateObject is a MTLLogState: the state, and the blocks that its handlers
// call.
type logStateObject struct {
	state  *LogState
	blocks []objcrt.ID
}

// logStateDescriptor is a MTLLogStateDescriptor.
type logStateDescriptor struct{ level, size uintptr }

var logStateLazy, logStateDescriptorLazy objcrt.Lazy

func logStateClass() *objcrt.Class { return logStateLazy.Class(defineLogState) }
func logStateDescriptorClass() *objcrt.Class {
	return logStateDescriptorLazy.Class(defineLogStateDescriptor)
}

func defineLogState() objcrt.ClassDef {
	return objcrt.ClassDef{
		Name: "MTLCPULogState",
		Dealloc: func(o *objcrt.Object) {
			for _, b := range value[*logStateObject](o).blocks {
				objcrt.Release(b)
			}
		},
		Methods: []objcrt.Method{
			{Selector: "addLogHandler:", Encoding: "v@:@?", Func: func(o *objcrt.Object, block uintptr) {
				value[*logStateObject](o).add(objcrt.ID(block))
			}},
		},
	}
}

// add has a block called with subsystem, category, level and message.
func (l *logStateObject) add(block objcrt.ID) {
	if block == 0 {
		return
	}
	l.state.mu.Lock()
	l.blocks = append(l.blocks, objcrt.Retain(block))
	l.state.mu.Unlock()
	l.state.AddHandler(func(e LogEntry) {
		words := [3]uintptr{newString(e.Subsystem), newString(e.Category), uintptr(objcrt.NewString(e.Text))}
		objcrt.CallBlock(block, words[0], words[1], uintptr(e.Level), words[2])
		for _, w := range words {
			objcrt.Release(objcrt.ID(w))
		}
	})
}

func defineLogStateDescriptor() objcrt.ClassDef {
	type T = *logStateDescriptor
	return objcrt.ClassDef{
		Name:  "MTLLogStateDescriptor",
		Alloc: func() any { return &logStateDescriptor{level: uintptr(LogDebug), size: defaultLogBuffer} },
		Copy:  func(o *objcrt.Object) any { c := *value[T](o); return &c },
		Methods: joinMethods(
			wordProperty("level", "setLevel:", "q", func(d T) *uintptr { return &d.level }),
			wordProperty("bufferSize", "setBufferSize:", "q", func(d T) *uintptr { return &d.size }),
		),
	}
}

// deviceLogs makes states of logs.
func deviceLogs() []objcrt.Method {
	return []objcrt.Method{
		{Selector: "newLogStateWithDescriptor:error:", Encoding: "@@:@^@", Func: func(_ *objcrt.Object, descriptor, out uintptr) uintptr {
			d, ok := objcrt.As[*logStateDescriptor](objcrt.ID(descriptor))
			if !ok {
				storeError(out, errorf(DomainLogState, CodeLogInvalid, "newLogStateWithDescriptor: the descriptor is nil"))
				return 0
			}
			state, err := NewLogState(LogLevel(int(d.level)), int(d.size))
			if err != nil {
				storeError(out, err)
				return 0
			}
			return uintptr(logStateClass().New(&logStateObject{state: state}))
		}},
	}
}

// logOf returns the state that an object is, nil if it is none.
func logOf(id objcrt.ID) *LogState {
	if l, ok := objcrt.As[*logStateObject](id); ok {
		return l.state
	}
	return nil
}
