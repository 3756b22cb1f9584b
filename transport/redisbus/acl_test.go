package redisbus_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"chatnode/actors/chat"
	"chatnode/transport/redisbus"
	"chatnode/transport/redistest"
)

const secret = "s3cret-w0rd"

// asUser returns the URL of the server for a user.
func asUser(s *redistest.Server, user, password string) string {
	return fmt.Sprintf("redis://%s:%s@%s", user, password, s.Addr)
}

func TestLeastPrivilegedUser(t *testing.T) {
	s := redistest.Start(t, redistest.Config{})
	s.Do(t, "ACL", "SETUSER", "api-chat", "on", ">"+secret, "resetkeys", "~chat:*", "resetchannels", "&chat:*", "+@all", "-@dangerous")
	p := startNode(t, newEngine(t, asUser(s, "api-chat", secret), "api-1"))
	m := must(p.appender.Append(ctx(t), []chat.Write{message("a", "0-acl-1")}))(t, "append")[0]
	change := []chat.Write{
		{Room: "a", Kind: chat.EntryEdit, ID: "1-acl-2", Target: m.ID, Text: "new", Author: alice},
		{Room: "a", Kind: chat.EntryDelete, ID: "1-acl-3", Target: m.ID, Author: alice},
		{Room: "a", Kind: chat.EntryBulkDelete, ID: "1-acl-4", UserID: alice.ID, Author: chat.Author{ID: "root", Admin: true}},
	}
	for i, r := range must(p.appender.Append(ctx(t), change))(t, "change") {
		if r.Seq == 0 {
			t.Errorf("write %d: %+v, want it stored", i, r)
		}
	}
	must(p.store.Range(ctx(t), chat.Query{Room: "a", Limit: 10}))(t, "range")
	must(p.store.Impose(ctx(t), chat.Sanction{Kind: chat.Ban, Subject: "u"}, 0))(t, "impose")
	must(p.store.Lift(ctx(t), chat.Ban, "u"))(t, "lift")
	_, _, err := p.store.Roster(ctx(t), "global", "", 10)
	if err != nil {
		t.Errorf("roster: %v", err)
	}
	if err := errors.Join(p.store.Deregister(ctx(t)), p.subscriber.Subscribe(ctx(t), "a"), p.subscriber.Unsubscribe(ctx(t), "a")); err != nil {
		t.Error(err)
	}
	if denied := s.Do(t, "ACL", "LOG"); fmt.Sprint(denied) != "[]" {
		t.Fatalf("ACL LOG: %v, want nothing denied", denied)
	}
}

// TestUserWithoutChannels: a user without resetchannels and &chat:* has no access to channels since Redis 7.
func TestUserWithoutChannels(t *testing.T) {
	s := redistest.Start(t, redistest.Config{})
	s.Do(t, "ACL", "SETUSER", "api-chat", "on", ">"+secret, "~chat:*", "+@all", "-@dangerous")
	e := newEngine(t, asUser(s, "api-chat", secret), "api-1")
	err := closeOnCleanup(t, e.NewSubscriber()).Open(ctx(t), func(chat.Event) {})
	if name, sentence := redisbus.Cause(err); name != redisbus.NoPerm || !strings.Contains(sentence, "&chat:*") {
		t.Errorf("open: %v, cause %q, want %q and a sentence with &chat:*", err, name, redisbus.NoPerm)
	}
	err = closeOnCleanup(t, e.NewStore()).Check(ctx(t))
	if !errors.Is(err, redisbus.ErrUnsupported) || !strings.Contains(err.Error(), "PUBLISH") {
		t.Errorf("check: %v, want an ErrUnsupported that names PUBLISH", err)
	}
}

func TestCheckNamesDeniedCommands(t *testing.T) {
	for _, c := range []struct {
		rule []any
		want string
	}{
		{[]any{"-xadd"}, "XADD"},
		{[]any{"-zmscore", "-hsetnx"}, "ZMSCORE"},
		{[]any{"-@scripting"}, "scripts"},
		{[]any{"resetkeys", "~other:*"}, "chat:*"},
	} {
		s := redistest.Start(t, redistest.Config{})
		s.Do(t, append([]any{"ACL", "SETUSER", "api-chat", "on", ">" + secret, "~chat:*", "&chat:*", "+@all", "-@dangerous"}, c.rule...)...)
		err := closeOnCleanup(t, newEngine(t, asUser(s, "api-chat", secret), "api-1").NewStore()).Check(ctx(t))
		if !errors.Is(err, redisbus.ErrUnsupported) || !strings.Contains(err.Error(), c.want) || strings.Contains(err.Error(), "\n") {
			t.Errorf("check with %v: %v, want one line that names %s", c.rule, err, c.want)
		}
	}
}

func TestWrongPassword(t *testing.T) {
	s := redistest.Start(t, redistest.Config{Password: secret})
	for _, url := range []string{asUser(s, "", "not-"+secret), asUser(s, "nobody", secret), "redis://" + s.Addr} {
		e := newEngine(t, url, "api-1")
		_, appendErr := closeOnCleanup(t, e.NewAppender()).Append(ctx(t), []chat.Write{message("a", "0-x-1")})
		openErr := closeOnCleanup(t, e.NewSubscriber()).Open(ctx(t), func(chat.Event) {})
		for _, err := range []error{appendErr, openErr, closeOnCleanup(t, e.NewStore()).Check(ctx(t))} {
			if name, _ := redisbus.Cause(err); name != redisbus.Auth || strings.Contains(fmt.Sprint(err), secret) {
				t.Errorf("error %v has cause %q, want %q and no secret", err, name, redisbus.Auth)
			}
		}
	}
}

func TestPasswordAndTLS(t *testing.T) {
	s := redistest.Start(t, redistest.Config{Password: secret, Certificates: redistest.NewCertificates(t)})
	startNode(t, newEngine(t, s.URL(), "api-1"))
	if got := connNames(t, s); len(got) != 3 {
		t.Errorf("connections %v, want three", got)
	}
	url, _, _ := strings.Cut(s.URL(), "?")
	_, err := closeOnCleanup(t, newEngine(t, url, "api-2").NewAppender()).Append(ctx(t), []chat.Write{message("a", "0-x-1")})
	if name, _ := redisbus.Cause(err); name != redisbus.Unreachable || !strings.Contains(err.Error(), "certificate") {
		t.Errorf("append with an unknown certificate authority: %v, cause %q", err, name)
	}
}
