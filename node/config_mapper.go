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

// A valueMapper decodes one flag or variable. It adds errors to the problems of the loader instead of returning them.
type valueMapper struct{ loader *Loader }

var (
	_ kong.Mapper     = valueMapper{}
	_ kong.BoolMapper = switchMapper{}
)

// Decode implements kong.Mapper.
func (m valueMapper) Decode(ctx *kong.DecodeContext, target reflect.Value) error {
	token, err := ctx.Scan.PopValue("value")
	if err != nil {
		return fmt.Errorf("read value: %w", err)
	}
	m.decodeInto(fmt.Sprint(token.Value), ctx.Value, target)
	return nil
}

// decodeInto parses raw into target. If raw is invalid, it adds a problem and does not change target.
func (m valueMapper) decodeInto(raw string, value *kong.Value, target reflect.Value) {
	parsed := reflect.New(target.Type())
	err := parseValue(raw, parsed.Interface(), value.Tag)
	if err == nil {
		target.Set(parsed.Elem())
		return
	}
	p := Problem{Variable: value.Tag.Get("var"), Value: raw, Must: err.Error()}
	if p.Variable == "" {
		p.Variable = "--" + value.Name
	}
	switch parsed.Interface().(type) {
	case *Secret, *RedisURL, *KeySetURL: // an invalid URL cannot be redacted
		p.Value = hiddenText
	}
	m.loader.problems = append(m.loader.problems, p)
}

// A switchMapper is a valueMapper for flags that may have no value.
type switchMapper struct{ valueMapper }

// IsBool implements kong.BoolMapper.
func (switchMapper) IsBool() bool { return true }

// Decode implements kong.Mapper. --compression means --compression=true.
func (m switchMapper) Decode(ctx *kong.DecodeContext, target reflect.Value) error {
	if ctx.Scan.Peek().Type != kong.FlagValueToken {
		target.SetBool(true)
		return nil
	}
	return m.valueMapper.Decode(ctx, target)
}

// parseValue parses raw into the value that pointer points to, and checks the range of the tags min and max. Its error
// begins with "must".
func parseValue(raw string, pointer any, tag *kong.Tag) (err error) {
	switch p := pointer.(type) {
	case *string:
		*p = raw
	case *bool:
		if *p, err = strconv.ParseBool(raw); err != nil {
			return errors.New("must be true or false")
		}
	case *Secret:
		*p = NewSecret(raw)
		if minLength, _ := strconv.Atoi(tag.Get("min")); utf8.RuneCountInString(raw) < minLength {
			return fmt.Errorf("must be at least %d characters long", minLength)
		}
	case *int:
		return parseInRange(raw, p, tag, strconv.Atoi, "a whole number")
	case *time.Duration:
		return parseInRange(raw, p, tag, time.ParseDuration, "a duration such as 500ms, 25s or 2m,")
	case *Bytes:
		return parseInRange(raw, p, tag, parseBytes, "a size such as 16384 or 256KiB,")
	case encoding.TextUnmarshaler:
		return p.UnmarshalText([]byte(raw))
	default:
		return fmt.Errorf("must have a supported type, not %T", pointer)
	}
	return nil
}

// parseInRange parses a value with read, and checks the range of the tags min and max if there are any.
func parseInRange[T int | time.Duration | Bytes](raw string, p *T, tag *kong.Tag, read func(string) (T, error), what string) error {
	var err error
	if *p, err = read(raw); err == nil && !tag.Has("min") {
		return nil
	}
	low, lowErr := read(tag.Get("min"))
	high, highErr := read(tag.Get("max"))
	switch {
	case lowErr != nil || highErr != nil:
		return fmt.Errorf("must be %s with valid tags min and max", what)
	case err != nil || *p < low || *p > high:
		return fmt.Errorf("must be %s from %s to %s", what, tag.Get("min"), tag.Get("max"))
	}
	return nil
}
