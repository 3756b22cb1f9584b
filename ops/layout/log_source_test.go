package layout

import (
	"fmt"
	"go/ast"
	"go/token"
	"maps"
	"path"
	"slices"
	"strconv"
	"strings"
)

// A logEvent is what the sources log under one constant name.
type logEvent struct {
	levels, fields map[string]bool
	where          string // of one of its lines
}

// Files with a log line whose event is not constant. OPERATIONS.md describes these lines below the table.
var variableEvents = map[string]string{
	"transport/redisbus/log.go": "passes on the messages of the Redis client",
}

// Fields and levels that the sources do not write as literals in a chain of calls.
var (
	variableFields = map[string][]string{"audit": {"by", "room", "target", "reason"}}
	variableLevels = map[string]string{"audit": "info"} // set as a field, so that no LOG_LEVEL suppresses the line
)

var (
	zerologLevels = map[string]string{"Debug": "debug", "Info": "info", "Warn": "warn", "Error": "error"}
	slogLevels    = map[string]string{"LevelDebug": "debug", "LevelInfo": "info", "LevelWarn": "warn", "LevelError": "error"}
)

// loggedEvents returns all events that the node logs, and the log lines that it could not read.
func loggedEvents(t *tree) (events map[string]*logEvent, problems []string) {
	events = map[string]*logEvent{}
	note := func(name, where string, levels, fields map[string]bool) {
		if events[name] == nil {
			events[name] = &logEvent{map[string]bool{}, map[string]bool{}, where}
		}
		maps.Copy(events[name].levels, levels)
		maps.Copy(events[name].fields, fields)
	}
	for _, f := range t.files {
		area, _, _ := strings.Cut(f.path, "/")
		if isTest(f.path) || !slices.Contains([]string{"actors", "transport", "node"}, area) {
			continue
		}
		inspectFunctions(f.ast, func(fn *ast.FuncDecl, n ast.Node) {
			where := fmt.Sprintf("%s:%d", f.path, t.fset.Position(n.Pos()).Line)
			if r, ok := n.(*ast.ReturnStmt); ok {
				if name, level, ok := slogEvent(r); ok {
					note(name, where, map[string]bool{level: true}, slogFields(t, path.Dir(f.path), r.Results[2]))
					note(name, where, nil, map[string]bool{"component": true}) // added by the bridge from slog
				}
			}
			call, ok := n.(*ast.CallExpr)
			if !ok || !strings.HasPrefix(method(call), "Msg") || len(call.Args) == 0 {
				return
			}
			name, constant := literal(call.Args[0])
			switch {
			case constant && method(call) == "Msg":
				c := readChain(fn, call)
				c.complete(name)
				if len(c.levels) == 0 {
					problems = append(problems, where+": cannot derive the level of "+name)
				}
				note(name, where, c.levels, c.fields)
			case variableEvents[f.path] == "":
				problems = append(problems, where+": the event is not a constant; put the values into fields")
			}
		})
	}
	return events, problems
}

func inspectFunctions(file *ast.File, visit func(fn *ast.FuncDecl, n ast.Node)) {
	for _, d := range file.Decls {
		fn, ok := d.(*ast.FuncDecl)
		if !ok || fn.Body == nil {
			continue
		}
		ast.Inspect(fn.Body, func(n ast.Node) bool {
			if n != nil {
				visit(fn, n)
			}
			return true
		})
	}
}

// A chain is what a chain of zerolog's calls adds to a line.
type chain struct{ levels, fields map[string]bool }

// readChain reads the chain of calls that ends in expr. If it begins with a local variable, the chains that are
// assigned to the variable anywhere in the function are parts of it, too.
func readChain(fn *ast.FuncDecl, expr ast.Expr) chain {
	c := chain{map[string]bool{}, map[string]bool{}}
	variable, ok := c.calls(expr).(*ast.Ident)
	if !ok || len(c.levels) > 0 { // a logger, not an event
		return c
	}
	ast.Inspect(fn.Body, func(n ast.Node) bool {
		if a, ok := n.(*ast.AssignStmt); ok && len(a.Lhs) == len(a.Rhs) {
			for i, left := range a.Lhs {
				if id, ok := left.(*ast.Ident); ok && id.Name == variable.Name {
					c.calls(a.Rhs[i])
				}
			}
		}
		return true
	})
	return c
}

// calls adds the calls of the chain that ends in expr, and returns the expression that the chain begins with.
func (c *chain) calls(expr ast.Expr) ast.Expr {
	for {
		call, ok := expr.(*ast.CallExpr)
		if !ok {
			return expr
		}
		name := method(call)
		switch field, ok := firstLiteral(call); {
		case zerologLevels[name] != "" && len(call.Args) == 0:
			c.levels[zerologLevels[name]] = true
		case name == "Err":
			c.fields["err"] = true
		case ok && name != "Msg":
			c.fields[field] = true
		}
		sel, ok := call.Fun.(*ast.SelectorExpr)
		if !ok {
			return call.Fun
		}
		expr = sel.X
	}
}

// complete adds what the sources do not write as literals.
func (c *chain) complete(event string) {
	for _, f := range variableFields[event] {
		c.fields[f] = true
	}
	if level := variableLevels[event]; level != "" {
		c.levels[level] = true
	}
}

// slogEvent reads the result of a Log method of hollywood's EventLogger: level, message, attributes.
func slogEvent(r *ast.ReturnStmt) (name, level string, ok bool) {
	if len(r.Results) != 3 {
		return "", "", false
	}
	sel, ok := r.Results[0].(*ast.SelectorExpr)
	if !ok || slogLevels[sel.Sel.Name] == "" {
		return "", "", false
	}
	name, ok = literal(r.Results[1])
	return name, slogLevels[sel.Sel.Name], ok
}

// slogFields returns the keys in an []any of keys and values. expr is a literal, a call of a function of the package
// that returns one, or append to one of these.
func slogFields(t *tree, dir string, expr ast.Expr) map[string]bool {
	fields := map[string]bool{}
	keys := func(list []ast.Expr) {
		for i := 0; i < len(list); i += 2 {
			if key, ok := literal(list[i]); ok {
				fields[key] = true
			}
		}
	}
	switch e := expr.(type) {
	case *ast.CompositeLit:
		keys(e.Elts)
	case *ast.CallExpr:
		id, ok := e.Fun.(*ast.Ident)
		switch {
		case !ok:
		case id.Name == "append":
			maps.Copy(fields, slogFields(t, dir, e.Args[0]))
			keys(e.Args[1:])
		default:
			for _, r := range returned(t, dir, id.Name) {
				maps.Copy(fields, slogFields(t, dir, r))
			}
		}
	}
	return fields
}

// returned returns the results of the function of the package, if it has one result.
func returned(t *tree, dir, function string) (results []ast.Expr) {
	for _, f := range t.files {
		if path.Dir(f.path) != dir {
			continue
		}
		inspectFunctions(f.ast, func(fn *ast.FuncDecl, n ast.Node) {
			if r, ok := n.(*ast.ReturnStmt); ok && fn.Name.Name == function && fn.Recv == nil && len(r.Results) == 1 {
				results = append(results, r.Results[0])
			}
		})
	}
	return results
}

// method returns the name of the method, or of the function of another package, that is called.
func method(call *ast.CallExpr) string {
	if sel, ok := call.Fun.(*ast.SelectorExpr); ok {
		return sel.Sel.Name
	}
	return ""
}

// literal returns the value of a string literal.
func literal(e ast.Expr) (string, bool) {
	lit, ok := e.(*ast.BasicLit)
	if !ok || lit.Kind != token.STRING {
		return "", false
	}
	s, err := strconv.Unquote(lit.Value)
	return s, err == nil
}

func firstLiteral(call *ast.CallExpr) (string, bool) {
	if len(call.Args) == 0 {
		return "", false
	}
	return literal(call.Args[0])
}
