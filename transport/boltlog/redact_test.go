package boltlog

import (
	"bytes"
	"os"
	"path/filepath"
	"testing"

	"chatnode/actors/chat"

	"go.etcd.io/bbolt"
)

// TestDeletedTextIsErased: after a checkpoint, neither a live value of the file nor the write-ahead log contains the
// text of a deleted message, of a replaced version, or of a message that a bulk deletion removed.
func TestDeletedTextIsErased(t *testing.T) {
	log := openInternal(t, Options{})
	by := chat.Author{ID: "u"}
	messageBy := func(id, user, text string) chat.Write {
		return chat.Write{Room: "a", Kind: chat.EntryMessage, ID: id, Key: id, Text: text, Author: chat.Author{ID: user}}
	}
	steps := []chat.Write{
		messageBy("m1", "u", "SECRET one"), messageBy("m2", "u", "SECRET two"), messageBy("m3", "spammer", "SECRET three"), messageBy("m4", "u", "kept"),
		{Room: "a", Kind: chat.EntryEdit, ID: "e1", Key: "e1", Target: "m1", Text: "SECRET one and a half", Author: by},
		{Room: "a", Kind: chat.EntryEdit, ID: "e2", Key: "e2", Target: "m2", Text: "harmless", Author: by},
		{Room: "a", Kind: chat.EntryDelete, ID: "d1", Key: "d1", Target: "m1", Author: by},
		{Room: "a", Kind: chat.EntryBulkDelete, ID: "b1", Key: "b1", UserID: "spammer", Author: by},
	}
	for _, w := range steps {
		mustAppend(t, log, w)
		if err := log.Checkpoint(); err != nil {
			t.Fatal(err)
		}
	}
	found, ids := map[string]bool{}, 0
	err := log.db.View(func(tx *bbolt.Tx) error {
		ids = tx.Bucket(idsBucket).Stats().KeyN
		return tx.ForEach(func(name []byte, b *bbolt.Bucket) error {
			return b.ForEach(func(_, v []byte) error {
				for _, text := range []string{"SECRET", "kept", "harmless"} {
					found[text] = found[text] || bytes.Contains(v, []byte(text))
				}
				return nil
			})
		})
	})
	if err != nil || found["SECRET"] || !found["kept"] || !found["harmless"] {
		t.Fatalf("the file contains %v, error %v; want all but SECRET", found, err)
	}
	for _, name := range []string{"chat-1.wal", "chat-2.wal"} {
		if b, err := os.ReadFile(filepath.Join(log.Path, name)); err != nil || bytes.Contains(b, []byte("SECRET")) {
			t.Fatalf("%s contains a deleted text, or error %v", name, err)
		}
	}
	if ids != 2 {
		t.Fatalf("%d message ids in the file, want 2", ids)
	}
}
