package web

import (
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"io/fs"
	"net/http"
	"path"
	"strings"
	"time"
)

//go:embed static
var static embed.FS

// contentTypes replaces the table of the operating system, which differs between machines. Browsers reject a
// module without a JavaScript type.
var contentTypes = map[string]string{
	".html": "text/html; charset=utf-8",
	".css":  "text/css; charset=utf-8",
	".js":   "text/javascript; charset=utf-8",
	".svg":  "image/svg+xml",
}

// contentSecurityPolicy allows files and connections (also WebSocket) of the same origin, and avatars over https. It
// forbids inline code and the conversion of text to markup.
const contentSecurityPolicy = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' https:; " +
	"connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; " +
	"require-trusted-types-for 'script'; trusted-types 'none'"

// asset is one file with its compressed form and headers.
type asset struct {
	body        []byte
	gzipped     []byte
	contentType string
	etag        string // hash of body, without quotes
}

// site maps URL paths to assets and serves them.
type site map[string]asset

// Handler serves the web client: "/" is the chat page, "/status" the status page, and other paths are their files. No
// file is secret, because the status page requests its figures with a key. File names do not change between releases,
// so browsers revalidate each file and receive 304 if its ETag matches. Handler answers 404 if there is no such file,
// and 405 for methods other than GET and HEAD.
func Handler() http.Handler {
	s := site{}
	err := fs.WalkDir(static, "static", func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		body, err := static.ReadFile(name)
		if err == nil {
			s.add(strings.TrimPrefix(name, "static"), body)
		}
		return err
	})
	if err != nil { // impossible, because the files are embedded
		panic("web: read embedded file: " + err.Error())
	}
	return s
}

func (s site) add(url string, body []byte) {
	sum := sha256.Sum256(body)
	a := asset{body: body, gzipped: compress(body), contentType: contentTypes[path.Ext(url)], etag: hex.EncodeToString(sum[:12])}
	if page, ok := strings.CutSuffix(url, "index.html"); ok { // "/", and "/status" without a slash
		url = "/" + strings.Trim(page, "/")
	}
	s[url] = a
}

func compress(body []byte) []byte {
	var b bytes.Buffer
	w, _ := gzip.NewWriterLevel(&b, gzip.BestCompression) // cannot fail: the level is valid and b is in memory
	_, _ = w.Write(body)
	_ = w.Close()
	return b.Bytes()
}

// ServeHTTP implements http.Handler.
func (s site) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	setSecurityHeaders(w.Header())
	a, ok := s[r.URL.Path]
	if !ok {
		http.NotFound(w, r)
		return
	}
	if r.Method != http.MethodGet && r.Method != http.MethodHead {
		w.Header().Set("Allow", "GET, HEAD")
		http.Error(w, "method not allowed", http.StatusMethodNotAllowed)
		return
	}
	w.Header().Set("Content-Type", a.contentType)
	w.Header().Set("Cache-Control", "no-cache")
	w.Header().Set("Vary", "Accept-Encoding")
	body, etag := a.body, a.etag
	if acceptsGzip(r) {
		body, etag = a.gzipped, a.etag+"-gzip"
		w.Header().Set("Content-Encoding", "gzip")
	}
	w.Header().Set("ETag", `"`+etag+`"`)
	http.ServeContent(w, r, "", time.Time{}, bytes.NewReader(body))
}

// acceptsGzip reports whether Accept-Encoding lists gzip with a weight above 0.
func acceptsGzip(r *http.Request) bool {
	for coding := range strings.SplitSeq(r.Header.Get("Accept-Encoding"), ",") {
		name, weight, _ := strings.Cut(strings.ReplaceAll(coding, " ", ""), ";")
		if strings.EqualFold(name, "gzip") {
			return strings.Trim(weight, "q=0.") != "" || weight == ""
		}
	}
	return false
}

// setSecurityHeaders sets the headers of all responses, including errors.
func setSecurityHeaders(h http.Header) {
	h.Set("Content-Security-Policy", contentSecurityPolicy)
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("Referrer-Policy", "no-referrer")
	h.Set("Cross-Origin-Opener-Policy", "same-origin")
	h.Set("Cross-Origin-Resource-Policy", "same-origin")
	h.Set("Permissions-Policy", "camera=(), geolocation=(), microphone=()")
}
