package messagepath

import (
	"slices"
	"strings"
	"testing"
)

// Statements of a small program: two in each of the files a, b, c, and one of the runtime.
var small = []statement{
	{"node/a.go", 1}, {"node/a.go", 2}, {"node/b.go", 1}, {"node/b.go", 2}, {"node/c.go", 1}, {"node/c.go", 2}, {"actors/process/p.go", 1},
}

func TestCheck(t *testing.T) {
	all := [][]uint32{{0, 6, 2, 1, 4}, {0, 2, 6, 1, 4, 5}, {0, 2, 4}, {0, 2, 1, 4}, {0, 3, 2, 1, 6, 4}, {0, 2, 6, 1, 4}}
	for _, c := range []struct {
		name   string
		steps  []string
		except map[string]string
		want   []string
	}{
		{"complete", []string{"node/a.go", "node/b.go", "node/c.go"}, nil, nil},
		{"later statement", []string{"node/b.go", "node/a.go", "node/c.go"}, nil, nil},
		{"exception", []string{"node/a.go", "node/c.go"}, map[string]string{"node/b.go": "a reason"}, nil},
		{"order", []string{"node/c.go", "node/a.go", "node/b.go"}, nil, []string{"step 2: node/a.go does not run after node/c.go for 6 of 6"}},
		{"unlisted", []string{"node/a.go", "node/b.go"}, nil, []string{"node/c.go runs for a message (first line 1)"}},
		{
			"no statement",
			[]string{"node/a.go", "node/b.go", "node/c.go", "node/d.go"},
			nil,
			[]string{"step 4: no statement of node/d.go runs"},
		},
		{"missing", []string{"node/a.go", "node/b.go", "node/x.go"}, nil, []string{"node/x.go does not exist", "node/c.go runs"}},
		{
			"stale exceptions",
			[]string{"node/a.go", "node/b.go", "node/c.go"},
			map[string]string{"node/d.go": "a reason", "node/x.go": "a reason", "node/a.go": "a reason", "node/d_other.go": "a reason"},
			[]string{"remove node/a.go, because the README", "remove node/d.go, because no statement", "node/x.go does not exist"},
		},
	} {
		t.Run(c.name, func(t *testing.T) {
			got := newRuns(all, small).check(c.steps, c.except, func(file string) bool { return !strings.HasPrefix(file, "node/x") })
			if len(got) != len(c.want) {
				t.Fatalf("got %q, want %q", got, c.want)
			}
			for i := range got {
				if !strings.Contains(got[i], c.want[i]) {
					t.Errorf("got %q, want %q", got[i], c.want[i])
				}
			}
		})
	}
}

func TestReadSteps(t *testing.T) {
	const before, after = "# x\n\n1. [no](no.go)\n\n" + heading + "\n\nText.\n\n", "\nText [y](y.go).\n\n## Next\n\n1. [no](no.go)\n"
	for _, c := range []struct {
		name, list string
		files      []string
		problem    string
	}{
		{"list", "1. [a.go](a.go): reads\n   more.\n\n→ Redis →\n\n2. [b.go](b.go)\n", []string{"a.go", "b.go"}, ""},
		{"text differs", "1. [a](a.go): reads\n", []string{"a.go"}, "write the path twice"},
		{"twice", "1. [a.go](a.go): reads\n2. [a.go](a.go)\n", []string{"a.go", "a.go"}, "each file once"},
		{"number", "1. [a.go](a.go): reads\n3. [b.go](b.go)\n", []string{"a.go", "b.go"}, "step 3 comes after step 1"},
		{"empty", "", nil, "the path has 0 steps"},
	} {
		t.Run(c.name, func(t *testing.T) {
			files, problems := readSteps(before + c.list + after)
			if !slices.Equal(files, c.files) {
				t.Errorf("got %v, want %v", files, c.files)
			}
			if got := strings.Join(problems, "\n"); c.problem == "" && got != "" || !strings.Contains(got, c.problem) {
				t.Errorf("got %q, want %q", got, c.problem)
			}
		})
	}
	if _, problems := readSteps("# x\n"); len(problems) != 1 {
		t.Errorf("a README without the section: %q", problems)
	}
}

func TestInstrument(t *testing.T) {
	p := &program{}
	got := string(p.instrument(t, "x.go", []byte(`package x
func f(c chan int) (n int) {
	defer func() { n++ }()
loop:
	for {
		select {
		case n = <-c:
			break loop
		default:
		}
		switch { case n > 0: n--; return n }
	}
	return
}
`)))
	const want = `package x; import statementtrace "chatnode/node/trace"
func f(c chan int) (n int) {
	statementtrace.Hit(0); defer func() { statementtrace.Hit(3); n++ }()
statementtrace.Hit(1); loop:
	for {
		statementtrace.Hit(4); select {
		case n = <-c:
			statementtrace.Hit(6); break loop
		default:
		}
		statementtrace.Hit(5); switch { case n > 0: statementtrace.Hit(7); n--; statementtrace.Hit(8); return n }
	}
	statementtrace.Hit(2); return
}
`
	if got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
	if len(p.statements) != 9 || p.statements[8] != (statement{"x.go", 11}) {
		t.Errorf("statements: %v", p.statements)
	}
}
