package auth

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
)

// request returns a request with headers of the form "Name: value".
func request(target string, headers ...string) *http.Request {
	r := httptest.NewRequest(http.MethodGet, target, nil)
	for _, h := range headers {
		name, value, _ := strings.Cut(h, ": ")
		r.Header.Add(name, value)
	}
	return r
}

func TestExtract(t *testing.T) {
	for name, row := range map[string]struct {
		request *http.Request
		want    Credential
	}{
		"nothing":              {request("/chat"), Credential{Source: SourceNone}},
		"header":               {request("/chat", "Authorization: Bearer abc"), Credential{"abc", FromHeader, ""}},
		"header, any case":     {request("/chat", "Authorization: bearer abc"), Credential{"abc", FromHeader, ""}},
		"another scheme":       {request("/chat", "Authorization: Basic abc"), Credential{Source: SourceNone}},
		"empty header":         {request("/chat", "Authorization: Bearer "), Credential{Source: FromHeader}},
		"empty header, cookie": {request("/chat", "Authorization: Bearer", "Cookie: chat_session=c"), Credential{Source: FromHeader}},
		"empty query":          {request("/chat?token="), Credential{Source: FromQuery}},
		"empty cookie":         {request("/chat", "Cookie: chat_session="), Credential{Source: SourceNone}},
		"cookie":               {request("/chat", "Cookie: a=b; chat_session=abc"), Credential{"abc", FromCookie, ""}},
		"query":                {request("/chat?room=r&token=abc"), Credential{"abc", FromQuery, ""}},
		"subprotocol":          {request("/chat", "Sec-WebSocket-Protocol: bearer.abc"), Credential{"abc", FromProtocol, "bearer.abc"}},
		"with a plain one":     {request("/chat", "Sec-WebSocket-Protocol: chat, bearer.abc"), Credential{"abc", FromProtocol, "chat"}},
		"in two lines":         {request("/chat", "Sec-WebSocket-Protocol: bearer.abc", "Sec-WebSocket-Protocol: chat"), Credential{"abc", FromProtocol, "chat"}},
		"two carriers":         {request("/chat", "Sec-WebSocket-Protocol: bearer.abc,bearer.def"), Credential{"abc", FromProtocol, "bearer.abc"}},
		"plain only":           {request("/chat", "Sec-WebSocket-Protocol: chat"), Credential{"", SourceNone, "chat"}},
		"empty carrier":        {request("/chat", "Sec-WebSocket-Protocol: bearer."), Credential{"", FromProtocol, "bearer."}},
		"empty carrier first":  {request("/chat", "Sec-WebSocket-Protocol: bearer., bearer.abc"), Credential{"abc", FromProtocol, "bearer.abc"}},
		"explicit over cookie": {request("/chat?token=q", "Cookie: chat_session=c"), Credential{"q", FromQuery, ""}},
		"header over all":      {request("/chat?token=q", "Cookie: chat_session=c", "Authorization: Bearer h", "Sec-WebSocket-Protocol: bearer.p"), Credential{"h", FromHeader, "bearer.p"}},
	} {
		if got := Extract(row.request); got != row.want {
			t.Errorf("%s: credential %+v, want %+v", name, got, row.want)
		}
	}
}

func FuzzExtract(f *testing.F) {
	f.Add("Bearer a.b.c", "chat, bearer.a.b.c", "chat_session=x; chat_guest=y", "token=z&room=r")
	f.Add("bearer", ",,,", "chat_session=\"", "token=%zz;")
	f.Add("", "bearer.", ";", "")
	a := NewAuthenticator(nil, GuestsRead)
	f.Fuzz(func(t *testing.T, authorization, protocol, cookies, query string) {
		r := request("/chat")
		r.URL.RawQuery = query
		r.Header["Authorization"], r.Header["Cookie"] = []string{authorization}, []string{cookies}
		r.Header["Sec-Websocket-Protocol"] = []string{protocol}
		c := Extract(r)
		if c.Token != "" && c.Source == SourceNone || c.Token == "" && c.Source == FromCookie {
			t.Errorf("token %q with source %s", c.Token, c.Source)
		}
		if c.Subprotocol != "" && !strings.Contains(protocol, c.Subprotocol) || strings.ContainsAny(c.Subprotocol, ",") {
			t.Errorf("subprotocol %q in the response to %q", c.Subprotocol, protocol)
		}
		g, err := a.Identify(r)
		if explicit := c.Source != SourceNone && c.Source != FromCookie; (err != nil) != explicit {
			t.Errorf("source %s: error %v", c.Source, err)
		}
		if err == nil && (!g.Identity.ReadOnly || !strings.HasPrefix(g.Identity.UserID, guestPrefix)) {
			t.Errorf("wrong guest %+v", g.Identity)
		}
	})
}
