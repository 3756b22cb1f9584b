package webtest

import _ "embed"

//go:embed access.js
var accessRules string

// CheckAccess holds what the page shows now against the rules of access.js.
func (p *Tab) CheckAccess() {
	p.t.Helper()
	if got := p.offences(); got != "" {
		p.t.Errorf("not accessible:\n%s", got)
	}
}

// offences are the rules that the page breaks, a line each.
func (p *Tab) offences() string {
	p.t.Helper()
	return p.Eval(accessRules)
}
