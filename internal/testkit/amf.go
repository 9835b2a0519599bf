package testkit

import (
	"encoding/binary"
	"fmt"
	"math"
)

// amfAppend appends values in AMF0: string, float64, nil, and an object as
// name and string in turn.
func amfAppend(b []byte, values ...any) []byte {
	text := func(s string) {
		b = binary.BigEndian.AppendUint16(b, uint16(len(s)))
		b = append(b, s...)
	}
	for _, v := range values {
		switch v := v.(type) {
		case string:
			b = append(b, 2)
			text(v)
		case float64:
			b = binary.BigEndian.AppendUint64(append(b, 0), math.Float64bits(v))
		case nil:
			b = append(b, 5)
		case []string:
			b = append(b, 3)
			for i := 0; i+1 < len(v); i += 2 {
				text(v[i])
				b = append(b, 2)
				text(v[i+1])
			}
			b = append(b, 0, 0, 9)
		}
	}
	return b
}

// amfParse reads the values of a command's answer: numbers, booleans, strings,
// nulls and objects of these.
func amfParse(b []byte) ([]any, error) {
	r := fields{b: b}
	var values []any
	for len(r.b) > 0 && !r.short {
		v, err := amfValue(&r, 0)
		if err != nil {
			return nil, err
		}
		values = append(values, v)
	}
	if r.short {
		return nil, fmt.Errorf("AMF is cut short")
	}
	return values, nil
}

const amfDepth = 4

func amfValue(r *fields, depth int) (any, error) {
	switch kind := r.u8(); kind {
	case 0:
		return math.Float64frombits(r.u64()), nil
	case 1:
		return r.u8() != 0, nil
	case 2:
		return r.text(), nil
	case 5, 6:
		return nil, nil
	case 8:
		r.u32() // the number of members, which is only a hint
		return amfObject(r, depth)
	case 3:
		return amfObject(r, depth)
	default:
		return nil, fmt.Errorf("AMF type %d", kind)
	}
}

func amfObject(r *fields, depth int) (any, error) {
	object := map[string]any{}
	for depth < amfDepth && !r.short {
		name := r.text()
		if name == "" && len(r.b) > 0 && r.b[0] == 9 {
			r.u8()
			return object, nil
		}
		v, err := amfValue(r, depth+1)
		if err != nil {
			return nil, err
		}
		object[name] = v
	}
	return nil, fmt.Errorf("an AMF object is too deep or cut short")
}

func (f *fields) u8() byte {
	if len(f.b) < 1 {
		f.short = true
		return 0
	}
	v := f.b[0]
	f.b = f.b[1:]
	return v
}

func (f *fields) text() string {
	n := int(f.u8())<<8 | int(f.u8())
	if len(f.b) < n {
		f.b, f.short = nil, true
		return ""
	}
	s := string(f.b[:n])
	f.b = f.b[n:]
	return s
}
