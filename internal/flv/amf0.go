package flv

import "errors"

// Markers of AMF0 values (Action Message Format AMF0, 2.1).
const (
	markerNumber      = 0x00
	markerBoolean     = 0x01
	markerString      = 0x02
	markerObject      = 0x03
	markerNull        = 0x05
	markerUndefined   = 0x06
	markerReference   = 0x07
	markerECMAArray   = 0x08
	markerObjectEnd   = 0x09
	markerStrictArray = 0x0a
	markerDate        = 0x0b
	markerLongString  = 0x0c
	markerUnsupported = 0x0d
	markerXML         = 0x0f
	markerTypedObject = 0x10
	markerAVMPlus     = 0x11
)

// ErrUnknownMarker is returned, wrapped, beside the values before it when a
// value's type is one that the format does not define. The length of such a
// value is not known, so nothing behind it can be read.
var ErrUnknownMarker = errors.New("unknown AMF marker")

// ErrTruncated is returned, wrapped, beside the values before it when a value
// ends beyond the data.
var ErrTruncated = errors.New("AMF data ends within a value")

// ErrTooComplex is returned, wrapped, when values nest deeper than 16 levels
// or number more than 65536 in one message, or than the caller allows.
var ErrTooComplex = errors.New("AMF data too complex")

// Undefined is the AMF value "undefined". Values that have a place on the
// wire but no meaning here (references, the "unsupported" marker) decode to
// it too.
type Undefined struct{}

// Date is a moment in milliseconds since 1970, UTC. The time zone on the wire
// is reserved and left out (AMF0 2.13).
type Date float64

// Property is one named value of an Object.
type Property struct {
	Name  string
	Value any
}

// Object is an AMF object, its properties in the order of the wire. The class
// name of a typed object is dropped.
type Object []Property

// Get returns the value of the first property of that name, nil without one.
func (o Object) Get(name string) any {
	for i := range o {
		if o[i].Name == name {
			return o[i].Value
		}
	}
	return nil
}

// ECMAArray is an AMF associative array: an Object with another marker.
type ECMAArray []Property

// Get returns the value of the first property of that name, nil without one.
func (a ECMAArray) Get(name string) any { return Object(a).Get(name) }
