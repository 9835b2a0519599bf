package flv

import "fmt"

// Markers of AMF3 values (Action Message Format AMF 3, 3.1).
const (
	amf3Undefined = 0x00
	amf3Null      = 0x01
	amf3False     = 0x02
	amf3True      = 0x03
	amf3Integer   = 0x04
	amf3Double    = 0x05
	amf3String    = 0x06
	amf3XMLDoc    = 0x07
	amf3Date      = 0x08
	amf3Array     = 0x09
	amf3Object    = 0x0a
	amf3XML       = 0x0b
	amf3ByteArray = 0x0c
)

// amf3Reader reads the AMF3 value behind one AVM+ marker; its tables begin
// empty there. References to strings and traits are followed; references to
// objects, which could make circles, become Undefined. What only Flash
// sends (externalizable classes, vectors, dictionaries) is an unknown marker.
type amf3Reader struct {
	*amfReader
	strings []string
	traits  []amf3Traits
}

type amf3Traits struct {
	names   []string
	dynamic bool
}

func (r *amf3Reader) value(depth int) (any, error) {
	if err := r.enter(depth); err != nil {
		return nil, err
	}
	m, err := r.take(1)
	if err != nil {
		return nil, err
	}
	switch m[0] {
	case amf3Undefined:
		return Undefined{}, nil
	case amf3Null:
		return nil, nil
	case amf3False:
		return false, nil
	case amf3True:
		return true, nil
	case amf3Integer:
		n, err := r.uint29()
		return value(float64(int32(n<<3)>>3), err) // 29 bits, signed
	case amf3Double:
		return value(r.number())
	case amf3String:
		return value(r.text())
	case amf3Array:
		return r.array(depth)
	case amf3Object:
		return r.object(depth)
	case amf3XMLDoc, amf3XML, amf3ByteArray, amf3Date:
		return r.leaf(m[0])
	}
	return nil, fmt.Errorf("AMF3 0x%02x: %w", m[0], ErrUnknownMarker)
}

// uint29 reads a variable length integer (AMF 3 1.3.1).
func (r *amf3Reader) uint29() (uint32, error) {
	var n uint32
	for i := range 4 {
		p, err := r.take(1)
		if err != nil {
			return 0, err
		}
		if i == 3 {
			return n<<8 | uint32(p[0]), nil
		}
		n = n<<7 | uint32(p[0]&0x7f)
		if p[0]&0x80 == 0 {
			break
		}
	}
	return n, nil
}

func (r *amf3Reader) text() (string, error) {
	n, err := r.uint29()
	if err != nil {
		return "", err
	}
	if n&1 == 0 {
		if int(n>>1) >= len(r.strings) {
			return "", fmt.Errorf("AMF3 string reference %d of %d", n>>1, len(r.strings))
		}
		return r.strings[n>>1], nil
	}
	p, err := r.take(int(n >> 1))
	if err != nil {
		return "", err
	}
	if len(p) > 0 { // the empty string is never sent by reference
		r.strings = append(r.strings, string(p))
	}
	return string(p), nil
}

// leaf reads the kinds that are a reference or a run of bytes.
func (r *amf3Reader) leaf(marker byte) (any, error) {
	n, err := r.uint29()
	if err != nil || n&1 == 0 {
		return Undefined{}, err
	}
	if marker == amf3Date {
		ms, err := r.number()
		return value(Date(ms), err)
	}
	p, err := r.take(int(n >> 1))
	return value(string(p), err)
}

// array reads an associative part, which ends with an empty name, and a
// dense one. Usual arrays have one or the other: the first becomes an
// ECMAArray, the second []any; of a mixture the dense part is left out.
func (r *amf3Reader) array(depth int) (any, error) {
	n, err := r.uint29()
	if err != nil || n&1 == 0 {
		return Undefined{}, err
	}
	named, err := r.named(depth)
	if err != nil {
		return ECMAArray(named), err
	}
	dense := []any{}
	for range n >> 1 {
		v, err := r.value(depth + 1)
		if err != nil {
			return dense, err
		}
		dense = append(dense, v)
	}
	if len(named) > 0 {
		return ECMAArray(named), nil
	}
	return dense, nil
}

// named reads names and values up to an empty name.
func (r *amf3Reader) named(depth int) (Object, error) {
	o := Object{}
	for {
		name, err := r.text()
		if err != nil || name == "" {
			return o, err
		}
		v, err := r.value(depth + 1)
		if err != nil {
			return o, err
		}
		o = append(o, Property{name, v})
	}
}

func (r *amf3Reader) object(depth int) (any, error) {
	n, err := r.uint29()
	if err != nil || n&1 == 0 {
		return Undefined{}, err
	}
	t, err := r.objectTraits(n)
	if err != nil {
		return nil, err
	}
	o := Object{}
	for _, name := range t.names {
		v, err := r.value(depth + 1)
		if err != nil {
			return o, err
		}
		o = append(o, Property{name, v})
	}
	if !t.dynamic {
		return o, nil
	}
	more, err := r.named(depth)
	return append(o, more...), err
}

// objectTraits reads the U29O-traits forms of AMF 3 3.12; the lowest bit of n
// is already known to be set.
func (r *amf3Reader) objectTraits(n uint32) (amf3Traits, error) {
	if n&2 == 0 {
		if int(n>>2) >= len(r.traits) {
			return amf3Traits{}, fmt.Errorf("AMF3 traits reference %d of %d", n>>2, len(r.traits))
		}
		return r.traits[n>>2], nil
	}
	if n&4 != 0 {
		return amf3Traits{}, fmt.Errorf("AMF3 externalizable: %w", ErrUnknownMarker)
	}
	if _, err := r.text(); err != nil { // the class's name
		return amf3Traits{}, err
	}
	t := amf3Traits{dynamic: n&8 != 0}
	for range n >> 4 {
		if err := r.enter(0); err != nil { // names take memory as values do
			return t, err
		}
		name, err := r.text()
		if err != nil {
			return t, err
		}
		t.names = append(t.names, name)
	}
	r.traits = append(r.traits, t)
	return t, nil
}
