package webtest

import _ "embed"

//go:embed access.js
var accessRules string

// CheckAccess fails the test if the current content of the page violates a rule of access.js.
func (p *Tab) CheckAccess() {
	p.t.Helper()
	if got := p.violations(); got != "" {
		p.t.Errorf("not accessible:\n%s", got)
	}
}

// violations returns the violated rules and their elements, one per line.
func (p *Tab) violations() string {
	p.t.Helper()
	return p.Eval(accessRules)
}
