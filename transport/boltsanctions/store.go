package boltsanctions

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"sync"
	"time"

	"go.etcd.io/bbolt"

	"chatnode/actors/chat"
	"chatnode/transport/boltfile"
)

var errInvalid = errors.New("invalid sanction: want a ban, mute or slow mode of a subject, with a duration of at least 0")

// Store contains the sanctions of one node. Concurrent calls wait for one another.
type Store struct {
	Options
	file *boltfile.File
	db   *bbolt.DB

	mu        sync.Mutex
	sanctions map[string]chat.Sanction
	version   uint64 // of sanctions; restarts at 1 in a new process, as do its callers
	closed    bool
	closeErr  error
}

var _ chat.Sanctions = (*Store)(nil)

// Impose implements chat.Sanctions with one fsync.
func (s *Store) Impose(ctx context.Context, x chat.Sanction, duration time.Duration) (chat.Sanction, error) {
	if !x.Valid() || duration < 0 {
		return x, errInvalid
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	now := s.Now()
	x.Since, x.Until = now.UnixMilli(), 0
	if duration > 0 {
		x.Until = now.Add(duration).UnixMilli()
	}
	raw, err := encode(&x)
	if err != nil {
		return x, err
	}
	name := key(x.Kind, x.Subject)
	err = s.update(ctx, func(b *bbolt.Bucket) error { return b.Put([]byte(name), raw) })
	if err != nil {
		return x, fmt.Errorf("impose sanction: %w", err)
	}
	s.sanctions[name] = x
	s.version++
	return x, nil
}

// Lift implements chat.Sanctions.
func (s *Store) Lift(ctx context.Context, kind chat.SanctionKind, subject string) (bool, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if err := s.remove(ctx, s.expired()); err != nil {
		return false, fmt.Errorf("lift sanction: %w", err)
	}
	name := key(kind, subject)
	if _, ok := s.sanctions[name]; !ok {
		return false, nil
	}
	if err := s.remove(ctx, []string{name}); err != nil {
		return false, fmt.Errorf("lift sanction: %w", err)
	}
	return true, nil
}

// ListIfChanged implements chat.Sanctions. It omits expired sanctions even if they cannot be removed from the file,
// for example on a full volume, because the others must still be enforced. The next call retries the removal.
func (s *Store) ListIfChanged(ctx context.Context, version string) (list []chat.Sanction, newVersion string, ok bool, err error) {
	if err := ctx.Err(); err != nil {
		return nil, version, false, fmt.Errorf("read sanctions: %w", err)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	expired := s.expired()
	if s.remove(ctx, expired) == nil {
		expired = nil
	}
	if newVersion = strconv.FormatUint(s.version, 10); newVersion == version {
		return nil, version, false, nil
	}
	for name, x := range s.sanctions {
		if !slices.Contains(expired, name) {
			list = append(list, x)
		}
	}
	return list, newVersion, true, nil
}

// expired returns the names of the sanctions that have ended.
func (s *Store) expired() (names []string) {
	now := s.Now().UnixMilli()
	for name, x := range s.sanctions {
		if x.Until != 0 && x.Until <= now {
			names = append(names, name)
		}
	}
	return names
}

// remove removes the sanctions with these names.
func (s *Store) remove(ctx context.Context, names []string) error {
	if len(names) == 0 {
		return ctx.Err()
	}
	err := s.update(ctx, func(b *bbolt.Bucket) error {
		for _, name := range names {
			if err := b.Delete([]byte(name)); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return err
	}
	for _, name := range names {
		delete(s.sanctions, name)
	}
	s.version++
	return nil
}

func (s *Store) update(ctx context.Context, change func(*bbolt.Bucket) error) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	return s.db.Update(func(tx *bbolt.Tx) error { return change(tx.Bucket(sanctionsBucket)) })
}
