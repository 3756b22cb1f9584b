package node

import (
	"fmt"
	"io"
)

// What is shown in a secret's place.
const (
	hiddenText = "[secret]"
	unsetText  = "[unset]"
)

// A Secret is text that no log, error, JSON or format verb shows. The pointer keeps it from fmt
// even where the Secret is an unexported field of something that is printed.
type Secret struct{ text *string }

// NewSecret hides a text; the empty one is not a secret but an unset one.
func NewSecret(text string) Secret {
	if text == "" {
		return Secret{}
	}
	return Secret{&text}
}

// Reveal is the text itself, for those who need it; empty when unset.
func (s Secret) Reveal() string {
	if s.text == nil {
		return ""
	}
	return *s.text
}

// IsSet says whether there is a text.
func (s Secret) IsSet() bool { return s.text != nil }

// String hides the text.
func (s Secret) String() string {
	if s.text == nil {
		return unsetText
	}
	return hiddenText
}

// Format hides the text from every verb.
func (s Secret) Format(w fmt.State, _ rune) { _, _ = io.WriteString(w, s.String()) }

// MarshalText hides the text from JSON and whatever else encodes text.
func (s Secret) MarshalText() ([]byte, error) { return []byte(s.String()), nil }
