package auth

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"sync"
	"sync/atomic"
	"time"

	"github.com/MicahParks/jwkset"
	"github.com/rs/zerolog"
	"golang.org/x/time/rate"
)

// How often the key set is fetched.
const (
	refreshInterval    = 15 * time.Minute // while all is well: a revoked key is trusted no longer than this
	minRetryDelay      = time.Second      // after a failure, doubled each time
	retryMost          = time.Minute
	unknownKeyInterval = 10 * time.Second // for tokens with a key id that is not known, whoever sends them
	unknownBurst       = 3
)

// A keySet caches a published set of keys. A fetch that fails leaves the cached keys as they are.
type keySet struct {
	jwkset.Storage
	url     string
	client  *http.Client
	log     zerolog.Logger
	unknown *rate.Limiter
	loaded  atomic.Bool // a set was fetched, once

	ctx    context.Context // ends when the cache is stopped
	cancel context.CancelFunc
	tasks  sync.WaitGroup // the loop and the flight

	mu      sync.Mutex
	flight  *fetchCall // the fetch that runs now, or nil
	started bool
}

// A fetchCall is one fetch, for all that wait for it.
type fetchCall struct {
	done chan struct{}
	err  error // set before done is closed
}

func newKeySet(address string, client *http.Client, log zerolog.Logger) (*keySet, error) {
	u, err := url.Parse(address)
	if err != nil || u.Host == "" || (u.Scheme != "https" && u.Scheme != "http") {
		return nil, errors.New("verify tokens: the key set's address must be an http or https URL")
	}
	if client == nil {
		client = &http.Client{Transport: &http.Transport{Proxy: http.ProxyFromEnvironment}}
	}
	k := &keySet{Storage: jwkset.NewMemoryStorage(), url: address, client: client, log: log}
	k.unknown = rate.NewLimiter(rate.Every(unknownKeyInterval), unknownBurst)
	k.ctx, k.cancel = context.WithCancel(context.Background())
	return k, nil
}

// KeyRead finds a key. One that is not there may be new: the set is then fetched, if that has not
// been done too often of late.
func (k *keySet) KeyRead(ctx context.Context, id string) (jwkset.JWK, error) {
	key, err := k.Storage.KeyRead(ctx, id)
	if !errors.Is(err, jwkset.ErrKeyNotFound) {
		return key, err
	}
	if err := k.refresh(ctx); err != nil {
		return jwkset.JWK{}, err
	}
	return k.Storage.KeyRead(ctx, id)
}

// KeyReadAll is all keys, for tokens that name none.
func (k *keySet) KeyReadAll(ctx context.Context) ([]jwkset.JWK, error) {
	if !k.loaded.Load() {
		if err := k.refresh(ctx); err != nil {
			return nil, err
		}
	}
	return k.Storage.KeyReadAll(ctx)
}

// refresh fetches the set because a token asks for it. It fails only when there never was a set: a
// failed fetch says nothing against the keys that are known.
func (k *keySet) refresh(ctx context.Context) error {
	f := k.shareFetch(func() bool { return k.unknown.Allow() })
	if f != nil {
		select {
		case <-f.done:
		case <-ctx.Done():
		}
	}
	if !k.loaded.Load() {
		return fmt.Errorf("no key set yet: %w", ErrUnavailable)
	}
	return nil
}

// shareFetch is the fetch that runs now, or a new one if allowed says so, or nil.
func (k *keySet) shareFetch(allowed func() bool) *fetchCall {
	k.mu.Lock()
	defer k.mu.Unlock()
	if k.flight == nil && k.ctx.Err() == nil && allowed() {
		f := &fetchCall{done: make(chan struct{})}
		k.flight = f
		k.tasks.Go(func() { k.runFetch(f) })
	}
	return k.flight
}

func (k *keySet) runFetch(f *fetchCall) {
	ctx, cancel := context.WithTimeout(k.ctx, fetchTimeout)
	defer cancel()
	f.err = k.fetch(ctx)
	if f.err == nil {
		k.loaded.Store(true)
	} else if k.ctx.Err() == nil {
		k.log.Warn().Err(f.err).Bool("cached", k.loaded.Load()).Msg("jwks fetch failed")
	}
	k.mu.Lock()
	k.flight = nil
	k.mu.Unlock()
	close(f.done)
}

func (k *keySet) start() {
	k.mu.Lock()
	defer k.mu.Unlock()
	if k.started || k.ctx.Err() != nil {
		return
	}
	k.started = true
	k.tasks.Go(k.loop)
}

// loop fetches now and then until the cache is stopped.
func (k *keySet) loop() {
	wait := minRetryDelay
	for {
		f := k.shareFetch(func() bool { return true })
		if f == nil {
			return
		}
		<-f.done
		pause := refreshInterval
		if f.err != nil {
			pause, wait = wait, min(2*wait, retryMost)
		} else {
			wait = minRetryDelay
		}
		select {
		case <-time.After(pause):
		case <-k.ctx.Done():
			return
		}
	}
}

func (k *keySet) stop() {
	k.mu.Lock() // no task begins after this
	k.cancel()
	k.mu.Unlock()
	k.tasks.Wait()
	k.client.CloseIdleConnections()
}
