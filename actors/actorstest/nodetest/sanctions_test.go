package nodetest

import (
	"context"
	"errors"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/rs/zerolog"

	"chatnode/actors"
	"chatnode/actors/actorstest"
	"chatnode/actors/chat"
	"chatnode/actors/moderation"
	"chatnode/actors/wire"
)

// fakeSanctions implements chat.Sanctions in memory. A test changes it directly, as another node does.
type fakeSanctions struct {
	mu      sync.Mutex
	active  map[string]chat.Sanction // by kind and subject
	version int
	err     error
	reads   int
}

// Impose implements chat.Sanctions.
func (f *fakeSanctions) Impose(_ context.Context, s chat.Sanction, d time.Duration) (chat.Sanction, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.err != nil {
		return s, f.err
	}
	s.Since = time.Now().UnixMilli()
	if d > 0 {
		s.Until = s.Since + d.Milliseconds()
	}
	f.active[string(s.Kind)+":"+s.Subject] = s
	f.version++
	return s, nil
}

// Lift implements chat.Sanctions.
func (f *fakeSanctions) Lift(_ context.Context, kind chat.SanctionKind, subject string) (bool, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	_, found := f.active[string(kind)+":"+subject]
	delete(f.active, string(kind)+":"+subject)
	f.version++
	return found, f.err
}

// ListIfChanged implements chat.Sanctions.
func (f *fakeSanctions) ListIfChanged(_ context.Context, version string) (list []chat.Sanction, newVersion string, ok bool, err error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.reads++
	newVersion = time.Duration(f.version).String()
	if f.err != nil || version == newVersion {
		return nil, version, false, f.err
	}
	for _, s := range f.active {
		list = append(list, s)
	}
	return list, newVersion, true, nil
}

// newSanctionRig starts a standalone node with a sanctions port.
func newSanctionRig(t *testing.T) (*rig, *fakeSanctions) {
	t.Helper()
	port := &fakeSanctions{active: map[string]chat.Sanction{}}
	return startRig(t, actorstest.Settings(), zerolog.Nop(), func(p *actors.Ports) { p.Sanctions = port }), port
}

// closeFrame returns the code and the reason of the first close frame; code is 0 if there is none.
func (p *peer) closeFrame(t *testing.T) (code int, reason string) {
	t.Helper()
	for _, f := range p.socket.Frames(t) {
		if f.Op == 8 {
			return f.Close, f.Raw[2:]
		}
	}
	return 0, ""
}

func TestRemoteBanTakesEffectWithin1s(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r, port := newSanctionRig(t)
		defer r.stop()
		eve, ann := r.connect(chat.ConnectRequest{Identity: actorstest.AsMember("eve")}), r.connect(chat.ConnectRequest{Identity: actorstest.AsMember("ann")})
		synctest.Wait()
		if _, err := port.Impose(t.Context(), chat.Sanction{Kind: chat.Ban, Subject: "eve", Reason: "spam"}, 0); err != nil {
			t.Fatal(err)
		}
		actorstest.Pause(moderation.PollInterval)
		if code, reason := eve.closeFrame(t); code != wire.ClosePolicy || reason != "banned: spam" {
			t.Errorf("eve: close code %d, reason %q", code, reason)
		}
		if reason, banned := r.core.Banned("eve"); !banned || reason != "banned: spam" {
			t.Errorf("Banned returned %q, %v", reason, banned)
		}
		late := r.connect(chat.ConnectRequest{Identity: actorstest.AsMember("eve")}) // authenticated before the ban
		synctest.Wait()
		if code, _ := late.closeFrame(t); code != wire.ClosePolicy {
			t.Errorf("second connection of eve: close code %d, want 1008", code)
		}
		if code, _ := ann.closeFrame(t); code != 0 {
			t.Errorf("ann: close code %d, want none", code)
		}
	})
}

func TestSanctionsExpireDuringOutage(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r, port := newSanctionRig(t)
		defer r.stop()
		if _, err := r.core.Impose(t.Context(), chat.Sanction{Kind: chat.Ban, Subject: "eve"}, 10*time.Second); err != nil {
			t.Fatal(err)
		}
		port.mu.Lock()
		port.err = actorstest.ErrFake
		port.mu.Unlock()
		actorstest.Pause(9 * time.Second)
		if _, banned := r.core.Banned("eve"); !banned {
			t.Error("the ban ended after 9 s, want 10 s")
		}
		actorstest.Pause(2 * time.Second)
		if _, banned := r.core.Banned("eve"); banned {
			t.Error("the ban is active after 11 s, want 10 s")
		}
		if _, err := r.core.Impose(t.Context(), chat.Sanction{Kind: chat.Ban, Subject: "eve"}, 0); !errors.Is(err, chat.ErrDegraded) {
			t.Errorf("Impose during the outage returned %v, want ErrDegraded", err)
		}
	})
}

func TestSanctionsArePolledEverySecond(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r, port := newSanctionRig(t)
		defer r.stop()
		actorstest.Pause(10 * time.Second)
		port.mu.Lock()
		defer port.mu.Unlock()
		if port.reads < 10 || port.reads > 12 {
			t.Errorf("%d reads in 10 s, want 10 to 12", port.reads)
		}
	})
}
