package app

import (
	"fmt"
	"reflect"
	"slices"

	"github.com/alecthomas/kong"
)

// newGrammar makes the command line with the flags of the schema's keys
// under the commands that read them.
func newGrammar() *grammar {
	all := schema()
	g := &grammar{}
	g.Serve.Keys = keyFlags(all)
	g.Config.Check.Keys = keyFlags(all)
	g.Config.Print.Keys = keyFlags(all)
	g.User.Keys = keyFlags(named(all, append(dataKeys(), "http.url")...))
	g.Channel.Keys = keyFlags(named(all, dataKeys()...))
	g.Backup.Keys = keyFlags(named(all, dataKeys()...))
	g.Restore.Keys = keyFlags(named(all, dataKeys()...))
	g.Doctor.Keys = keyFlags(named(all, "http.addr"))
	return g
}

// dataKeys say where the accounts and the channels are.
func dataKeys() []string { return []string{"data", "db.url"} }

// named returns those keys.
func named(all []key, names ...string) []key {
	return slices.DeleteFunc(slices.Clone(all), func(k key) bool { return !slices.Contains(names, k.name) })
}

// keyFlags makes one flag of each key: a struct for kong, since the schema
// and not a Go type says which there are.
func keyFlags(keys []key) kong.Plugins {
	fields := make([]reflect.StructField, len(keys))
	for i, k := range keys {
		v := k.field(new(Config))
		typ := reflect.TypeFor[string]()
		if _, ok := v.(toggle); ok {
			typ = reflect.TypeFor[switchFlag]()
		}
		fields[i] = reflect.StructField{
			Name: fmt.Sprintf("Key%d", i),
			Type: typ,
			Tag: reflect.StructTag(fmt.Sprintf("name:%q group:%q placeholder:%q help:%q",
				k.flag(), k.group+":", v.Placeholder(), k.help+" ("+k.fallback+").")),
		}
	}
	return kong.Plugins{reflect.New(reflect.StructOf(fields)).Interface()}
}

// givenKeys returns the file of --config, and the text of each key whose flag
// stands on the command line.
func givenKeys(command *kong.Context) (file string, given map[string]string) {
	byFlag := map[string]string{}
	for _, k := range schema() {
		byFlag[k.flag()] = k.name
	}
	given = map[string]string{}
	for _, p := range command.Path {
		if p.Flag == nil {
			continue
		}
		if p.Flag.Name == "config" {
			file = p.Flag.Target.String()
		}
		if name, ok := byFlag[p.Flag.Name]; ok {
			given[name] = p.Flag.Target.String()
		}
	}
	return file, given
}

// switchFlag is the text of a flag that may stand alone, meaning "on":
// --http-access-log or --http-access-log=off.
type switchFlag string

// Decode takes the text after "=", if there is one.
func (f *switchFlag) Decode(ctx *kong.DecodeContext) error {
	*f = switchFlag(optionalText(ctx, "on"))
	return nil
}

// IsBool tells kong that no value need follow.
func (f *switchFlag) IsBool() bool { return true }

// Decode takes --open as private, and --open=private or --open=any.
func (o *Openness) Decode(ctx *kong.DecodeContext) error {
	text := Openness(optionalText(ctx, string(OpenPrivate)))
	if text != OpenPrivate && text != OpenAny {
		return fmt.Errorf("%q is neither private nor any", string(text))
	}
	*o = text
	return nil
}

// IsBool tells kong that no value need follow.
func (o *Openness) IsBool() bool { return true }

// optionalText pops what stands after a flag's "=".
func optionalText(ctx *kong.DecodeContext, alone string) string {
	if ctx.Scan.Peek().Type != kong.FlagValueToken {
		return alone
	}
	return fmt.Sprint(ctx.Scan.Pop().Value)
}
