package node

import (
	"encoding/json"
	"maps"
	"slices"
	"strings"
	"testing"
)

// The OpenAPI file has the methods of apiRoutes, and no other. ops/api checks what it says of them.
func TestOpenAPIListsRoutes(t *testing.T) {
	var file struct {
		Paths map[string]map[string]json.RawMessage
	}
	if err := json.Unmarshal(openAPIFile, &file); err != nil {
		t.Fatal(err)
	}
	want, got := map[string]bool{}, map[string]bool{}
	for _, r := range apiRoutes() {
		want[r.method+" "+strings.TrimPrefix(r.path, strings.TrimSuffix(apiPrefix, "/"))] = true
	}
	methods := []string{"get", "put", "post", "patch", "delete"} // a path item has other members too
	for path, item := range file.Paths {
		for method := range item {
			if slices.Contains(methods, method) {
				got[strings.ToUpper(method)+" "+path] = true
			}
		}
	}
	if !maps.Equal(got, want) {
		t.Errorf("the file has %v\nthe routes are %v", slices.Sorted(maps.Keys(got)), slices.Sorted(maps.Keys(want)))
	}
}
