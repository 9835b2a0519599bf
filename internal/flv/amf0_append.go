package flv

import (
	"encoding/binary"
	"math"
)

// AppendAMF0 appends values to dst and returns it. It takes the types that
// DecodeAMF0 returns, and int for a number. A value of any other type is
// written as the "unsupported" marker (AMF0 2.15), and a property whose name
// is empty or longer than 65535 bytes is left out, since the format has no
// form for it.
func AppendAMF0(dst []byte, values ...any) []byte {
	for _, v := range values {
		dst = appendAMF0Value(dst, v)
	}
	return dst
}

func appendAMF0Value(dst []byte, v any) []byte {
	switch v := v.(type) {
	case float64:
		return appendAMF0Number(dst, v)
	case int:
		return appendAMF0Number(dst, float64(v))
	case bool:
		if v {
			return append(dst, markerBoolean, 1)
		}
		return append(dst, markerBoolean, 0)
	case string:
		return appendAMF0String(dst, v)
	case nil:
		return append(dst, markerNull)
	case Undefined:
		return append(dst, markerUndefined)
	case Object:
		return appendAMF0Properties(append(dst, markerObject), v)
	case ECMAArray:
		dst = append(dst, markerECMAArray)
		dst = binary.BigEndian.AppendUint32(dst, countWritable(v))
		return appendAMF0Properties(dst, v)
	case []any:
		dst = append(dst, markerStrictArray)
		dst = binary.BigEndian.AppendUint32(dst, uint32(len(v)))
		return AppendAMF0(dst, v...)
	case Date:
		dst = append(dst, markerDate)
		dst = binary.BigEndian.AppendUint64(dst, math.Float64bits(float64(v)))
		return append(dst, 0, 0)
	}
	return append(dst, markerUnsupported)
}

func appendAMF0Number(dst []byte, v float64) []byte {
	dst = append(dst, markerNumber)
	return binary.BigEndian.AppendUint64(dst, math.Float64bits(v))
}

func appendAMF0String(dst []byte, s string) []byte {
	if len(s) > math.MaxUint16 {
		dst = append(dst, markerLongString)
		dst = binary.BigEndian.AppendUint32(dst, uint32(len(s)))
		return append(dst, s...)
	}
	dst = append(dst, markerString)
	dst = binary.BigEndian.AppendUint16(dst, uint16(len(s)))
	return append(dst, s...)
}

func appendAMF0Properties(dst []byte, properties []Property) []byte {
	for _, p := range properties {
		if !writable(p.Name) {
			continue
		}
		dst = binary.BigEndian.AppendUint16(dst, uint16(len(p.Name)))
		dst = append(dst, p.Name...)
		dst = appendAMF0Value(dst, p.Value)
	}
	return append(dst, 0, 0, markerObjectEnd)
}

// writable reports whether the format has a form for a property's name.
func writable(name string) bool { return name != "" && len(name) <= math.MaxUint16 }

func countWritable(properties []Property) (n uint32) {
	for _, p := range properties {
		if writable(p.Name) {
			n++
		}
	}
	return n
}
