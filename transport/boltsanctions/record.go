package boltsanctions

import (
	"encoding/json"
	"fmt"
	"strings"

	"chatnode/actors/chat"
)

// record is a sanction as the file has it; kind and subject are its key.
type record struct {
	chat.Sanction
	Until int64 `json:"until,omitempty"`
}

// key joins kind and subject; kinds hold no colon.
func key(kind chat.SanctionKind, subject string) string { return string(kind) + ":" + subject }

func encode(s *chat.Sanction) ([]byte, error) {
	raw, err := json.Marshal(record{*s, s.Until})
	if err != nil {
		return nil, fmt.Errorf("encode the sanction: %w", err)
	}
	return raw, nil
}

// decode reads a record. The error wraps errDamaged.
func decode(name, raw []byte) (chat.Sanction, error) {
	var r record
	if err := json.Unmarshal(raw, &r); err != nil {
		return chat.Sanction{}, fmt.Errorf("%w: %w", errDamaged, err)
	}
	kind, subject, _ := strings.Cut(string(name), ":")
	s := r.Sanction
	s.Kind, s.Subject, s.Until = chat.SanctionKind(kind), subject, r.Until
	if !s.Valid() {
		return s, fmt.Errorf("%w: its key is %q", errDamaged, name)
	}
	return s, nil
}
