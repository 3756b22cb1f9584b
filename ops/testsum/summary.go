package main

import (
	"bufio"
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"strings"
)

// maxLine is the longest event that is read, in bytes: a test may print a lot at once.
const maxLine = 16 << 20

// An event is one line of `go test -json` (go doc test2json).
type event struct {
	Action     string
	Package    string
	ImportPath string // build-output: what does not compile
	Test       string
	Output     string
	Elapsed    float64 // seconds
}

// A place is a test, or the package itself where Test is empty.
type place struct{ pkg, test string }

// A summary counts tests, subtests among them, and packages that failed outside of any test.
type summary struct {
	out            io.Writer
	passed, failed int
	output         map[place]*strings.Builder
	broken         map[string]bool // packages with a failed test
}

func newSummary(out io.Writer) *summary {
	return &summary{out: out, output: map[place]*strings.Builder{}, broken: map[string]bool{}}
}

// read takes all events. What is no event, go's own words say, is printed as it is.
func (s *summary) read(r io.Reader) error {
	lines := bufio.NewScanner(r)
	lines.Buffer(nil, maxLine)
	for lines.Scan() {
		var e event
		if !bytes.HasPrefix(lines.Bytes(), []byte("{")) || json.Unmarshal(lines.Bytes(), &e) != nil {
			fmt.Fprintln(s.out, lines.Text())
			continue
		}
		s.take(e)
	}
	return lines.Err()
}

func (s *summary) take(e event) {
	at := place{e.Package, e.Test}
	switch e.Action {
	case "build-output":
		fmt.Fprint(s.out, e.Output)
	case "output":
		if s.output[at] == nil {
			s.output[at] = &strings.Builder{}
		}
		s.output[at].WriteString(e.Output)
	case "pass", "fail", "skip":
		s.ended(e, at)
		delete(s.output, at)
	}
}

func (s *summary) ended(e event, at place) {
	switch {
	case e.Action == "fail":
		if e.Test != "" || !s.broken[e.Package] { // a package fails with its test: that is one failure
			s.failed++
		}
		s.broken[e.Package] = true
		if text := s.output[at]; text != nil {
			fmt.Fprint(s.out, text)
		}
		if e.Test == "" {
			fmt.Fprintf(s.out, "FAIL\t%s\t%.1fs\n", e.Package, e.Elapsed)
		}
	case e.Action == "pass" && e.Test != "":
		s.passed++
	case e.Action == "pass":
		fmt.Fprintf(s.out, "ok\t%s\t%.1fs\n", e.Package, e.Elapsed)
	}
}

// finish prints the last line and says whether all is well.
func (s *summary) finish() bool {
	for at := range s.output { // began and never ended: the run itself was cut off
		fmt.Fprintf(s.out, "FAIL\t%s %s did not end\n", at.pkg, at.test)
		s.failed++
	}
	fmt.Fprintf(s.out, "%d passed, %d failed\n", s.passed, s.failed)
	return s.failed == 0 && s.passed > 0
}
