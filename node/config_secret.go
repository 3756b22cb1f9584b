package node

import (
	"fmt"
	"io"
)

// Printed instead of a secret.
const (
	hiddenText = "[secret]"
	unsetText  = "[unset]"
)

// A Secret is text that no log, error, JSON or format verb prints. The text is behind a pointer, because fmt prints
// unexported fields without calling their methods.
type Secret struct{ text *string }

// NewSecret returns text as a Secret. If text is empty, the Secret is unset.
func NewSecret(text string) Secret {
	if text == "" {
		return Secret{}
	}
	return Secret{&text}
}

// Reveal returns the text; empty if it is unset.
func (s Secret) Reveal() string {
	if s.text == nil {
		return ""
	}
	return *s.text
}

// IsSet reports whether there is a text.
func (s Secret) IsSet() bool { return s.text != nil }

// String returns a placeholder.
func (s Secret) String() string {
	if s.text == nil {
		return unsetText
	}
	return hiddenText
}

// Format prints a placeholder for every verb.
func (s Secret) Format(w fmt.State, _ rune) { _, _ = io.WriteString(w, s.String()) }

// MarshalText returns a placeholder, for JSON and other encodings.
func (s Secret) MarshalText() ([]byte, error) { return []byte(s.String()), nil }
