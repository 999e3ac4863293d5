package cpumetal

import "fmt"

// Error domains and keys, by the values Metal gives them.
const (
	DomainCommandBuffer = "MTLCommandBufferErrorDomain"
	DomainLibrary       = "MTLLibraryErrorDomain"
	DomainLogState      = "MTLLogStateErrorDomain"
	DomainCounter       = "MTLCounterErrorDomain"

	encoderInfoKey = "MTLCommandBufferEncoderInfoErrorKey"
)

// Codes of DomainCommandBuffer, MTLCommandBufferError.
const (
	CodeInternal        = 1
	CodeTimeout         = 2
	CodePageFault       = 3
	CodeAccessRevoked   = 4 // also of what is ignored after a fault
	CodeNotPermitted    = 7
	CodeOutOfMemory     = 8
	CodeInvalidResource = 9
	CodeStackOverflow   = 12
)

// Codes of DomainLibrary, MTLLibraryError.
const (
	CodeUnsupported      = 1
	CodeLibraryInternal  = 2
	CodeCompileFailure   = 3
	CodeCompileWarning   = 4
	CodeFunctionNotFound = 5
	CodeFileNotFound     = 6
)

// Codes of DomainLogState, MTLLogStateError.
const (
	CodeLogSize    = 1
	CodeLogInvalid = 2
)

// CodeSamplesInvalid of DomainCounter is MTLCounterSampleBufferErrorInvalid.
const CodeSamplesInvalid = 1

// Error is what becomes an NSError.
type Error struct {
	Domain   string
	Code     int
	Text     string        // localizedDescription
	Encoders []EncoderInfo // of a command buffer whose errorOptions ask for them
}

func (e *Error) Error() string { return e.Text }

func errorf(domain string, code int, format string, args ...any) *Error {
	return &Error{Domain: domain, Code: code, Text: fmt.Sprintf(format, args...)}
}

// EncoderState is MTLCommandEncoderErrorState.
type EncoderState int

const (
	EncoderUnknown   EncoderState = 0
	EncoderCompleted EncoderState = 1
	EncoderAffected  EncoderState = 2
	EncoderPending   EncoderState = 3
	EncoderFaulted   EncoderState = 4
)

// EncoderInfo tells what became of one encoder of a command buffer,
// MTLCommandBufferEncoderInfo.
type EncoderInfo struct {
	Label     string
	Signposts []string
	State     EncoderState
}
