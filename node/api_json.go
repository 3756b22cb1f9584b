package node

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"mime"
	"net/http"
	"reflect"
	"unicode/utf8"
)

// bodyLimit is the longest body, in bytes: a message of which every rune is escaped, and what is around it.
func (a *api) bodyLimit() int64 { return 16<<10 + 12*int64(a.node.cfg.MaxMessageLength) }

// body reads the body into the struct that v points to. It is strict: one JSON object in UTF-8, no field
// that the struct does not have, none twice, names in the right case. The error is a *problem.
func (c *apiCall) body(v any) error {
	kind, _, err := mime.ParseMediaType(c.r.Header.Get("Content-Type"))
	if err != nil || kind != "application/json" {
		return problemMediaType
	}
	raw, err := io.ReadAll(c.r.Body)
	if tooLarge := (*http.MaxBytesError)(nil); errors.As(err, &tooLarge) {
		return problemTooLarge.withDetail(fmt.Sprintf("At most %d bytes.", tooLarge.Limit))
	} else if err != nil {
		return problemBadJSON.withDetail("The body ended early.")
	}
	if err := strictObject(raw, fieldNames(reflect.TypeOf(v).Elem())); err != nil {
		return err
	}
	err = json.Unmarshal(raw, v)
	if wrong := (*json.UnmarshalTypeError)(nil); errors.As(err, &wrong) {
		return problemBadField.withDetail(wrong.Field)
	} else if err != nil {
		return problemBadJSON
	}
	return nil
}

// fieldNames are the JSON names of a struct's fields.
func fieldNames(t reflect.Type) map[string]bool {
	names := make(map[string]bool, t.NumField())
	for i := range t.NumField() {
		names[t.Field(i).Tag.Get("json")] = true
	}
	return names
}

// strictObject checks that raw is one JSON object with fields of these names, none twice. The error
// is a *problem.
func strictObject(raw []byte, names map[string]bool) error {
	if !utf8.Valid(raw) || !json.Valid(raw) {
		return problemBadJSON
	}
	d := json.NewDecoder(bytes.NewReader(raw))
	if open, err := d.Token(); err != nil || open != json.Delim('{') {
		return problemBadJSON
	}
	seen := make(map[string]bool, len(names))
	for d.More() {
		token, err := d.Token()
		if err != nil {
			return problemBadJSON
		}
		name, _ := token.(string)
		if seen[name] || !names[name] {
			return problemBadField.withDetail(shorten(name))
		}
		seen[name] = true
		var value json.RawMessage
		if err := d.Decode(&value); err != nil {
			return problemBadJSON
		}
	}
	return nil
}

// shorten keeps a name that was made up by the sender from filling the answer.
func shorten(name string) string {
	const most = 40
	if len(name) <= most {
		return name
	}
	return string([]rune(name)[:min(most, utf8.RuneCountInString(name))]) + "…"
}
