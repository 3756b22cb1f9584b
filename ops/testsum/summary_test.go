package main

import (
	"strings"
	"testing"
)

func TestSummary(t *testing.T) {
	for _, c := range []struct {
		name   string
		events []string
		ok     bool
		last   string
		holds  []string
	}{
		{
			"tests and subtests are counted, packages are not",
			[]string{
				`{"Action":"pass","Package":"a","Test":"TestX/one"}`,
				`{"Action":"pass","Package":"a","Test":"TestX"}`,
				`{"Action":"pass","Package":"a","Elapsed":1.25}`,
				`{"Action":"skip","Package":"b"}`,
			},
			true, "2 passed, 0 failed",
			[]string{"ok\ta\t1.2s"},
		},
		{
			"the output of what failed is shown, that of what passed is not",
			[]string{
				`{"Action":"output","Package":"a","Test":"TestX","Output":"wanted 1\n"}`,
				`{"Action":"output","Package":"a","Test":"TestY","Output":"chatter\n"}`,
				`{"Action":"fail","Package":"a","Test":"TestX"}`,
				`{"Action":"pass","Package":"a","Test":"TestY"}`,
				`{"Action":"fail","Package":"a"}`,
			},
			false, "1 passed, 1 failed",
			[]string{"wanted 1", "FAIL\ta"},
		},
		{
			"a package that does not build fails once and says why",
			[]string{
				`{"Action":"build-output","ImportPath":"a","Output":"a.go:1: undefined: x\n"}`,
				`{"Action":"build-fail","ImportPath":"a"}`,
				`{"Action":"fail","Package":"a"}`,
			},
			false, "0 passed, 1 failed",
			[]string{"undefined: x"},
		},
		{"nothing tested is no success", []string{`{"Action":"skip","Package":"a"}`}, false, "0 passed, 0 failed", nil},
		{
			"a run that was cut off is no success",
			[]string{
				`{"Action":"pass","Package":"a","Test":"TestX"}`,
				`{"Action":"output","Package":"a","Test":"TestY","Output":"=== RUN TestY\n"}`,
			},
			false, "1 passed, 1 failed",
			[]string{"a TestY did not end"},
		},
		{"words of go itself are passed on", []string{"go: no such module"}, false, "0 passed, 0 failed", []string{"go: no such module"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			var out strings.Builder
			s := newSummary(&out)
			if err := s.read(strings.NewReader(strings.Join(c.events, "\n"))); err != nil {
				t.Fatal(err)
			}
			if ok := s.finish(); ok != c.ok {
				t.Errorf("finish() = %v, want %v", ok, c.ok)
			}
			lines := strings.Split(strings.TrimSpace(out.String()), "\n")
			if last := lines[len(lines)-1]; last != c.last {
				t.Errorf("last line is %q, want %q", last, c.last)
			}
			for _, part := range c.holds {
				if !strings.Contains(out.String(), part) {
					t.Errorf("no %q in:\n%s", part, out.String())
				}
			}
			if strings.Contains(out.String(), "chatter") {
				t.Errorf("output of a passed test in:\n%s", out.String())
			}
		})
	}
}
