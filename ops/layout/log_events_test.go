package layout

import (
	"fmt"
	"maps"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"
	"testing/fstest"
)

var (
	eventRow   = regexp.MustCompile("^\\| `([^`]+)` \\| ([^|]+) \\| ([^|]*)\\| [^|]+ \\|$")
	quotedName = regexp.MustCompile("`([^`]+)`")
	anyHeading = regexp.MustCompile(`(?m)^#+ `)
)

// TestLogEventTable compares the table in OPERATIONS.md with the events that the sources log: names, levels, fields.
func TestLogEventTable(t *testing.T) {
	tr, err := load(os.DirFS(root))
	if err != nil {
		t.Fatal(err)
	}
	logged, problems := loggedEvents(tr)
	for _, p := range slices.Concat(problems, compareEvents(logged, read(t, docs+"OPERATIONS.md"))) {
		t.Error(p)
	}
}

// compareEvents returns the differences between the events and the table in the text of OPERATIONS.md.
func compareEvents(logged map[string]*logEvent, text string) (problems []string) {
	report := func(format string, args ...any) { problems = append(problems, fmt.Sprintf(format, args...)) }
	table := map[string]bool{}
	for line := range strings.Lines(section(text, "### Log events")) {
		line = strings.TrimSuffix(line, "\n")
		if !strings.HasPrefix(line, "| `") {
			continue
		}
		row := eventRow.FindStringSubmatch(line)
		if row == nil {
			report("OPERATIONS.md: not a row of four columns: %s", line)
			continue
		}
		name, e := row[1], logged[row[1]]
		switch {
		case table[name]:
			report("OPERATIONS.md has two rows for %q", name)
		case e == nil:
			report("OPERATIONS.md has a row for %q, which no code logs: remove or rename it", name)
		default:
			var fields []string
			for _, m := range quotedName.FindAllStringSubmatch(row[3], -1) {
				fields = append(fields, m[1])
			}
			compareSets(report, name, e.where, "level", e.levels, strings.Split(row[2], ", "))
			compareSets(report, name, e.where, "field", e.fields, fields)
		}
		table[name] = true
	}
	for name, e := range logged {
		if !table[name] {
			report("OPERATIONS.md has no row for %q, which %s logs: add | `%s` | %s | %s | meaning |",
				name, e.where, name, list(e.levels, ""), list(e.fields, "`"))
		}
	}
	slices.Sort(problems)
	return problems
}

func compareSets(report func(string, ...any), event, where, what string, inCode map[string]bool, inTable []string) {
	for _, v := range inTable {
		if !inCode[v] {
			report("OPERATIONS.md, %q: %s does not log the %s %s", event, where, what, v)
		}
	}
	for _, v := range slices.Sorted(maps.Keys(inCode)) {
		if !slices.Contains(inTable, v) {
			report("OPERATIONS.md, %q: the row lacks the %s %s of %s", event, what, v, where)
		}
	}
}

// list returns the names in order, each between two quotes.
func list(names map[string]bool, quote string) string {
	var all []string
	for _, name := range slices.Sorted(maps.Keys(names)) {
		all = append(all, quote+name+quote)
	}
	return strings.Join(all, ", ")
}

// section returns the text between a heading and the next one.
func section(text, title string) string {
	_, rest, _ := strings.Cut(text, "\n"+title+"\n")
	if end := anyHeading.FindStringIndex(rest); end != nil {
		return rest[:end[0]]
	}
	return rest
}

func TestCompareEvents(t *testing.T) {
	tr, err := load(fstest.MapFS{"node/x.go": source(`package node
func f() {
	log.Warn().Err(err).Int("writes", 1).Msg("append failed")
	ev := log.Info().Str("mode", mode)
	if degraded {
		ev = log.Error().Err(err)
	}
	ev.Strs("effects", nil).Msg("state changed")
	log.Info().Msg("stopped")
	log.Info().Msg("started in " + place)
}
func (e Panicked) Log() (slog.Level, string, []any) {
	return slog.LevelError, "panicked", append(panicFields(), "panics", 3)
}
func panicFields() []any { return []any{"actor", "stack", "panic", 1} }`)})
	if err != nil {
		t.Fatal(err)
	}
	logged, problems := loggedEvents(tr)
	if want := []string{"node/x.go:10: the event is not a constant; put the values into fields"}; !slices.Equal(problems, want) {
		t.Errorf("problems: got %q, want %q", problems, want)
	}
	const table = "\n### Log events\n\n| event | level | fields | meaning |\n|---|---|---|---|\n" +
		"| `append failed` | warn | `err`, `writes` | Failed. |\n" +
		"| `state changed` | info, error | `mode`, `effects`, `err` | Changed. |\n" +
		"| `stopped` | info | | Stopped. |\n" +
		"| `panicked` | error | `component`, `actor`, `panic`, `panics` | A bug. |\n"
	for _, c := range []struct{ name, from, to, want string }{
		{"equal", "", "", ""},
		{"no row", "| `stopped` | info | | Stopped. |\n", "", "has no row for \"stopped\""},
		{"two rows", "| `stopped`", "| `append failed` | warn | `err`, `writes` | Failed. |\n| `stopped`", "has two rows for \"append failed\""},
		{"stale row", "| `stopped`", "| `ended` | info | | Ended. |\n| `stopped`", "has a row for \"ended\""},
		{"level", "info, error", "info", "the row lacks the level error"},
		{"field missing", "`err`, `writes`", "`err`", "the row lacks the field writes"},
		{"field of slog", "`panics`", "`stack`", "does not log the field stack"},
		{"columns", "| Stopped. |", "|", "not a row of four columns"},
	} {
		t.Run(c.name, func(t *testing.T) {
			got := strings.Join(compareEvents(logged, strings.Replace(table, c.from, c.to, 1)), "\n")
			if c.want == "" && got != "" || !strings.Contains(got, c.want) {
				t.Errorf("got %q, want %q", got, c.want)
			}
		})
	}
}
