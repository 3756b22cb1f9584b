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

// bodyLimit returns the maximum size of a body in bytes: 12 for each character of a message, if all are escaped, and
// 16 KiB for the other fields.
func (a *api) bodyLimit() int64 { return 16<<10 + 12*int64(a.node.cfg.MaxMessageLength) }

// decodeBody parses the body into the struct that v points to. The body must be one JSON object in UTF-8. Unknown
// fields, duplicate fields and names in the wrong case are errors. The error is a *problem.
func (c *apiCall) decodeBody(v any) error {
	kind, _, err := mime.ParseMediaType(c.r.Header.Get("Content-Type"))
	if err != nil || kind != "application/json" {
		return problemMediaType
	}
	raw, err := io.ReadAll(c.r.Body)
	if tooLarge := (*http.MaxBytesError)(nil); errors.As(err, &tooLarge) {
		return problemTooLarge.withDetail(fmt.Sprintf("At most %d bytes.", tooLarge.Limit))
	} else if err != nil {
		return problemBadJSON.withDetail("The body is incomplete.")
	}
	if err := checkObject(raw, fieldNames(reflect.TypeOf(v).Elem())); err != nil {
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

// fieldNames returns the JSON names of the fields of a struct.
func fieldNames(t reflect.Type) map[string]bool {
	names := make(map[string]bool, t.NumField())
	for i := range t.NumField() {
		names[t.Field(i).Tag.Get("json")] = true
	}
	return names
}

// checkObject checks that raw is one JSON object, that names contains all of its fields, and that none is duplicate.
// The error is a *problem.
func checkObject(raw []byte, names map[string]bool) error {
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
			return problemBadField.withDetail(truncateName(name))
		}
		seen[name] = true
		var value json.RawMessage
		if err := d.Decode(&value); err != nil {
			return problemBadJSON
		}
	}
	return nil
}

// truncateName returns at most the first 40 characters of a field name, because the client may send any name.
func truncateName(name string) string {
	const maxRunes = 40
	if len(name) <= maxRunes {
		return name
	}
	return string([]rune(name)[:min(maxRunes, utf8.RuneCountInString(name))]) + "…"
}
