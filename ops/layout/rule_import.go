package layout

import (
	"go/ast"
	"slices"
	"strconv"
	"strings"
)

const module = "chatnode"

// direction is the order of the folders: each imports only what stands left of it, or itself.
var direction = []string{"actors", "transport", "node", "ops"}

// sockets and files, which the actors reach through their ports only.
var forbiddenInActors = []string{
	"github.com/lxzan/gws",
	"github.com/redis/go-redis",
	"go.etcd.io/bbolt",
	"net/http",
}

func importDirection(t *tree, report func(string, int, string)) {
	eachImport(t, func(f *file, line int, imported string) {
		target, ours := strings.CutPrefix(imported, module+"/")
		if !ours {
			return
		}
		area, _, _ := strings.Cut(target, "/")
		if slices.Index(direction, area) > slices.Index(direction, f.area()) {
			report(f.path, line, f.area()+" imports "+imported)
		}
	})
}

func actorsImport(t *tree, report func(string, int, string)) {
	eachImport(t, func(f *file, line int, imported string) {
		if !f.in("actors") {
			return
		}
		for _, forbidden := range forbiddenInActors {
			if imported == forbidden || strings.HasPrefix(imported, forbidden+"/") {
				report(f.path, line, "actors imports "+imported)
			}
		}
	})
}

func eachImport(t *tree, visit func(f *file, line int, imported string)) {
	for _, f := range t.files {
		for _, spec := range f.ast.Imports {
			visit(f, t.line(spec), importPath(spec))
		}
	}
}

func importPath(spec *ast.ImportSpec) string {
	p, err := strconv.Unquote(spec.Path.Value)
	if err != nil {
		return spec.Path.Value // the parser has let it pass, so it is quoted
	}
	return p
}

// localName is what the file calls an imported package: "" where it does not import it, "." where
// its names need no package.
func (f *file) localName(imported string) string {
	for _, spec := range f.ast.Imports {
		if importPath(spec) != imported {
			continue
		}
		if spec.Name != nil {
			return spec.Name.Name
		}
		return imported[strings.LastIndexByte(imported, '/')+1:]
	}
	return ""
}
