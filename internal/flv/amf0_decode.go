package flv

import (
	"encoding/binary"
	"errors"
	"fmt"
	"math"
)

const (
	maxAMFDepth  = 16      // levels of values within values
	maxAMFValues = 1 << 16 // a keyframe index of many hours fits
)

// DecodeAMF0 reads all values of one message. Numbers become float64,
// booleans bool, strings (long ones and XML too) string, null nil, and the
// rest Undefined, Object, ECMAArray, []any (strict array) and Date; values
// that an AVM+ marker switches to AMF3 become the same types.
//
// On an error the values read before it are returned with it, an object or
// array that was cut short with what it held so far; callers may go on with
// them. Counts on the wire are hints only: memory grows with the data alone.
func DecodeAMF0(b []byte) ([]any, error) { return DecodeAMF0Bounded(b, maxAMFValues) }

// DecodeAMF0Bounded is DecodeAMF0 that gives up, with ErrTooComplex, after most
// values, at most 65536.
func DecodeAMF0Bounded(b []byte, most int) ([]any, error) {
	d := amfReader{b: b, spent: max(0, maxAMFValues-most)}
	var values []any
	for len(d.b) > 0 {
		v, err := d.value(0)
		if err != nil {
			err = fmt.Errorf("AMF0 value %d: %w", len(values), err)
			if v != nil {
				values = append(values, v)
			}
			return values, err
		}
		values = append(values, v)
	}
	return values, nil
}

// errObjectEnd is met where a value was due.
var errObjectEnd = errors.New("object end outside of an object")

// amfReader consumes b from its front.
type amfReader struct {
	b     []byte
	spent int // of maxAMFValues
}

// take returns the next n bytes.
func (d *amfReader) take(n int) ([]byte, error) {
	if n < 0 || n > len(d.b) {
		d.b = nil
		return nil, ErrTruncated
	}
	p := d.b[:n]
	d.b = d.b[n:]
	return p, nil
}

// enter counts one value at a depth and refuses too many.
func (d *amfReader) enter(depth int) error {
	d.spent++
	if depth > maxAMFDepth || d.spent > maxAMFValues {
		return ErrTooComplex
	}
	return nil
}

func (d *amfReader) value(depth int) (any, error) {
	if err := d.enter(depth); err != nil {
		return nil, err
	}
	m, err := d.take(1)
	if err != nil {
		return nil, err
	}
	switch m[0] {
	case markerNumber:
		return value(d.number())
	case markerBoolean:
		p, err := d.take(1)
		return err == nil && p[0] != 0, err
	case markerString:
		return value(d.shortString())
	case markerLongString, markerXML:
		return value(d.longString())
	case markerNull:
		return nil, nil
	case markerUndefined, markerUnsupported:
		return Undefined{}, nil
	case markerReference:
		_, err := d.take(2)
		return Undefined{}, err
	case markerObject:
		return d.properties(depth)
	case markerTypedObject:
		if _, err := d.shortString(); err != nil {
			return nil, err
		}
		return d.properties(depth)
	case markerECMAArray:
		if _, err := d.take(4); err != nil { // the count is a hint that many encoders get wrong
			return nil, err
		}
		o, err := d.properties(depth)
		return ECMAArray(o), err
	case markerStrictArray:
		return d.strictArray(depth)
	case markerDate:
		ms, err := d.number()
		if err != nil {
			return nil, err
		}
		_, err = d.take(2)
		return Date(ms), err
	case markerAVMPlus:
		r := amf3Reader{amfReader: d}
		return r.value(depth)
	case markerObjectEnd:
		return nil, errObjectEnd
	}
	return nil, fmt.Errorf("0x%02x: %w", m[0], ErrUnknownMarker)
}

// value keeps a zero value that comes with an error from looking like a value.
func value[T any](v T, err error) (any, error) {
	if err != nil {
		return nil, err
	}
	return v, nil
}

func (d *amfReader) number() (float64, error) {
	p, err := d.take(8)
	if err != nil {
		return 0, err
	}
	return math.Float64frombits(binary.BigEndian.Uint64(p)), nil
}

func (d *amfReader) shortString() (string, error) {
	n, err := d.take(2)
	if err != nil {
		return "", err
	}
	p, err := d.take(int(binary.BigEndian.Uint16(n)))
	return string(p), err
}

func (d *amfReader) longString() (string, error) {
	n, err := d.take(4)
	if err != nil {
		return "", err
	}
	p, err := d.take(int(binary.BigEndian.Uint32(n)))
	return string(p), err
}

// properties reads name and value pairs up to the empty name and end marker.
// Data that ends cleanly between two pairs ends the object too: several
// encoders leave the end marker out of onMetaData.
func (d *amfReader) properties(depth int) (Object, error) {
	o := Object{}
	for len(d.b) > 0 {
		name, err := d.shortString()
		if err != nil {
			return o, err
		}
		if name == "" && len(d.b) > 0 && d.b[0] == markerObjectEnd { // no value: the deepest object has an end too
			d.b = d.b[1:]
			return o, nil
		}
		v, err := d.value(depth + 1)
		if err == nil || v != nil {
			o = append(o, Property{name, v})
		}
		if err != nil {
			return o, err
		}
	}
	return o, nil
}

func (d *amfReader) strictArray(depth int) (any, error) {
	n, err := d.take(4)
	if err != nil {
		return nil, err
	}
	values := []any{}
	for range binary.BigEndian.Uint32(n) {
		v, err := d.value(depth + 1)
		if err == nil || v != nil {
			values = append(values, v)
		}
		if err != nil {
			return values, err
		}
	}
	return values, nil
}
