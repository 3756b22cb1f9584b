package api

import (
	"context"
	"fmt"
	"maps"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/pb33f/libopenapi"
	validator "github.com/pb33f/libopenapi-validator"
	v3 "github.com/pb33f/libopenapi/datamodel/high/v3"
)

// spec is the OpenAPI file, read by a library that shares no code with the handlers.
type spec struct {
	model   *v3.Document
	checker validator.Validator
}

func readSpec(t *testing.T) *spec {
	t.Helper()
	file, err := os.ReadFile(filepath.Join("..", "..", "node", "api_openapi.json"))
	if err != nil {
		t.Fatal(err)
	}
	doc, err := libopenapi.NewDocument(file)
	if err != nil {
		t.Fatal(err)
	}
	model, err := doc.BuildV3Model()
	if err != nil {
		t.Fatal(err)
	}
	checker, errs := validator.NewValidator(doc)
	if len(errs) > 0 {
		t.Fatal(errs)
	}
	t.Cleanup(checker.Release)
	return &spec{&model.Model, checker}
}

// responses returns the documented statuses as "METHOD path status", without the default.
func (s *spec) responses() (all []string) {
	for path, item := range s.model.Paths.PathItems.FromOldest() {
		for method, op := range item.GetOperations().FromOldest() {
			for status := range op.Responses.Codes.KeysFromOldest() {
				all = append(all, strings.ToUpper(method)+" "+path+" "+status)
			}
		}
	}
	slices.Sort(all)
	return all
}

func TestOpenAPIFileIsValid(t *testing.T) {
	s := readSpec(t)
	if ok, errs := s.checker.ValidateDocument(); !ok {
		for _, e := range errs {
			t.Errorf("%s: %s: %v", e.Message, e.Reason, e.SchemaValidationErrors)
		}
	}
	if s.model.Version != "3.1.0" {
		t.Errorf("version %s", s.model.Version)
	}
}

// exchange is one request and its response.
type exchange struct {
	route    string // METHOD path, as in the file
	request  *http.Request
	response *http.Response
}

// The node gives each status that the file has for each method of each path, and each body matches its schema.
func TestResponsesMatchFile(t *testing.T) {
	s := readSpec(t)
	seen := map[string]bool{}
	for _, x := range exchanges(t) {
		name := fmt.Sprintf("%s %d", x.route, x.response.StatusCode)
		seen[name] = true
		if ok, errs := s.checker.ValidateHttpResponse(x.request, x.response); !ok {
			for _, e := range errs {
				t.Errorf("%s: %s: %s %v", name, e.Message, e.Reason, e.SchemaValidationErrors)
			}
		}
	}
	if got, want := slices.Sorted(maps.Keys(seen)), s.responses(); !slices.Equal(got, want) {
		for _, name := range want {
			if !seen[name] {
				t.Errorf("documented and never seen: %s", name)
			}
		}
		for _, name := range got {
			if !slices.Contains(want, name) {
				t.Errorf("seen and not documented: %s", name)
			}
		}
	}
}

// The requests that succeed match the file too.
func TestRequestsMatchFile(t *testing.T) {
	s := readSpec(t)
	n := startNode(t)
	for _, c := range n.successes(t) {
		req := c.request(context.Background())
		if ok, errs := s.checker.ValidateHttpRequest(req); !ok {
			for _, e := range errs {
				t.Errorf("%s: %s: %s %v", c.route, e.Message, e.Reason, e.SchemaValidationErrors)
			}
		}
	}
}

// serveIn sends a request to the handler of the node.
func (n *apiNode) serveIn(ctx context.Context, c *specCase) exchange {
	req := c.request(ctx)
	w := httptest.NewRecorder()
	n.handler.ServeHTTP(w, req)
	return exchange{c.route, c.request(ctx), w.Result()}
}
