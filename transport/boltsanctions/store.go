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
)

// errSanction answers what no sanction is.
var errSanction = errors.New("a sanction must be a ban, a mute or a slow mode of a subject, for no negative time")

// A Store is the sanctions of one node. Calls that overlap wait for one another.
type Store struct {
	Options
	file string
	db   *bbolt.DB

	mu       sync.Mutex
	held     map[string]chat.Sanction
	version  uint64 // of held; a new process counts anew, and so does who asks it
	closed   bool
	closeErr error
}

var _ chat.Sanctions = (*Store)(nil)

// Impose implements actors.Sanctions: one fsync.
func (s *Store) Impose(ctx context.Context, x chat.Sanction, forHowLong time.Duration) (chat.Sanction, error) {
	if !x.Valid() || forHowLong < 0 {
		return x, errSanction
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	now := s.Now()
	x.Since, x.Until = now.UnixMilli(), 0
	if forHowLong > 0 {
		x.Until = now.Add(forHowLong).UnixMilli()
	}
	raw, err := encode(&x)
	if err != nil {
		return x, err
	}
	name := key(x.Kind, x.Subject)
	err = s.update(ctx, func(b *bbolt.Bucket) error { return b.Put([]byte(name), raw) })
	if err != nil {
		return x, fmt.Errorf("impose a sanction: %w", err)
	}
	s.held[name] = x
	s.version++
	return x, nil
}

// Lift implements actors.Sanctions.
func (s *Store) Lift(ctx context.Context, kind chat.SanctionKind, subject string) (bool, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if err := s.remove(ctx, s.expired()); err != nil {
		return false, fmt.Errorf("lift a sanction: %w", err)
	}
	name := key(kind, subject)
	if _, there := s.held[name]; !there {
		return false, nil
	}
	if err := s.remove(ctx, []string{name}); err != nil {
		return false, fmt.Errorf("lift a sanction: %w", err)
	}
	return true, nil
}

// ListIfChanged implements actors.Sanctions. Lapsed ones that the file does not let go of, on a full volume say, are
// left out all the same, and tried again at the next look: those that hold must be known.
func (s *Store) ListIfChanged(ctx context.Context, version string) (list []chat.Sanction, newVersion string, ok bool, err error) {
	if err := ctx.Err(); err != nil {
		return nil, version, false, fmt.Errorf("read the sanctions: %w", err)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	lapsed := s.expired()
	if s.remove(ctx, lapsed) == nil {
		lapsed = nil
	}
	if newVersion = strconv.FormatUint(s.version, 10); newVersion == version {
		return nil, version, false, nil
	}
	for name, x := range s.held {
		if !slices.Contains(lapsed, name) {
			list = append(list, x)
		}
	}
	return list, newVersion, true, nil
}

// expired are the names of those that have ended.
func (s *Store) expired() (names []string) {
	now := s.Now().UnixMilli()
	for name, x := range s.held {
		if x.Until != 0 && x.Until <= now {
			names = append(names, name)
		}
	}
	return names
}

// remove removes the sanctions of these names.
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
		delete(s.held, name)
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
