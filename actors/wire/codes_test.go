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
			t.Errorf("code %d is called %q, which is misspelt or used before", c, name)
		}
		seen[c.String()] = true
		if !regexp.MustCompile(`^[A-Z][^.<>{}%]+\.$`).MatchString(c.Text()) {
			t.Errorf("%v: %q is not one plain sentence", c, c.Text())
		}
	}
	if last := wire.Codes()[len(wire.Codes())-1]; last != wire.CodeShuttingDown {
		t.Errorf("the list ends with %v", last)
	}
}

func TestRetryableCodes(t *testing.T) {
	again := map[wire.Code]bool{
		wire.CodeOverloaded: true, wire.CodeDegraded: true, wire.CodeInternal: true, wire.CodeShuttingDown: true,
	}
	for _, c := range wire.Codes() {
		if c.Retry() != again[c] {
			t.Errorf("%v: retry is %v", c, c.Retry())
		}
	}
}

func TestUnlistedCodeIsInternal(t *testing.T) {
	if c := wire.Code(255); c.String() != "internal" || c.Text() == "" || !c.Retry() {
		t.Errorf("%v %q %v", c, c.Text(), c.Retry())
	}
	if c := wire.CodeNone; c.String() != "none" || c.Retry() {
		t.Errorf("%v %v", c, c.Retry())
	}
}

func TestUnlistedCommandTypeIsUnknown(t *testing.T) {
	for _, c := range []wire.CommandType{wire.Unknown, wire.Auth + 1, 255} {
		if c.String() != "unknown" {
			t.Errorf("%d is %q", c, c)
		}
	}
}
