package flv

import (
	"bytes"
	"math"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"
)

func TestDecodeAMF0(t *testing.T) {
	for _, c := range []struct {
		name string
		b    string
		want []any
	}{
		{"nothing", "", nil},
		{"number", "\x00\x3f\xf8\x00\x00\x00\x00\x00\x00", []any{1.5}},
		{"booleans", "\x01\x00\x01\x01\x01\x07", []any{false, true, true}},
		{"string", "\x02\x00\x03abc\x02\x00\x00", []any{"abc", ""}},
		{"null and undefined", "\x05\x06\x0d", []any{nil, Undefined{}, Undefined{}}},
		{"reference", "\x07\x00\x01\x05", []any{Undefined{}, nil}},
		{"long string, XML", "\x0c\x00\x00\x00\x02hi\x0f\x00\x00\x00\x04<a/>", []any{"hi", "<a/>"}},
		{"date", "\x0b\x3f\xf0\x00\x00\x00\x00\x00\x00\x00\x3c", []any{Date(1)}},
		{"object", "\x03\x00\x01a\x05\x00\x00\x09", []any{Object{{"a", nil}}}},
		{"empty object", "\x03\x00\x00\x09", []any{Object{}}},
		{"a property without name", "\x03\x00\x00\x05\x00\x00\x09", []any{Object{{"", nil}}}},
		{"typed object", "\x10\x00\x01C\x00\x01a\x01\x01\x00\x00\x09", []any{Object{{"a", true}}}},
		{"ECMA array with a wrong count", "\x08\xff\xff\xff\xff\x00\x01a\x05\x00\x00\x09", []any{ECMAArray{{"a", nil}}}},
		{"ECMA array without end", "\x08\x00\x00\x00\x01\x00\x01a\x05", []any{ECMAArray{{"a", nil}}}},
		{"strict array", "\x0a\x00\x00\x00\x02\x05\x01\x01\x05", []any{[]any{nil, true}, nil}},
		{"AMF3 scalars", "\x11\x00\x11\x01\x11\x02\x11\x03", []any{Undefined{}, nil, false, true}},
		{"AMF3 integers", "\x11\x04\x05\x11\x04\x81\x00\x11\x04\xff\xff\xff\xff\x11\x04\xbf\xff\xff\xff", []any{5.0, 128.0, -1.0, 268435455.0}},
		{"AMF3 double", "\x11\x05\x3f\xf8\x00\x00\x00\x00\x00\x00", []any{1.5}},
		{"AMF3 strings, one by reference", "\x11\x09\x05\x01\x06\x05hi\x06\x00", []any{[]any{"hi", "hi"}}},
		{"AMF3 associative array", "\x11\x09\x01\x03k\x03\x01", []any{ECMAArray{{"k", true}}}},
		{"AMF3 dynamic object", "\x11\x0a\x0b\x01\x03k\x04\x07\x01", []any{Object{{"k", 7.0}}}},
		{"AMF3 traits by reference", "\x11\x09\x05\x01\x0a\x13\x03C\x03k\x03\x0a\x01\x02", []any{[]any{Object{{"k", true}}, Object{{"k", false}}}}},
		{"AMF3 date, bytes, object reference", "\x11\x08\x01\x3f\xf0\x00\x00\x00\x00\x00\x00\x11\x0c\x05ab\x11\x0a\x00", []any{Date(1), "ab", Undefined{}}},
	} {
		got, err := DecodeAMF0([]byte(c.b))
		require.NoError(t, err, c.name)
		if diff := cmp.Diff(c.want, got); diff != "" {
			t.Errorf("%s: %s", c.name, diff)
		}
	}
}

func TestDecodeAMF0KeepsWhatCameBeforeAnError(t *testing.T) {
	array := func(n int) string { return strings.Repeat("\x0a\x00\x00\x00\x01", n) }
	for _, c := range []struct {
		name string
		b    string
		want []any
		err  error
	}{
		{"unknown marker", "\x05\x20", []any{nil}, ErrUnknownMarker},
		{"movie clip, reserved", "\x01\x01\x04", []any{true}, ErrUnknownMarker},
		{"unknown within an object", "\x03\x00\x01a\x05\x00\x01b\x20", []any{Object{{"a", nil}}}, ErrUnknownMarker},
		{"unknown two objects deep", "\x03\x00\x01a\x03\x00\x01b\x05\x00\x01c\x20", []any{Object{{"a", Object{{"b", nil}}}}}, ErrUnknownMarker},
		{"AMF3 dictionary", "\x05\x11\x11\x01", []any{nil}, ErrUnknownMarker},
		{"AMF3 externalizable", "\x11\x0a\x07\x03C", nil, ErrUnknownMarker},
		{"AMF3 beyond its strings", "\x11\x06\x00", nil, nil},
		{"AMF3 beyond its traits", "\x11\x0a\x01", nil, nil},
		{"number cut short", "\x05\x00\x3f\xf8", []any{nil}, ErrTruncated},
		{"boolean cut short", "\x01", nil, ErrTruncated},
		{"string cut short", "\x02\x00\x04abc", nil, ErrTruncated},
		{"long string of 4 GB", "\x0c\xff\xff\xff\xffabc", nil, ErrTruncated},
		{"array of 4 billion", "\x0a\xff\xff\xff\xff\x05\x05", []any{[]any{nil, nil}}, ErrTruncated},
		{"date cut short", "\x0b\x3f\xf0\x00\x00\x00\x00\x00\x00\x00", []any{Date(1)}, ErrTruncated},
		{"end outside of an object", "\x05\x09", []any{nil}, errObjectEnd},
		{"too deep", array(17) + "\x05", nil, ErrTooComplex},
		{"too many", "\x0a\x00\x01\x00\x01" + strings.Repeat("\x05", 1<<16+1), nil, ErrTooComplex},
	} {
		got, err := DecodeAMF0([]byte(c.b))
		require.Error(t, err, c.name)
		if c.err != nil {
			require.ErrorIs(t, err, c.err, c.name)
		}
		if c.want != nil {
			if diff := cmp.Diff(c.want, got); diff != "" {
				t.Errorf("%s: %s", c.name, diff)
			}
		}
	}
}

func TestDecodeAMF0SixteenLevels(t *testing.T) {
	got, err := DecodeAMF0([]byte(strings.Repeat("\x0a\x00\x00\x00\x01", 16) + "\x05"))
	require.NoError(t, err)
	require.Len(t, got, 1)
}

func TestDecodeAMF0Bounded(t *testing.T) {
	nulls := func(n int) []byte { return bytes.Repeat([]byte{5}, n) }
	for _, most := range []int{1, 10, 512, 1 << 16, 1 << 20} {
		within := min(most, 1<<16)
		values, err := DecodeAMF0Bounded(nulls(within), most)
		require.NoError(t, err)
		require.Len(t, values, within)
		values, err = DecodeAMF0Bounded(nulls(within+1), most)
		require.ErrorIs(t, err, ErrTooComplex)
		require.Len(t, values, within)
	}
	// Names of an AMF3 class without values count too.
	class := append([]byte("\x11\x0a"), 0x81, 0xed, 0x43, 0x01) // 1900 names
	_, err := DecodeAMF0Bounded(append(class, bytes.Repeat([]byte{0x01}, 1900)...), 512)
	require.ErrorIs(t, err, ErrTooComplex)
}

func TestAppendAMF0IsReadBack(t *testing.T) {
	leaf := rapid.OneOf(
		rapid.Float64().Filter(func(f float64) bool { return !math.IsNaN(f) }).AsAny(),
		rapid.Bool().AsAny(),
		rapid.String().AsAny(),
		rapid.Just[any](nil),
		rapid.Just[any](Undefined{}),
		rapid.Map(rapid.Float64Range(-1e15, 1e15), func(f float64) any { return Date(f) }),
		rapid.Just[any](strings.Repeat("x", 1<<16)),
	)
	var value *rapid.Generator[any]
	nested := func(depth int) *rapid.Generator[any] {
		property := rapid.Custom(func(t *rapid.T) Property {
			v := leaf
			if depth > 0 {
				v = value
			}
			return Property{rapid.StringN(1, 20, -1).Draw(t, "name"), v.Draw(t, "value")}
		})
		properties := rapid.SliceOfN(property, 0, 4)
		return rapid.OneOf(
			rapid.Map(properties, func(p []Property) any { return Object(p) }),
			rapid.Map(properties, func(p []Property) any { return ECMAArray(p) }),
			rapid.Map(rapid.SliceOfN(leaf, 0, 4), func(v []any) any { return v }),
		)
	}
	value = rapid.OneOf(leaf, nested(0))
	rapid.Check(t, func(t *rapid.T) {
		want := rapid.SliceOfN(rapid.OneOf(value, nested(1)), 0, 5).Draw(t, "values")
		got, err := DecodeAMF0(AppendAMF0([]byte{}, want...))
		require.NoError(t, err)
		require.Len(t, got, len(want))
		for i := range want {
			if diff := cmp.Diff(want[i], got[i]); diff != "" {
				t.Fatal(diff)
			}
		}
	})
}

func TestAppendAMF0OfOtherValues(t *testing.T) {
	require.Equal(t, AppendAMF0(nil, 3.0), AppendAMF0(nil, 3))
	require.Equal(t, []byte{markerUnsupported}, AppendAMF0(nil, struct{}{}))
	got, err := DecodeAMF0(AppendAMF0(nil, Object{{"", 1}, {strings.Repeat("n", 1<<16), 1}, {"ok", 1}}))
	require.NoError(t, err)
	require.Equal(t, []any{Object{{"ok", 1.0}}}, got)
}

func TestObjectGet(t *testing.T) {
	o := Object{{"a", 1.0}, {"b", nil}, {"a", 2.0}}
	require.Equal(t, 1.0, o.Get("a"))
	require.Nil(t, o.Get("b"))
	require.Nil(t, o.Get("c"))
	require.Equal(t, 1.0, ECMAArray(o).Get("a"))
}
