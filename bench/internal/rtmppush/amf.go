// Package rtmppush is the publishing side of RTMP, made to cost as little as
// it can: the load generator sends many paced copies of one clip from one
// process, and the latency tool knows to the microsecond when a frame left.
// It speaks plain RTMP with AMF0 and nothing more.
package rtmppush

import (
	"encoding/binary"
	"errors"
	"fmt"
	"math"
)

// The markers of AMF0 2.1 that a publisher meets.
const (
	amfNumber    = 0
	amfBoolean   = 1
	amfString    = 2
	amfObject    = 3
	amfNull      = 5
	amfUndefined = 6
	amfECMAArray = 8
	amfObjectEnd = 9
)

// maxDepth bounds objects within objects in a server's answer.
const maxDepth = 8

var errAMF = errors.New("malformed amf0")

// pair is one property of an object, in order.
type pair struct {
	name  string
	value any
}

// appendAMF writes values: float64, bool, string, []pair, or nil for null.
func appendAMF(b []byte, values ...any) []byte {
	for _, v := range values {
		switch v := v.(type) {
		case nil:
			b = append(b, amfNull)
		case float64:
			b = binary.BigEndian.AppendUint64(append(b, amfNumber), math.Float64bits(v))
		case bool:
			b = append(b, amfBoolean, 0)
			if v {
				b[len(b)-1] = 1
			}
		case string:
			b = appendKey(append(b, amfString), v)
		case []pair:
			b = append(b, amfObject)
			for _, p := range v {
				b = appendAMF(appendKey(b, p.name), p.value)
			}
			b = append(b, 0, 0, amfObjectEnd)
		default:
			panic(fmt.Sprintf("no amf0 form of %T", v))
		}
	}
	return b
}

func appendKey(b []byte, s string) []byte {
	return append(binary.BigEndian.AppendUint16(b, uint16(len(s))), s...)
}

// parseAMF reads all values of a command. Objects become map[string]any.
func parseAMF(b []byte) ([]any, error) {
	var values []any
	for len(b) > 0 {
		v, rest, err := parseValue(b, 0)
		if err != nil {
			return nil, err
		}
		values, b = append(values, v), rest
	}
	return values, nil
}

func parseValue(b []byte, depth int) (any, []byte, error) {
	if len(b) == 0 || depth > maxDepth {
		return nil, nil, errAMF
	}
	marker, b := b[0], b[1:]
	switch marker {
	case amfNumber:
		if len(b) < 8 {
			return nil, nil, errAMF
		}
		return math.Float64frombits(binary.BigEndian.Uint64(b)), b[8:], nil
	case amfBoolean:
		if len(b) < 1 {
			return nil, nil, errAMF
		}
		return b[0] != 0, b[1:], nil
	case amfString:
		return parseKey(b)
	case amfNull, amfUndefined:
		return nil, b, nil
	case amfECMAArray:
		if len(b) < 4 {
			return nil, nil, errAMF
		}
		return parseObject(b[4:], depth)
	case amfObject:
		return parseObject(b, depth)
	}
	return nil, nil, fmt.Errorf("%w: marker %d", errAMF, marker)
}

func parseObject(b []byte, depth int) (any, []byte, error) {
	object := make(map[string]any)
	for {
		key, rest, err := parseKey(b)
		if err != nil {
			return nil, nil, err
		}
		if key == "" && len(rest) > 0 && rest[0] == amfObjectEnd {
			return object, rest[1:], nil
		}
		if object[key.(string)], b, err = parseValue(rest, depth+1); err != nil {
			return nil, nil, err
		}
	}
}

// parseKey reads a string without its marker; the result is a string.
func parseKey(b []byte) (any, []byte, error) {
	if len(b) < 2 {
		return nil, nil, errAMF
	}
	n := int(binary.BigEndian.Uint16(b))
	if len(b) < 2+n {
		return nil, nil, errAMF
	}
	return string(b[2 : 2+n]), b[2+n:], nil
}
