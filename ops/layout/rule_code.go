package layout

import (
	"go/ast"
	"slices"
)

// locks: behaviour is actors and mailboxes, so actors and node hold no mutex.
func locks(t *tree, report func(string, int, string)) {
	for _, f := range t.files {
		if !f.in("actors", "node") || f.test() {
			continue
		}
		f.uses("sync", []string{"Mutex", "RWMutex", "Locker", "Cond"}, func(n ast.Node, name string) {
			report(f.path, t.line(n), "sync."+name)
		})
	}
}

// wallClock: the actors measure time by the monotonic clock. Seconds and nanoseconds of the epoch are made to
// be subtracted, and somebody may set the clock in between; milliseconds are what the protocol tells.
func wallClock(t *tree, report func(string, int, string)) {
	for _, f := range t.files {
		if !f.in("actors") || f.test() {
			continue
		}
		ast.Inspect(f.ast, func(n ast.Node) bool {
			if call, ok := n.(*ast.SelectorExpr); ok && slices.Contains([]string{"Unix", "UnixNano"}, call.Sel.Name) {
				report(f.path, t.line(n), "time by the wall clock, which may be set")
			}
			return true
		})
	}
}

// goOwners may start goroutines outside transport: the node's life, and the process's signals, which end it.
var goOwners = []string{"node/lifecycle.go", "node/chatnode/signals.go"}

// goStatement: goroutines start in transport, in goOwners, in tests, and in ops, whose programs are
// tests and loads. A method called Go with a function is a go statement by another name.
func goStatement(t *tree, report func(string, int, string)) {
	for _, f := range t.files {
		if f.in("transport", "ops") || f.test() || slices.Contains(goOwners, f.path) {
			continue
		}
		ast.Inspect(f.ast, func(n ast.Node) bool {
			switch n := n.(type) {
			case *ast.GoStmt:
				report(f.path, t.line(n), "go statement")
			case *ast.CallExpr:
				if method, ok := n.Fun.(*ast.SelectorExpr); ok && method.Sel.Name == "Go" {
					report(f.path, t.line(n), "goroutine started by a method Go")
				}
			}
			return true
		})
	}
}

func initFunction(t *tree, report func(string, int, string)) {
	for _, f := range t.files {
		for _, d := range f.ast.Decls {
			if fn, ok := d.(*ast.FuncDecl); ok && fn.Recv == nil && fn.Name.Name == "init" {
				report(f.path, t.line(fn), "func init")
			}
		}
	}
}

func testSleep(t *tree, report func(string, int, string)) {
	for _, f := range t.files {
		if !f.test() {
			continue
		}
		f.uses("time", []string{"Sleep"}, func(n ast.Node, _ string) {
			report(f.path, t.line(n), "time.Sleep in a test: wait on a condition, or use testing/synctest")
		})
	}
}

// testSkip: a missing program fails the test with the line that installs it.
func testSkip(t *tree, report func(string, int, string)) {
	for _, f := range t.files {
		if !f.test() {
			continue
		}
		ast.Inspect(f.ast, func(n ast.Node) bool {
			call, ok := n.(*ast.SelectorExpr)
			if ok && slices.Contains([]string{"Skip", "Skipf", "SkipNow"}, call.Sel.Name) {
				report(f.path, t.line(n), "skipped test")
			}
			return true
		})
	}
}

// uses visits every use of an imported package's names, whatever the file calls the package.
func (f *file) uses(imported string, names []string, visit func(n ast.Node, name string)) {
	local := f.localName(imported)
	if local == "" {
		return
	}
	ast.Inspect(f.ast, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.SelectorExpr:
			pkg, ok := n.X.(*ast.Ident)
			if ok && pkg.Name == local && slices.Contains(names, n.Sel.Name) {
				visit(n, n.Sel.Name)
			}
		case *ast.Ident:
			if local == "." && slices.Contains(names, n.Name) {
				visit(n, n.Name)
			}
		}
		return true
	})
}
