package wire_test

import (
	"regexp"
	"testing"

	"chatnode/actors/wire"
)

func TestCodeNamesAndTexts(t *testing.T) {
	spelling, seen := regexp.MustCompile(`^[a-z]+(_[a-z]+)*$`), map[string]bool{}
	for _, c := range wire.Codes() {
		if name := c.String(); !spelling.MatchString(name) || seen[name] {
			t.Errorf("name %[2]q of code %[1]d is invalid or a duplicate", c, name)
		}
		seen[c.String()] = true
		if !regexp.MustCompile(`^[A-Z][^<>{}%]+\.$`).MatchString(c.Text()) {
			t.Errorf("text of %v is not a sentence: %q", c, c.Text())
		}
	}
	if last := wire.Codes()[len(wire.Codes())-1]; last != wire.CodeShuttingDown {
		t.Errorf("Codes ends with %v, want CodeShuttingDown", last)
	}
}

func TestRetryableCodes(t *testing.T) {
	retryable := map[wire.Code]bool{
		wire.CodeOverloaded: true, wire.CodeDegraded: true, wire.CodeInternal: true, wire.CodeShuttingDown: true,
	}
	for _, c := range wire.Codes() {
		if c.Retry() != retryable[c] {
			t.Errorf("Retry of %v is %v, want %v", c, c.Retry(), retryable[c])
		}
	}
}

func TestUnlistedCodeIsInternal(t *testing.T) {
	if c := wire.Code(255); c.String() != "internal" || c.Text() == "" || !c.Retry() {
		t.Errorf("code 255: name %v, text %q, retry %v; want those of internal", c, c.Text(), c.Retry())
	}
	if c := wire.CodeNone; c.String() != "none" || c.Retry() {
		t.Errorf("CodeNone: name %v, retry %v; want none, false", c, c.Retry())
	}
}

func TestUnlistedCommandTypeIsUnknown(t *testing.T) {
	for _, c := range []wire.CommandType{wire.Unknown, wire.Auth + 1, 255} {
		if c.String() != "unknown" {
			t.Errorf("command type %d is %q, want unknown", c, c)
		}
	}
}
