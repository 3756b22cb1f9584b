package web

import (
	"compress/gzip"
	"io"
	"maps"
	"net/http"
	"net/http/httptest"
	"path"
	"regexp"
	"slices"
	"strings"
	"testing"
)

func get(method, url string, header ...string) *httptest.ResponseRecorder {
	r := httptest.NewRequest(method, url, nil)
	for i := 0; i+1 < len(header); i += 2 {
		r.Header.Set(header[i], header[i+1])
	}
	w := httptest.NewRecorder()
	Handler().ServeHTTP(w, r)
	return w
}

func TestHandlerResponses(t *testing.T) {
	tests := []struct {
		name, method, url string
		status            int
		contentType       string
	}{
		{"chat page", "GET", "/", 200, "text/html; charset=utf-8"},
		{"module", "GET", "/chat-client.js", 200, "text/javascript; charset=utf-8"},
		{"module in a folder", "GET", "/client/room-log.js", 200, "text/javascript; charset=utf-8"},
		{"stylesheet", "GET", "/css/base.css", 200, "text/css; charset=utf-8"},
		{"image", "GET", "/favicon.svg", 200, "image/svg+xml"},
		{"HEAD", "HEAD", "/", 200, "text/html; charset=utf-8"},
		{"status page", "GET", "/status", 200, "text/html; charset=utf-8"},
		{"module of the status page", "GET", "/status/app.js", 200, "text/javascript; charset=utf-8"},
		{"chat page by file name", "GET", "/index.html", 404, "text/plain; charset=utf-8"},
		{"status page by file name", "GET", "/status/index.html", 404, "text/plain; charset=utf-8"},
		{"missing file", "GET", "/nothing.js", 404, "text/plain; charset=utf-8"},
		{"folder", "GET", "/client/", 404, "text/plain; charset=utf-8"},
		{"path traversal", "GET", "/../handler.go", 404, "text/plain; charset=utf-8"},
		{"POST", "POST", "/", 405, "text/plain; charset=utf-8"},
	}
	for _, tc := range tests {
		t.Run(tc.name, func(t *testing.T) {
			w := get(tc.method, tc.url)
			if w.Code != tc.status || w.Header().Get("Content-Type") != tc.contentType {
				t.Errorf("got %d %q, want %d %q", w.Code, w.Header().Get("Content-Type"), tc.status, tc.contentType)
			}
			if tc.method == "HEAD" && (w.Body.Len() != 0 || w.Header().Get("Content-Length") == "0") {
				t.Errorf("HEAD: body of %d bytes, Content-Length %q", w.Body.Len(), w.Header().Get("Content-Length"))
			}
		})
	}
}

func TestHandlerErrorsHaveSecurityHeaders(t *testing.T) {
	for _, url := range []string{"/", "/nothing"} {
		h := get("GET", url).Header()
		csp := h.Get("Content-Security-Policy")
		for _, want := range []string{"default-src 'none'", "script-src 'self';", "frame-ancestors 'none'", "base-uri 'none'", "require-trusted-types-for 'script'"} {
			if !strings.Contains(csp, want) {
				t.Errorf("%s: policy does not contain %q: %s", url, want, csp)
			}
		}
		if strings.Contains(csp, "unsafe") {
			t.Errorf("%s: policy contains \"unsafe\": %s", url, csp)
		}
		if h.Get("X-Content-Type-Options") != "nosniff" || h.Get("Referrer-Policy") != "no-referrer" {
			t.Errorf("%s: headers %v", url, h)
		}
	}
}

func TestHandlerRevalidatesByETag(t *testing.T) {
	first := get("GET", "/app.js")
	tag := first.Header().Get("ETag")
	if tag == "" || first.Header().Get("Cache-Control") != "no-cache" {
		t.Fatalf("ETag %q, Cache-Control %q", tag, first.Header().Get("Cache-Control"))
	}
	if again := get("GET", "/app.js", "If-None-Match", tag); again.Code != http.StatusNotModified || again.Body.Len() != 0 {
		t.Errorf("same ETag: status %d with %d bytes, want 304 without body", again.Code, again.Body.Len())
	}
	if other := get("GET", "/app.js", "If-None-Match", `"other"`); other.Code != http.StatusOK {
		t.Errorf("other ETag: status %d, want 200", other.Code)
	}
	if get("GET", "/").Header().Get("ETag") == tag {
		t.Error("/ and /app.js have the same ETag")
	}
}

func TestHandlerCompresses(t *testing.T) {
	plain := get("GET", "/app.js")
	for accept, want := range map[string]string{"gzip, deflate, br": "gzip", "br;q=1.0, GZIP;q=0.8": "gzip", "gzip;q=0": "", "gzip;q=0.0, br": "", "br": "", "": ""} {
		w := get("GET", "/app.js", "Accept-Encoding", accept)
		if w.Header().Get("Content-Encoding") != want || w.Header().Get("Vary") != "Accept-Encoding" {
			t.Errorf("%q: headers %v, want encoding %q", accept, w.Header(), want)
			continue
		}
		var body io.Reader = w.Body
		if want != "" {
			if w.Header().Get("ETag") == plain.Header().Get("ETag") || w.Body.Len() > plain.Body.Len()/2 {
				t.Errorf("%q: compressed to %d of %d bytes, ETag %s", accept, w.Body.Len(), plain.Body.Len(), w.Header().Get("ETag"))
			}
			unzipped, err := gzip.NewReader(w.Body)
			if err != nil {
				t.Fatal(err)
			}
			body = unzipped
		}
		if got, err := io.ReadAll(body); err != nil || string(got) != plain.Body.String() {
			t.Errorf("%q: body has %d bytes, want that of the uncompressed response; error %v", accept, len(got), err)
		}
	}
}

// Without a preload, a browser requests a module only after it has loaded the module that imports it.
func TestPagesPreloadAllModules(t *testing.T) {
	s := Handler().(site)
	imported := regexp.MustCompile(`from "(\.[^"]+)"`)
	for page, entry := range map[string]string{"/": "/app.js", "/status": "/status/app.js"} {
		want, open := map[string]bool{}, []string{entry}
		for len(open) > 0 {
			url := open[0]
			open = open[1:]
			for _, m := range imported.FindAllStringSubmatch(string(s[url].body), -1) {
				if module := path.Join(path.Dir(url), m[1]); !want[module] {
					want[module], open = true, append(open, module)
				}
			}
		}
		have := map[string]bool{}
		for _, m := range regexp.MustCompile(`<link rel="modulepreload" href="([^"]+)">`).FindAllStringSubmatch(string(s[page].body), -1) {
			have[m[1]] = true
		}
		if len(want) == 0 || !maps.Equal(have, want) {
			t.Errorf("%s preloads %v, want %v", page, slices.Sorted(maps.Keys(have)), slices.Sorted(maps.Keys(want)))
		}
	}
}

// Each file needs a known content type, each stylesheet must be used, and no module may set markup.
func TestEveryFileIsServable(t *testing.T) {
	s := Handler().(site)
	pages := string(s["/"].body) + string(s["/status"].body)
	for url, a := range s {
		if a.contentType == "" {
			t.Errorf("%s has no content type", url)
		}
		if path.Ext(url) == ".css" && !strings.Contains(pages, `href="`+url+`"`) {
			t.Errorf("no page uses %s", url)
		}
		if strings.Contains(string(a.body), ".innerHTML") {
			t.Errorf("%s uses innerHTML", url)
		}
	}
}
