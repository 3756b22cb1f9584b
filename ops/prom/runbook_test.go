package prom

import (
	"regexp"
	"strings"
	"testing"
)

var (
	heading  = regexp.MustCompile(`(?m)^#+ (.+)$`)
	notInURL = regexp.MustCompile(`[^a-z0-9 _-]`)
	link     = regexp.MustCompile(`\]\(((?:[A-Z]+\.md)?#[^)]+)\)`)
)

// anchors returns the headings of a text in the form of links.
func anchors(text string) map[string]string {
	all := map[string]string{}
	for _, m := range heading.FindAllStringSubmatch(text, -1) {
		anchor := notInURL.ReplaceAllString(strings.ToLower(m[1]), "")
		all[strings.ReplaceAll(anchor, " ", "-")] = m[1]
	}
	return all
}

func TestAlertsAreInRunbook(t *testing.T) {
	book := read(t, docsDir, "RUNBOOK.md")
	known := anchors(book)
	for _, a := range alerts(t) {
		anchor, ok := strings.CutPrefix(a.runbook, "ops/docs/RUNBOOK.md#")
		if !ok || known[anchor] != a.name {
			t.Errorf("%s has its entry at %q, which is %q", a.name, a.runbook, known[anchor])
			continue
		}
		_, entry, _ := strings.Cut(book, "\n## "+a.name+"\n")
		entry, _, _ = strings.Cut(entry, "\n## ")
		for _, part := range []string{"**Symptom**", "**Cause**", "**Action**"} {
			if !strings.Contains(entry, part) {
				t.Errorf("the entry of %s has no %s", a.name, part)
			}
		}
	}
}

func TestDocumentLinksResolve(t *testing.T) {
	for _, name := range []string{"OPERATIONS.md", "RUNBOOK.md"} {
		for _, m := range link.FindAllStringSubmatch(read(t, docsDir, name), -1) {
			file, anchor, _ := strings.Cut(m[1], "#")
			if file == "" {
				file = name
			}
			if anchors(read(t, docsDir, file))[anchor] == "" {
				t.Errorf("%s: %s leads nowhere", name, m[1])
			}
		}
	}
}

// All names of metrics in the documents exist.
func TestDocumentsNameMetrics(t *testing.T) {
	names := exported(scrape(t, start(t, 1).Nodes[0]))
	for name := range names {
		if base, ok := strings.CutSuffix(name, "_bucket"); ok {
			names[base] = true
		}
	}
	for _, doc := range []string{"OPERATIONS.md", "RUNBOOK.md"} {
		for _, name := range metricName.FindAllString(read(t, docsDir, doc), -1) {
			if !names[name] {
				t.Errorf("%s names %s, which no node exports", doc, name)
			}
		}
	}
}
