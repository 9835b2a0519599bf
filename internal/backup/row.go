package backup

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"strconv"
	"unicode/utf8"
)

// octets is how a value is written that JSON has no text for: bytes, and text
// that is no UTF-8.
type octets struct {
	Base64 []byte `json:"base64"`
}

// appendRow writes a row as a line of JSON: a list of numbers, texts and nulls.
func appendRow(b []byte, row []any) ([]byte, error) {
	for i, v := range row {
		b = append(b, ","[:min(1, i)]...)
		if i == 0 {
			b = append(b, '[')
		}
		switch v := v.(type) {
		case nil:
			b = append(b, "null"...)
		case int64:
			b = strconv.AppendInt(b, v, 10)
		case string:
			b = appendText(b, v)
		case []byte:
			b = appendOctets(b, v)
		default:
			return nil, fmt.Errorf("a value is a %T", v)
		}
	}
	return append(b, "]\n"...), nil
}

func appendText(b []byte, text string) []byte {
	plain := true
	for i := 0; i < len(text) && plain; i++ {
		plain = text[i] >= ' ' && text[i] < utf8.RuneSelf && text[i] != '"' && text[i] != '\\'
	}
	switch {
	case plain: // nearly all
		b = append(b, '"')
		b = append(b, text...)
		return append(b, '"')
	case !utf8.ValidString(text):
		return appendOctets(b, []byte(text))
	}
	quoted, err := json.Marshal(text)
	if err != nil {
		panic(err) // a string has a text
	}
	return append(b, quoted...)
}

func appendOctets(b, octets []byte) []byte {
	b = append(b, `{"base64":"`...)
	b = base64.StdEncoding.AppendEncode(b, octets)
	return append(b, `"}`...)
}

var errRow = errors.New("a line is no row")

// parseRow reads what appendRow wrote.
func parseRow(line []byte) ([]any, error) {
	var values []json.RawMessage
	if err := json.Unmarshal(line, &values); err != nil || values == nil {
		return nil, errRow
	}
	row := make([]any, len(values))
	for i, v := range values {
		var err error
		switch {
		case bytes.Equal(v, []byte("null")):
		case v[0] == '"':
			var text string
			err = json.Unmarshal(v, &text)
			row[i] = text
		case v[0] == '{':
			var o octets
			if err = json.Unmarshal(v, &o); o.Base64 == nil {
				return nil, errRow
			}
			row[i] = o.Base64
		default:
			row[i], err = strconv.ParseInt(string(v), 10, 64)
		}
		if err != nil {
			return nil, errRow
		}
	}
	return row, nil
}
