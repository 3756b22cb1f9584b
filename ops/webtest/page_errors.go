package webtest

// collectPageErrors records violations of the Content-Security-Policy, uncaught exceptions, and error and warning logs
// of the page. It does not record the browser's own messages about failed connections, because tests cause them.
const collectPageErrors = `window.pageErrors = [];
addEventListener("securitypolicyviolation", (e) => pageErrors.push("policy: " + e.violatedDirective + " " + e.blockedURI));
addEventListener("error", (e) => pageErrors.push("error: " + e.message));
addEventListener("unhandledrejection", (e) => pageErrors.push("rejection: " + e.reason));
for (const level of ["error", "warn", "assert"]) {
  const original = console[level];
  console[level] = (...args) => { if (level !== "assert" || !args[0]) pageErrors.push("console: " + args.join(" ")); original.apply(console, args); };
}`

func (p *Tab) checkPageErrors() {
	p.t.Helper()
	if got := p.Eval("JSON.stringify(pageErrors)"); got != "[]" {
		p.t.Errorf("errors of the page: %s", got)
	}
}
