package boltlog

import (
	"crypto/rand"
	"encoding/binary"
	"errors"
	"fmt"
	"path/filepath"

	"chatnode/transport/boltfile"
	"chatnode/transport/wal"

	"go.etcd.io/bbolt"
)

// Names in the folder of Options.Path.
const (
	fileName = "chat.db"
	walName  = "chat" // chat-1.wal and chat-2.wal
)

// epochLength is a number of characters with 5 random bits each.
const epochLength = 13

func newFile(folder string) *boltfile.File {
	return &boltfile.File{
		Path: filepath.Join(folder, fileName), Name: "log file",
		Format: format, OldFormats: []string{oldFormat}, Buckets: [][]byte{roomsBucket, logBucket, idsBucket, idemBucket},
		IfDamaged: "restore it from a backup, or move it and " + walName + "-*.wal away to start with an empty history",
		IfForeign: "move it away, or set another DATA_DIR",
		Init:      func(meta *bbolt.Bucket) error { return meta.Put(epochKey, []byte(rand.Text()[:epochLength])) },
	}
}

// load reads the meta bucket, and migrates a file of the old format.
func (l *Log) load(db *bbolt.DB) error {
	l.db = db
	err := db.View(func(tx *bbolt.Tx) error {
		meta := tx.Bucket(boltfile.MetaBucket)
		l.epoch = string(meta.Get(epochKey))
		if b := meta.Get(movedKey); len(b) == 8 {
			l.movedUpTo = binary.BigEndian.Uint64(b)
		}
		l.savedKeys = []keyGeneration{{tx.Bucket(idemBucket).Sequence(), l.uptime()}}
		return nil
	})
	if err != nil {
		return err
	}
	return l.migrate()
}

// describeWAL adds the path and the remedy to an error of opening the write-ahead log.
func (l *Log) describeWAL(err error) error {
	files := filepath.Join(l.Path, walName+"-*.wal")
	switch {
	case errors.Is(err, wal.ErrForeign):
		return fmt.Errorf("open write-ahead log %s: %w; restore the %s that it belongs to, or move it away", files, err, fileName)
	case errors.Is(err, wal.ErrDamaged):
		return fmt.Errorf("open write-ahead log %s: %w: %w; restore it and %s from a backup, or move it away to start without the newest messages", files, boltfile.ErrCorrupt, err, fileName)
	}
	return l.file.Describe(err)
}
