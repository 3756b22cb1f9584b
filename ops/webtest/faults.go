package webtest

// watchFaults notes what the Content-Security-Policy had to stop, what nobody caught, and what the page
// complains of. A browser's own notes of connections that failed are not among it: tests break them.
const watchFaults = `window.faults = [];
addEventListener("securitypolicyviolation", (e) => faults.push("policy: " + e.violatedDirective + " " + e.blockedURI));
addEventListener("error", (e) => faults.push("error: " + e.message));
addEventListener("unhandledrejection", (e) => faults.push("rejection: " + e.reason));
for (const level of ["error", "warn", "assert"]) {
  const was = console[level];
  console[level] = (...args) => { if (level !== "assert" || !args[0]) faults.push("console: " + args.join(" ")); was.apply(console, args); };
}`

func (p *Tab) checkFaults() {
	p.t.Helper()
	if got := p.Eval("JSON.stringify(faults)"); got != "[]" {
		p.t.Errorf("faults of the page: %s", got)
	}
}
