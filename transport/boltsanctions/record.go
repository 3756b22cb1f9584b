package boltsanctions

import (
	"encoding/json"
	"fmt"
	"strings"

	"chatnode/actors/chat"
	"chatnode/transport/boltfile"
)

// record is a sanction as the file stores it. Kind and subject are in its key.
type record struct {
	chat.Sanction
	Until int64 `json:"until,omitempty"`
}

// key joins kind and subject. A kind contains no colon.
func key(kind chat.SanctionKind, subject string) string { return string(kind) + ":" + subject }

func encode(s *chat.Sanction) ([]byte, error) {
	raw, err := json.Marshal(record{*s, s.Until})
	if err != nil {
		return nil, fmt.Errorf("encode sanction: %w", err)
	}
	return raw, nil
}

// decode decodes a record. The error wraps boltfile.ErrDamaged.
func decode(name, raw []byte) (chat.Sanction, error) {
	var r record
	if err := json.Unmarshal(raw, &r); err != nil {
		return chat.Sanction{}, fmt.Errorf("%w: %w", boltfile.ErrDamaged, err)
	}
	kind, subject, _ := strings.Cut(string(name), ":")
	s := r.Sanction
	s.Kind, s.Subject, s.Until = chat.SanctionKind(kind), subject, r.Until
	if !s.Valid() {
		return s, fmt.Errorf("%w: key %q", boltfile.ErrDamaged, name)
	}
	return s, nil
}
