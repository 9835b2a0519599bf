package importer

import (
	"fmt"
	"slices"
	"strings"
)

// directive is one statement of nginx's syntax, which is also that of SRS: a
// name, arguments, and a block or a semicolon.
type directive struct {
	name    string
	args    []string
	block   []*directive
	isBlock bool
	file    string
	line    int
}

// maxDepth bounds blocks within blocks. nginx itself has six.
const maxDepth = 32

// parse reads directives. Libraries for nginx's syntax were tried: what is to be
// had knows no line of a block but its last, and ends in silence at a brace
// too many.
func parse(file string, text []byte) ([]*directive, error) {
	p := &parser{scanner: scanner{text: string(text), line: 1}, file: file}
	return p.block(0)
}

type parser struct {
	scanner
	file string
}

// block reads up to the brace that closes a block, or to the end of the file
// when depth is 0.
func (p *parser) block(depth int) ([]*directive, error) {
	opened := p.line
	var all []*directive
	for {
		t, err := p.next()
		switch {
		case err != nil:
			return nil, p.wrong(p.line, err.Error())
		case t.kind == end && depth > 0:
			return nil, p.wrong(opened, "the block that begins here has no end")
		case t.kind == end:
			return all, nil
		case t.kind == '}' && depth == 0:
			return nil, p.wrong(t.line, "there is a } too many")
		case t.kind == '}':
			return all, nil
		case t.kind != word:
			return nil, p.wrong(t.line, fmt.Sprintf("a name is wanted before %c", t.kind))
		}
		d := &directive{name: t.text, file: p.file, line: t.line}
		if err := p.rest(d, depth); err != nil {
			return nil, err
		}
		all = append(all, d)
	}
}

// rest reads what follows a directive's name.
func (p *parser) rest(d *directive, depth int) error {
	for {
		t, err := p.next()
		switch {
		case err != nil:
			return p.wrong(p.line, err.Error())
		case t.kind == word:
			d.args = append(d.args, t.text)
		case t.kind == ';':
			return nil
		case t.kind == '{' && depth == maxDepth:
			return p.wrong(t.line, "these are too many blocks within blocks")
		case t.kind == '{' && strings.HasSuffix(d.name, "_by_lua_block"):
			d.isBlock = true
			return p.skipLua(t.line)
		case t.kind == '{':
			d.isBlock = true
			d.block, err = p.block(depth + 1)
			return err
		default:
			return p.wrong(d.line, printable(d.name)+" has no semicolon at its end")
		}
	}
}

// skipLua goes behind a block that holds another language.
func (p *parser) skipLua(opened int) error {
	for depth := 1; depth > 0; p.step() {
		if p.done() {
			return p.wrong(opened, "the block that begins here has no end")
		}
		switch p.text[p.pos] {
		case '{':
			depth++
		case '}':
			depth--
		}
	}
	return nil
}

func (p *parser) wrong(line int, what string) error {
	return fmt.Errorf("%s line %d: %s", p.file, line, what)
}

// find returns the first directive of that name in the block, nil when there is none.
func (d *directive) find(name string) *directive {
	if i := slices.IndexFunc(d.block, func(c *directive) bool { return c.name == name }); i >= 0 {
		return d.block[i]
	}
	return nil
}

// arg returns an argument, empty when there are fewer.
func (d *directive) arg(i int) string {
	if i < len(d.args) {
		return d.args[i]
	}
	return ""
}

// place is where the directive stands. A block is told with its arguments,
// which are names or paths.
func (d *directive) place() place {
	subject := d.name
	if d.isBlock {
		subject = strings.Join(append([]string{d.name}, d.args...), " ")
	}
	return place{d.file, d.line, printable(subject)}
}
