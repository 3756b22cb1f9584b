package auth

import (
	"testing"
)

func TestOrigins(t *testing.T) {
	const host = "chat.example.com"
	for _, row := range []struct {
		name, allowed, host, origin string
		want                        bool
	}{
		{"no origin", "", host, "", true},
		{"same origin", "", host, "https://chat.example.com", true},
		{"same origin, capitals", "", host, "https://Chat.Example.COM", true},
		{"same origin, default port", "", "chat.example.com:443", "https://chat.example.com", true},
		{"same origin, port", "", "localhost:3001", "http://localhost:3001", true},
		{"same origin, IPv6", "", "[::1]:3001", "http://[::1]:3001", true},
		{"another port", "", "localhost:3001", "http://localhost:3002", false},
		{"another host", "", host, "https://evil.example", false},
		{"a longer host", "", host, "https://chat.example.com.evil.example", false},
		{"a subdomain", "", host, "https://a.chat.example.com", false},
		{"user in front", "", host, "https://chat.example.com@evil.example", false},
		{"null", "", host, "null", false},
		{"a file", "", host, "file://", false},
		{"invalid escape", "", host, "https://%zz", false},
		{"listed", "https://a.example, https://b.example:8443", host, "https://b.example:8443", true},
		{"same origin beside a list", "https://a.example", host, "https://chat.example.com", true},
		{"listed with another scheme", "https://a.example", host, "http://a.example", false},
		{"listed with another port", "https://a.example", host, "https://a.example:444", false},
		{"all", "*", host, "https://evil.example", true},
	} {
		var o Origins
		if err := o.UnmarshalText([]byte(row.allowed)); err != nil {
			t.Fatal(err)
		}
		r := request("/chat")
		r.Host = row.host
		if row.origin != "" {
			r.Header.Set("Origin", row.origin)
		}
		if got := o.Allow(r); got != row.want {
			t.Errorf("%s: allowed is %t, want %t", row.name, got, row.want)
		}
	}
}

func TestTwoOriginsAreRejected(t *testing.T) {
	r := request("/chat", "Origin: http://example.com", "Origin: http://evil.example")
	if (Origins{}).Allow(r) {
		t.Error("a request with two origins was allowed")
	}
}

func TestParseOriginsRejects(t *testing.T) {
	for _, s := range []string{"example.com", "https://", "https://a.example/chat", "https://a.example?x", "ws://a.example", "**", "https://u@a.example"} {
		if _, err := ParseOrigins([]string{s}); err == nil {
			t.Errorf("%q was accepted", s)
		}
	}
}

func FuzzOrigins(f *testing.F) {
	f.Add("https://chat.example.com", "chat.example.com:443")
	f.Add("http://[::1]", "::1")
	f.Fuzz(func(t *testing.T, origin, host string) {
		r := request("/chat")
		r.Host, r.Header["Origin"] = host, []string{origin}
		allowed := (Origins{}).Allow(r)
		if _, err := parseOrigin(origin); err != nil && allowed {
			t.Errorf("invalid origin %q was allowed for host %q", origin, host)
		}
	})
}
