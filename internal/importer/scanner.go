package importer

import (
	"errors"
	"strings"
)

// Kinds of token beside the marks { } and ;, which are their own.
const (
	end  = 0
	word = 'w'
)

// token is a word, a mark or the end.
type token struct {
	kind rune
	text string
	line int
}

// scanner cuts a text into tokens as nginx does.
type scanner struct {
	text string
	pos  int
	line int
}

func (s *scanner) done() bool { return s.pos >= len(s.text) }

// step goes behind one byte.
func (s *scanner) step() {
	if s.text[s.pos] == '\n' {
		s.line++
	}
	s.pos++
}

// next returns the next token. White space and comments are between tokens.
func (s *scanner) next() (token, error) {
	for !s.done() {
		switch c := s.text[s.pos]; c {
		case ' ', '\t', '\r', '\n':
			s.step()
		case '#':
			s.comment()
		case '{', '}', ';':
			t := token{kind: rune(c), line: s.line}
			s.step()
			return t, nil
		case '"', '\'':
			return s.quoted(c)
		default:
			return s.bare(), nil
		}
	}
	return token{kind: end, line: s.line}, nil
}

// comment goes to the end of the line.
func (s *scanner) comment() {
	for !s.done() && s.text[s.pos] != '\n' {
		s.step()
	}
}

// bare reads a word without quotes. A brace is part of it only in ${name}.
func (s *scanner) bare() token {
	t := token{kind: word, line: s.line}
	from := s.pos
	for !s.done() {
		c := s.text[s.pos]
		if strings.IndexByte(" \t\r\n;", c) >= 0 || c == '{' && (s.pos == from || s.text[s.pos-1] != '$') {
			break
		}
		if c == '\\' && s.pos+1 < len(s.text) {
			s.step() // what is escaped ends no word
		}
		s.step()
	}
	t.text = s.text[from:s.pos]
	return t
}

// quoted reads a word in quotes.
func (s *scanner) quoted(quote byte) (token, error) {
	t := token{kind: word, line: s.line}
	var text strings.Builder
	for s.step(); !s.done(); s.step() {
		c := s.text[s.pos]
		switch {
		case c == quote:
			s.step()
			t.text = text.String()
			return t, nil
		case c == '\\' && s.pos+1 < len(s.text):
			s.step()
			text.WriteString(unescape(s.text[s.pos]))
		default:
			text.WriteByte(c)
		}
	}
	return t, errors.New("a quotation has no end")
}

// unescape is what a byte behind a backslash means. Where nginx knows no meaning
// the backslash stays.
func unescape(c byte) string {
	switch c {
	case '"', '\'', '\\':
		return string(c)
	case 't':
		return "\t"
	case 'r':
		return "\r"
	case 'n':
		return "\n"
	}
	return `\` + string([]byte{c})
}
