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

// What somebody else has made in the place of a room's key is moved aside, kept and named; neither that room
// nor another one waits for anybody, and every write of the batch is in the log once.
func TestAKeyOfAnotherTypeIsMovedAside(t *testing.T) {
	for _, c := range []struct {
		key  string // in whose place it stands
		kept bool   // the log: the room goes on in it
	}{
		{"log", false}, {"meta", true}, {"amended", true}, {"idem", true},
	} {
		t.Run(c.key, func(t *testing.T) {
			s := redistest.Start(t, redistest.Config{})
			var lines bytes.Buffer
			p := start(t, node(t, s.URL(), "api-1", func(o *redisbus.Options) { o.Log = zerolog.New(&lines) }))
			must(p.appender.Append(ctx(t), []chat.Write{say("den", "0-den-1"), say("den", "0-den-2")}))(t, "append before")
			key := foreignKey(t, s, c.key)
			gone := chat.Write{Room: "den", Kind: chat.EntryDelete, ID: "2-den-4", Key: "u1/2-den-4", Target: "2-den-3", Author: alice}
			batch := []chat.Write{say("den", "2-den-3"), say("hall", "0-hall-1"), gone}
			receipts := must(p.appender.Append(ctx(t), batch))(t, "append")
			for i, r := range receipts {
				if r.Refused != chat.NotRefused || r.ID != batch[i].ID || r.Seq == 0 {
					t.Errorf("write %d: receipt %+v", i, r)
				}
			}
			want := 2
			if c.kept {
				want = 4
			}
			page := must(p.store.Range(ctx(t), chat.Query{Room: "den", Limit: 10}))(t, "range")
			if len(page.Entries) != want || page.Entries[want-1].ID != gone.ID {
				t.Errorf("the log holds %+v, want %d entries", page.Entries, want)
			}
			aside := "chat:foreign:" + c.key + ":den"
			if v := s.Do(t, "GET", aside); v != "somebody's" {
				t.Errorf("%s holds %v", aside, v)
			}
			for _, word := range []string{key, `"string"`, aside} {
				if n := strings.Count(lines.String(), word); n != 1 {
					t.Errorf("the log names %s %d times: %s", word, n, lines.String())
				}
			}
		})
	}
}

// foreignKey puts a string in the place of a key of the room den.
func foreignKey(t *testing.T, s *redistest.Server, name string) (key string) {
	t.Helper()
	found, _ := s.Do(t, "KEYS", "chat:"+name+":den*").([]any)
	key = "chat:" + name + ":den"
	if len(found) > 0 {
		key = fmt.Sprint(found[0])
	}
	s.Do(t, "SET", key, "somebody's")
	return key
}

func TestAReaderMovesAKeyOfAnotherTypeAside(t *testing.T) {
	s := redistest.Start(t, redistest.Config{})
	p := start(t, node(t, s.URL(), "api-1"))
	before := must(p.appender.Append(ctx(t), []chat.Write{say("den", "0-den-1")}))(t, "append")
	foreignKey(t, s, "log")
	page := must(p.store.Range(ctx(t), chat.Query{Room: "den", Limit: 10}))(t, "range")
	if page.Epoch == before[0].Epoch || page.Seq != 0 || len(page.Entries) != 0 {
		t.Errorf("page %+v, want a new epoch: the nodes look after what they remember", page)
	}
	again := say("den", "0-den-1")
	again.Again = true
	if r := must(p.appender.Append(ctx(t), []chat.Write{again}))(t, "append again"); r[0].Duplicate || r[0].Seq != 1 {
		t.Errorf("receipt %+v, want it stored anew", r[0])
	}
}

// A user that may not rename leaves the key to the operator, and nothing half done: a key of idempotency
// without its entry would make a message's next try look stored.
func TestAKeyOfAnotherTypeThatMayNotBeMoved(t *testing.T) {
	for _, name := range []string{"log", "amended"} {
		t.Run(name, func(t *testing.T) {
			s := redistest.Start(t, redistest.Config{})
			p := start(t, node(t, s.URL(), "api-1"))
			must(p.appender.Append(ctx(t), []chat.Write{say("den", "0-den-1")}))(t, "append before")
			s.Do(t, "ACL", "SETUSER", "default", "-rename")
			key := foreignKey(t, s, name)
			gone := chat.Write{Room: "den", Kind: chat.EntryDelete, ID: "1-den-3", Key: "u1/1-den-3", Target: "1-den-2", Author: alice}
			batch := []chat.Write{say("den", "1-den-2"), gone}
			_, err := p.appender.Append(ctx(t), batch)
			if cause, sentence := redisbus.Cause(err); cause != redisbus.WrongType || sentence == "" {
				t.Errorf("append: %v, cause %q, want %q", err, cause, redisbus.WrongType)
			}
			s.Do(t, "DEL", key)
			receipts := must(p.appender.Append(ctx(t), batch))(t, "append after it was deleted")
			page := must(p.store.Range(ctx(t), chat.Query{Room: "den", After: 1, Limit: 10}))(t, "range")
			if len(page.Entries) != 2 || receipts[0].Seq != 2 || receipts[1].Seq != 3 || page.Entries[1].ID != gone.ID {
				t.Errorf("the log holds %+v after seq 1, receipts %+v", page.Entries, receipts)
			}
		})
	}
}

// In a cluster the keys lie on several nodes, and where they are moved to in the same slot.
func TestAKeyOfAnotherTypeInACluster(t *testing.T) {
	c := redistest.StartCluster(t, 3)
	p := start(t, node(t, c.URL(), "api-1"))
	rooms := []string{"a", "b", "c", "d"}
	var batch []chat.Write
	for _, room := range rooms {
		key := "chat:log:{" + room + "}"
		c.Owner(t, key).Do(t, "SET", key, "somebody's")
		batch = append(batch, say(room, "0-"+room+"-1"))
	}
	for i, r := range must(p.appender.Append(ctx(t), batch))(t, "append") {
		if r.Seq != 1 || r.Duplicate {
			t.Errorf("receipt %+v", r)
		}
		aside := "chat:foreign:log:{" + rooms[i] + "}"
		if v := c.Owner(t, aside).Do(t, "GET", aside); v != "somebody's" {
			t.Errorf("%s: moved aside is %v", rooms[i], v)
		}
	}
}
