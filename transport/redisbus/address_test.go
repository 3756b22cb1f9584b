package redisbus

import (
	"errors"
	"fmt"
	"strings"
	"testing"
)

func TestParseURL(t *testing.T) {
	for _, c := range []struct {
		url, printed, user, pass string
		db                       int
	}{
		{"redis://h", "redis://h:6379", "", "", 0},
		{"redis://u:p@h:1/2", "redis://h:1", "u", "p", 2},
		{"redis://:p%40%2F@h", "redis://h:6379", "", "p@/", 0},
		{"redis://[::1]:7", "redis://[::1]:7", "", "", 0},
		{"rediss://u:p@h?skip_verify=true", "rediss://h:6379", "u", "p", 0},
		{"redis+sentinel://u:p@a:1,b/3?master_name=M&sentinel_password=x", "redis+sentinel://a:1,b:26379?master_name=M", "u", "p", 3},
		{"redis+cluster://a:1,b:2,c", "redis+cluster://a:1,b:2,c:6379", "", "", 0},
	} {
		a, err := ParseURL(c.url)
		if err != nil || a.String() != c.printed || a.user != c.user || a.pass != c.pass || a.db != c.db {
			t.Errorf("%s: %v user %q password %q db %d, error %v; want %s", c.url, a, a.user, a.pass, a.db, err, c.printed)
		}
	}
}

func TestParseURLRejects(t *testing.T) {
	for _, url := range []string{
		"", "h:6379", "http://h", "redis://", "redis://secret@h:port", "redis://u:secret@h:70000", "redis://u:secret@a,b",
		"redis://u:secret@h/x", "redis://u:secret@h/-1", "redis://u:secret@h?what=secret", "redis://u:secret%zz@h", "redis://u:se/cret@h:1",
		"redis+sentinel://u:secret@a", "redis://u:secret@h?master_name=M", "redis+cluster://u:secret@a/1", "redis://u:secret@h?tls_ca=/x",
		"rediss://u:secret@h?tls_ca=/nowhere", "rediss://u:secret@h?tls_cert=/nowhere&tls_key=/nowhere",
	} {
		_, err := ParseURL(url)
		if err == nil {
			t.Errorf("%s was accepted", url)
		} else if strings.Contains(err.Error(), "secret") || strings.Contains(err.Error(), "cret@") {
			t.Errorf("%s: the error contains a secret: %v", url, err)
		}
	}
}

func TestNewReportsAllErrors(t *testing.T) {
	_, err := New(Options{URL: "redis://h", InstanceID: "not a name", HistorySize: -1, DeadAfter: 1})
	for _, want := range []string{"instance id", "incarnation", "history", "too short"} {
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("error %v does not contain %q", err, want)
		}
	}
}

func TestAddressPrintsNoSecrets(t *testing.T) {
	a, err := ParseURL("redis+sentinel://user:hidden@a?master_name=M&sentinel_password=hidden&sentinel_username=x")
	if err != nil {
		t.Fatal(err)
	}
	for _, format := range []string{"%v", "%s", "%+v", "%#v"} {
		if text := fmt.Sprintf(format, a); strings.Contains(text, "hidden") {
			t.Errorf("%s prints the password: %s", format, text)
		}
	}
}

func FuzzParseURL(f *testing.F) {
	for _, seed := range []string{"redis://u:p@h:1/2", "redis+sentinel://a,b?master_name=M", "rediss+cluster://a:1,b:2", "redis://[::1]", "x://"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, url string) {
		a, err := ParseURL(url)
		if err != nil {
			return
		}
		if again, err := ParseURL(a.String()); err != nil || again.String() != a.String() {
			t.Errorf("%q prints as %q, which parses to %q, %v", url, a, again, err)
		}
	})
}

func TestCauseOfNil(t *testing.T) {
	if name, sentence := Cause(nil); name != "" || sentence != "" {
		t.Errorf("cause of nil is %q: %q, want none", name, sentence)
	}
	if name, _ := Cause(fmt.Errorf("wrapped: %w", wrapOp("x", errors.New("connection refused")))); name != Unreachable {
		t.Errorf("cause %q, want %q", name, Unreachable)
	}
}
