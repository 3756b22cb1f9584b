package redisbus_test

import (
	"bytes"
	"fmt"
	"strings"
	"testing"

	"github.com/rs/zerolog"

	"chatnode/actors/chat"
	"chatnode/transport/redisbus"
	"chatnode/transport/redistest"
)

// TestForeignKeyIsRenamed: a key of a room with a wrong type is renamed and logged. The batch succeeds for this room
// and for others, and every write is stored once.
func TestForeignKeyIsRenamed(t *testing.T) {
	for _, c := range []struct {
		key     string // the key that has a wrong type
		logKept bool   // the entries before the batch remain
	}{
		{"log", false}, {"meta", true}, {"amended", true}, {"idem", true},
	} {
		t.Run(c.key, func(t *testing.T) {
			s := redistest.Start(t, redistest.Config{})
			var lines bytes.Buffer
			p := startNode(t, newEngine(t, s.URL(), "api-1", func(o *redisbus.Options) { o.Log = zerolog.New(&lines) }))
			must(p.appender.Append(ctx(t), []chat.Write{message("den", "0-den-1"), message("den", "0-den-2")}))(t, "append before")
			key := foreignKey(t, s, c.key)
			deletion := chat.Write{Room: "den", Kind: chat.EntryDelete, ID: "2-den-4", Key: "u1/2-den-4", Target: "2-den-3", Author: alice}
			batch := []chat.Write{message("den", "2-den-3"), message("hall", "0-hall-1"), deletion}
			receipts := must(p.appender.Append(ctx(t), batch))(t, "append")
			for i, r := range receipts {
				if r.Refused != chat.NotRefused || r.ID != batch[i].ID || r.Seq == 0 {
					t.Errorf("write %d: receipt %+v", i, r)
				}
			}
			want := 2
			if c.logKept {
				want = 4
			}
			page := must(p.store.Range(ctx(t), chat.Query{Room: "den", Limit: 10}))(t, "range")
			if len(page.Entries) != want || page.Entries[want-1].ID != deletion.ID {
				t.Errorf("the log has %+v, want %d entries", page.Entries, want)
			}
			renamed := "chat:foreign:" + c.key + ":den"
			if v := s.Do(t, "GET", renamed); v != "foreign value" {
				t.Errorf("%s has the value %v", renamed, v)
			}
			for _, field := range []string{key, `"string"`, renamed} {
				if n := strings.Count(lines.String(), field); n != 1 {
					t.Errorf("%s is logged %d times, want 1: %s", field, n, lines.String())
				}
			}
		})
	}
}

// foreignKey replaces a key of the room den by a string.
func foreignKey(t *testing.T, s *redistest.Server, name string) (key string) {
	t.Helper()
	found, _ := s.Do(t, "KEYS", "chat:"+name+":den*").([]any)
	key = "chat:" + name + ":den"
	if len(found) > 0 {
		key = fmt.Sprint(found[0])
	}
	s.Do(t, "SET", key, "foreign value")
	return key
}

func TestRangeRenamesForeignKey(t *testing.T) {
	s := redistest.Start(t, redistest.Config{})
	p := startNode(t, newEngine(t, s.URL(), "api-1"))
	before := must(p.appender.Append(ctx(t), []chat.Write{message("den", "0-den-1")}))(t, "append")
	foreignKey(t, s, "log")
	page := must(p.store.Range(ctx(t), chat.Query{Room: "den", Limit: 10}))(t, "range")
	if page.Epoch == before[0].Epoch || page.Seq != 0 || len(page.Entries) != 0 {
		t.Errorf("page %+v, want an empty room with a new epoch", page)
	}
	again := message("den", "0-den-1")
	again.Again = true
	if r := must(p.appender.Append(ctx(t), []chat.Write{again}))(t, "append again"); r[0].Duplicate || r[0].Seq != 1 {
		t.Errorf("receipt %+v, want it stored with seq 1", r[0])
	}
}

// TestForeignKeyWithoutRenamePermission: if the user may not rename keys, the append fails and stores nothing. An
// idempotency key without its entry would make a retry look like a duplicate.
func TestForeignKeyWithoutRenamePermission(t *testing.T) {
	for _, name := range []string{"log", "amended"} {
		t.Run(name, func(t *testing.T) {
			s := redistest.Start(t, redistest.Config{})
			p := startNode(t, newEngine(t, s.URL(), "api-1"))
			must(p.appender.Append(ctx(t), []chat.Write{message("den", "0-den-1")}))(t, "append before")
			s.Do(t, "ACL", "SETUSER", "default", "-rename")
			key := foreignKey(t, s, name)
			deletion := chat.Write{Room: "den", Kind: chat.EntryDelete, ID: "1-den-3", Key: "u1/1-den-3", Target: "1-den-2", Author: alice}
			batch := []chat.Write{message("den", "1-den-2"), deletion}
			_, err := p.appender.Append(ctx(t), batch)
			if cause, sentence := redisbus.Cause(err); cause != redisbus.WrongType || sentence == "" {
				t.Errorf("append: %v, cause %q, want %q", err, cause, redisbus.WrongType)
			}
			s.Do(t, "DEL", key)
			receipts := must(p.appender.Append(ctx(t), batch))(t, "append after deleting the key")
			page := must(p.store.Range(ctx(t), chat.Query{Room: "den", After: 1, Limit: 10}))(t, "range")
			if len(page.Entries) != 2 || receipts[0].Seq != 2 || receipts[1].Seq != 3 || page.Entries[1].ID != deletion.ID {
				t.Errorf("the log has %+v after seq 1, receipts %+v", page.Entries, receipts)
			}
		})
	}
}

// TestForeignKeysInCluster: in a cluster the new names are in the same slots as the keys.
func TestForeignKeysInCluster(t *testing.T) {
	c := redistest.StartCluster(t, 3)
	p := startNode(t, newEngine(t, c.URL(), "api-1"))
	rooms := []string{"a", "b", "c", "d"}
	var batch []chat.Write
	for _, room := range rooms {
		key := "chat:log:{" + room + "}"
		c.Owner(t, key).Do(t, "SET", key, "foreign value")
		batch = append(batch, message(room, "0-"+room+"-1"))
	}
	for i, r := range must(p.appender.Append(ctx(t), batch))(t, "append") {
		if r.Seq != 1 || r.Duplicate {
			t.Errorf("receipt %+v, want seq 1", r)
		}
		renamed := "chat:foreign:log:{" + rooms[i] + "}"
		if v := c.Owner(t, renamed).Do(t, "GET", renamed); v != "foreign value" {
			t.Errorf("%s has the value %v", renamed, v)
		}
	}
}
