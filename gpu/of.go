package gpu

import (
	"errors"
	"fmt"
	"iter"
	"reflect"
	"unsafe"
)

// Scalar is what Go and MSL agree on: the fixed-size integers and float32. fp16.Float16 and
// fp16.BFloat16 belong to it. float64 does not, since MSL has none; nor do int and uint, whose
// size is the machine's; nor bool, of which Go allows two values and a byte has 256.
type Scalar interface {
	~int8 | ~int16 | ~int32 | ~int64 | ~uint8 | ~uint16 | ~uint32 | ~uint64 | ~float32
}

// Of is a view of a buffer as elements of type T. It is a small value: copy it freely. Closing it
// closes the buffer.
type Of[T any] struct {
	*Buffer
	n int
}

// Make returns a zeroed shared buffer of n elements. The caller closes it.
func Make[T Scalar](d *Device, n int) (Of[T], error) {
	return makeOf[T](n, "Make", d.Buffer)
}

// MakePrivate returns a private buffer of n elements. The caller closes it.
func MakePrivate[T Scalar](d *Device, n int) (Of[T], error) {
	return makeOf[T](n, "MakePrivate", d.BufferPrivate)
}

func makeOf[T Scalar](n int, op string, alloc func(int) (*Buffer, error)) (Of[T], error) {
	size := int(unsafe.Sizeof(*new(T)))
	if n <= 0 {
		return Of[T]{}, fmt.Errorf("gpu: %s: %d elements: at least 1 is needed", op, n)
	}
	if n > (1<<63-1)/size {
		return Of[T]{}, fmt.Errorf("gpu: %s: %d elements of %d bytes are past what a buffer can hold", op, n, size)
	}
	b, err := alloc(n * size)
	if err != nil {
		return Of[T]{}, err
	}
	return Of[T]{b, n}, nil
}

// From returns a shared buffer with a copy of the elements. The caller closes it.
func From[T Scalar](d *Device, elements []T) (Of[T], error) {
	if len(elements) == 0 {
		return Of[T]{}, errors.New("gpu: From: there are no elements: at least 1 is needed")
	}
	b, err := d.BufferFrom(unsafe.Slice((*byte)(unsafe.Pointer(unsafe.SliceData(elements))), len(elements)*int(unsafe.Sizeof(elements[0]))))
	if err != nil {
		return Of[T]{}, err
	}
	return Of[T]{b, len(elements)}, nil
}

// As views a shared buffer as elements of type T: a Scalar, or an array or struct made of such.
// The buffer's length must be a whole number of elements. Go and MSL lay structs out alike but for
// vectors, which MSL aligns to their size, float4 to 16 bytes: put padding before the [4]float32
// that stands for one, or write packed_float4 in MSL. A vector of three takes the room of four.
// The error of a private buffer is ErrPrivate.
func As[T any](b *Buffer) (Of[T], error) {
	t := reflect.TypeFor[T]()
	if b.none() {
		return Of[T]{}, fmt.Errorf("gpu: As[%v]: the buffer is nil", t)
	}
	if why := layout(t); why != "" {
		return Of[T]{}, fmt.Errorf("gpu: As[%v]: %s", t, why)
	}
	size := int(t.Size())
	switch {
	case b.h.of.Closed():
		return Of[T]{}, fmt.Errorf("gpu: As[%v]: the buffer is closed: %w", t, ErrClosed)
	case b.h.contents == nil:
		return Of[T]{}, fmt.Errorf("gpu: As[%v]: %w", t, ErrPrivate)
	case size == 0:
		return Of[T]{}, fmt.Errorf("gpu: As[%v]: the type has no size", t)
	case b.Len()%size != 0:
		return Of[T]{}, fmt.Errorf("gpu: As[%v]: a buffer of %d bytes is no whole number of elements of %d bytes", t, b.Len(), size)
	case uintptr(b.h.contents)%uintptr(t.Align()) != 0:
		return Of[T]{}, fmt.Errorf("gpu: As[%v]: the buffer's memory is not aligned to %d bytes", t, t.Align())
	}
	return Of[T]{b, b.Len() / size}, nil
}

// layout says why a value of type t does not mean the same to Go and to MSL, or "".
func layout(t reflect.Type) string {
	switch t.Kind() {
	case reflect.Int8, reflect.Int16, reflect.Int32, reflect.Int64,
		reflect.Uint8, reflect.Uint16, reflect.Uint32, reflect.Uint64, reflect.Float32:
		return ""
	case reflect.Array:
		return layout(t.Elem())
	case reflect.Struct:
		for i := range t.NumField() {
			if why := layout(t.Field(i).Type); why != "" {
				return "field " + t.Field(i).Name + ": " + why
			}
		}
		return ""
	case reflect.Int, reflect.Uint, reflect.Uintptr:
		return fmt.Sprintf("%v has the machine's size, which MSL does not know: use int32, uint32, int64 or uint64", t)
	case reflect.Float64:
		return fmt.Sprintf("%v: MSL has no double: use float32", t)
	case reflect.Bool:
		return fmt.Sprintf("%v: a byte of the device's need not be a Go bool: use uint8", t)
	}
	return fmt.Sprintf("%v is no plain memory that a device could read", t)
}

// Len is the number of elements.
func (o Of[T]) Len() int { return o.n }

// Slice is the elements, in the buffer's own memory. It is nil for a private or closed buffer, and
// valid until Close; Buffer.Bytes says more.
func (o Of[T]) Slice() []T {
	if o.Buffer.Bytes() == nil {
		return nil
	}
	return o.elements()
}

// elements is Slice for uses that do not outlive the view.
func (o Of[T]) elements() []T {
	if o.Buffer == nil || o.h.contents == nil || o.h.of.Closed() {
		return nil
	}
	return unsafe.Slice((*T)(o.h.contents), o.n)
}

// At is element i. It panics if i is out of range or the CPU has no access, as an index of Slice
// does.
func (o Of[T]) At(i int) T { return o.elements()[i] }

// All ranges over the elements of a shared buffer as they are when each is reached.
func (o Of[T]) All() iter.Seq2[int, T] {
	return func(yield func(int, T) bool) {
		for i, v := range o.elements() {
			if !yield(i, v) {
				return
			}
		}
	}
}

// viewed lets Queue.Run take a view of any element type.
func (o Of[T]) viewed() *Buffer { return o.Buffer }
