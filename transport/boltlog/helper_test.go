package boltlog_test

import (
	"context"
	"fmt"
	"testing"

	"chatnode/actors/chat"
	"chatnode/transport/boltlog"
)

var author = chat.Author{ID: "u-1", Name: "One"}

// open opens a log, which the test closes.
func open(t *testing.T, o boltlog.Options) *boltlog.Log {
	t.Helper()
	log, err := boltlog.Open(o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { closeLog(t, log) })
	return log
}

func closeLog(t *testing.T, log *boltlog.Log) {
	t.Helper()
	if err := log.Close(); err != nil {
		t.Errorf("close: %v", err)
	}
}

// messageOf returns a message whose id, key and text follow from n.
func messageOf(room string, n int) chat.Write {
	id := fmt.Sprintf("m-%s-%d", room, n)
	return chat.Write{Room: room, Kind: chat.EntryMessage, ID: id, Key: "k-" + id, Text: "text of " + id, Author: author}
}

func appendAll(t *testing.T, log *boltlog.Log, batch ...chat.Write) []chat.Receipt {
	t.Helper()
	receipts, err := log.Append(context.Background(), batch)
	if err != nil {
		t.Fatalf("append: %v", err)
	}
	return receipts
}

func page(t *testing.T, log *boltlog.Log, q chat.Query) chat.Page {
	t.Helper()
	p, err := log.Range(context.Background(), q)
	if err != nil {
		t.Fatalf("range: %v", err)
	}
	return p
}

func checkpoint(t *testing.T, log *boltlog.Log) {
	t.Helper()
	if err := log.Checkpoint(); err != nil {
		t.Fatalf("checkpoint: %v", err)
	}
}
