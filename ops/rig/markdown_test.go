package rig

import (
	"strings"
	"testing"
)

func TestTable(t *testing.T) {
	var out strings.Builder
	Table(&out, []string{"what", "value:"}, [][]string{{"a", "1"}, {"b", Digits(2.345)}})
	if want := "| what | value |\n|---|---:|\n| a | 1 |\n| b | 2.35 |\n"; out.String() != want {
		t.Errorf("%s", out.String())
	}
}

func TestDigits(t *testing.T) {
	for n, want := range map[float64]string{0: "0", 12: "12", 1234.5: "1234", 1.234: "1.23", 0.01234: "0.0123", 24800: "24800"} {
		if got := Digits(n); got != want {
			t.Errorf("%v: %s, not %s", n, got, want)
		}
	}
}
