package node

import (
	"encoding"
	"errors"
	"fmt"
	"reflect"
	"strconv"
	"time"
	"unicode/utf8"

	"github.com/alecthomas/kong"
)

// A valueMapper decodes one flag or variable, and notes instead of returning what is wrong with it.
type valueMapper struct{ loader *Loader }

var (
	_ kong.Mapper     = valueMapper{}
	_ kong.BoolMapper = switchMapper{}
)

// Decode implements kong.Mapper.
func (m valueMapper) Decode(ctx *kong.DecodeContext, target reflect.Value) error {
	token, err := ctx.Scan.PopValue("value")
	if err != nil {
		return fmt.Errorf("read the value: %w", err)
	}
	m.decodeInto(fmt.Sprint(token.Value), ctx.Value, target)
	return nil
}

// decodeInto parses raw into target; where it cannot, the target is left as it was.
func (m valueMapper) decodeInto(raw string, value *kong.Value, target reflect.Value) {
	parsed := reflect.New(target.Type())
	err := parse(raw, parsed.Interface(), value.Tag)
	if err == nil {
		target.Set(parsed.Elem())
		return
	}
	p := Problem{Variable: value.Tag.Get("var"), Value: raw, Must: err.Error()}
	if p.Variable == "" {
		p.Variable = "--" + value.Name
	}
	switch parsed.Interface().(type) {
	case *Secret, *RedisURL, *KeySetURL: // what is not even well-formed cannot be redacted
		p.Value = hidden
	}
	m.loader.problems = append(m.loader.problems, p)
}

// A switchMapper is a valueMapper for flags that need no value.
type switchMapper struct{ valueMapper }

// IsBool implements kong.BoolMapper.
func (switchMapper) IsBool() bool { return true }

// Decode implements kong.Mapper: --compression is --compression=true.
func (m switchMapper) Decode(ctx *kong.DecodeContext, target reflect.Value) error {
	if ctx.Scan.Peek().Type != kong.FlagValueToken {
		target.SetBool(true)
		return nil
	}
	return m.valueMapper.Decode(ctx, target)
}

// parse reads one value into what pointer points to, and holds it against the min and max tags.
func parse(raw string, pointer any, tag *kong.Tag) (err error) {
	switch p := pointer.(type) {
	case *string:
		*p = raw
	case *bool:
		if *p, err = strconv.ParseBool(raw); err != nil {
			return errors.New("must be true or false")
		}
	case *Secret:
		*p = NewSecret(raw)
		if shortest, _ := strconv.Atoi(tag.Get("min")); utf8.RuneCountInString(raw) < shortest {
			return fmt.Errorf("must be at least %d characters long", shortest)
		}
	case *int:
		return parseInRange(raw, p, tag, strconv.Atoi, "a whole number")
	case *time.Duration:
		return parseInRange(raw, p, tag, time.ParseDuration, "a time such as 500ms, 25s or 2m,")
	case *Bytes:
		return parseInRange(raw, p, tag, parseBytes, "a size such as 16384 or 256KiB,")
	case encoding.TextUnmarshaler:
		return p.UnmarshalText([]byte(raw))
	default:
		return fmt.Errorf("must be of a type that can be read, not %T", pointer)
	}
	return nil
}

// parseInRange reads a value that must not leave the range of its tags; without tags it has none.
func parseInRange[T int | time.Duration | Bytes](raw string, p *T, tag *kong.Tag, read func(string) (T, error), what string) error {
	var err error
	if *p, err = read(raw); err == nil && !tag.Has("min") {
		return nil
	}
	least, lerr := read(tag.Get("min"))
	most, merr := read(tag.Get("max"))
	switch {
	case lerr != nil || merr != nil:
		return fmt.Errorf("must be %s that can be read", what)
	case err != nil || *p < least || *p > most:
		return fmt.Errorf("must be %s from %s to %s", what, tag.Get("min"), tag.Get("max"))
	}
	return nil
}
