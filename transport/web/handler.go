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

// contentTypes spells the types out, because the system's own table differs between machines and
// a browser refuses a module that is not called JavaScript.
var contentTypes = map[string]string{
	".html": "text/html; charset=utf-8",
	".css":  "text/css; charset=utf-8",
	".js":   "text/javascript; charset=utf-8",
	".svg":  "image/svg+xml",
}

// contentSecurityPolicy allows the page its own files, its own origin to talk to (which covers
// WebSocket) and avatars over https; nothing inline, and no way to turn text into markup.
const contentSecurityPolicy = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' https:; " +
	"connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; " +
	"require-trusted-types-for 'script'; trusted-types 'none'"

// An asset is one file, ready to be served.
type asset struct {
	body        []byte
	gzipped     []byte
	contentType string
	etag        string // strong: of the bytes
}

// site serves assets by URL path.
type site map[string]asset

// Handler serves the web client: "/" is the page, "/status" the one for admins, every other path a file
// of them. Nothing of it is secret: the status page asks for a key before it shows anything. Files keep their
// names from release to release, so a browser asks again each time and gets 304 while the ETag
// holds. It answers 404 for what is not a file and 405 for anything but GET and HEAD.
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
	if err != nil { // the files are part of the program
		panic("web: read an embedded file: " + err.Error())
	}
	return s
}

func (s site) add(url string, body []byte) {
	sum := sha256.Sum256(body)
	a := asset{body: body, gzipped: gzipped(body), contentType: contentTypes[path.Ext(url)], etag: hex.EncodeToString(sum[:12])}
	if page, ok := strings.CutSuffix(url, "index.html"); ok { // "/", and "/status" without a slash
		url = "/" + strings.Trim(page, "/")
	}
	s[url] = a
}

func gzipped(body []byte) []byte {
	var b bytes.Buffer
	w, _ := gzip.NewWriterLevel(&b, gzip.BestCompression) // a level that there is, and memory to write to
	_, _ = w.Write(body)
	_ = w.Close()
	return b.Bytes()
}

// ServeHTTP implements http.Handler.
func (s site) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	secure(w.Header())
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
	if takesGzip(r) {
		body, etag = a.gzipped, a.etag+"-gzip"
		w.Header().Set("Content-Encoding", "gzip")
	}
	w.Header().Set("ETag", `"`+etag+`"`)
	http.ServeContent(w, r, "", time.Time{}, bytes.NewReader(body))
}

// takesGzip: browsers name what they take; who refuses it by a weight of 0 is not given it either.
func takesGzip(r *http.Request) bool {
	for coding := range strings.SplitSeq(r.Header.Get("Accept-Encoding"), ",") {
		name, weight, _ := strings.Cut(strings.ReplaceAll(coding, " ", ""), ";")
		if strings.EqualFold(name, "gzip") {
			return strings.Trim(weight, "q=0.") != "" || weight == ""
		}
	}
	return false
}

// secure sets the headers that every answer carries, errors too.
func secure(h http.Header) {
	h.Set("Content-Security-Policy", contentSecurityPolicy)
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("Referrer-Policy", "no-referrer")
	h.Set("Cross-Origin-Opener-Policy", "same-origin")
	h.Set("Cross-Origin-Resource-Policy", "same-origin")
	h.Set("Permissions-Policy", "camera=(), geolocation=(), microphone=()")
}
