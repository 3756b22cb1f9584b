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

// Intervals of fetches of the key set.
const (
	refreshInterval    = 15 * time.Minute // after a success; limits the use of a revoked key
	minRetryDelay      = time.Second      // after a failure; doubled after each further one
	maxRetryDelay      = time.Minute
	unknownKeyInterval = 10 * time.Second // for tokens with an unknown key id, of all clients
	unknownBurst       = 3
)

// keySet caches a published key set. A failed fetch does not change the cached keys.
type keySet struct {
	jwkset.Storage
	url            string
	client         *http.Client
	log            zerolog.Logger
	unknownLimiter *rate.Limiter
	hasKeys        atomic.Bool // true after the first successful fetch

	ctx    context.Context // ends with stop
	cancel context.CancelFunc
	tasks  sync.WaitGroup // loop and fetch

	mu      sync.Mutex
	call    *fetchCall // current fetch; nil: none
	started bool
}

// fetchCall is one fetch, shared by all waiting callers.
type fetchCall struct {
	done chan struct{}
	err  error // set before done is closed
}

func newKeySet(address string, client *http.Client, log zerolog.Logger) (*keySet, error) {
	u, err := url.Parse(address)
	if err != nil || u.Host == "" || (u.Scheme != "https" && u.Scheme != "http") {
		return nil, errors.New("invalid URL of the key set: want http or https")
	}
	if client == nil {
		client = &http.Client{Transport: &http.Transport{Proxy: http.ProxyFromEnvironment}}
	}
	k := &keySet{Storage: jwkset.NewMemoryStorage(), url: address, client: client, log: log}
	k.unknownLimiter = rate.NewLimiter(rate.Every(unknownKeyInterval), unknownBurst)
	k.ctx, k.cancel = context.WithCancel(context.Background())
	return k, nil
}

// KeyRead returns a key. If it is missing, it may be new, so KeyRead first fetches the set, unless the rate limit is
// exceeded.
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

// KeyReadAll returns all keys, for tokens without a key id.
func (k *keySet) KeyReadAll(ctx context.Context) ([]jwkset.JWK, error) {
	if !k.hasKeys.Load() {
		if err := k.refresh(ctx); err != nil {
			return nil, err
		}
	}
	return k.Storage.KeyReadAll(ctx)
}

// refresh fetches the set for a token. It fails only if no set was ever fetched, because cached keys stay valid after
// a failed fetch.
func (k *keySet) refresh(ctx context.Context) error {
	f := k.shareFetch(func() bool { return k.unknownLimiter.Allow() })
	if f != nil {
		select {
		case <-f.done:
		case <-ctx.Done():
		}
	}
	if !k.hasKeys.Load() {
		return fmt.Errorf("key set not fetched yet: %w", ErrUnavailable)
	}
	return nil
}

// shareFetch returns the current fetch, or starts one if allowed returns true; nil: neither.
func (k *keySet) shareFetch(allowed func() bool) *fetchCall {
	k.mu.Lock()
	defer k.mu.Unlock()
	if k.call == nil && k.ctx.Err() == nil && allowed() {
		f := &fetchCall{done: make(chan struct{})}
		k.call = f
		k.tasks.Go(func() { k.runFetch(f) })
	}
	return k.call
}

func (k *keySet) runFetch(f *fetchCall) {
	ctx, cancel := context.WithTimeout(k.ctx, fetchTimeout)
	defer cancel()
	f.err = k.fetch(ctx)
	if f.err == nil {
		k.hasKeys.Store(true)
	} else if k.ctx.Err() == nil {
		k.log.Warn().Err(f.err).Bool("cached", k.hasKeys.Load()).Msg("jwks fetch failed")
	}
	k.mu.Lock()
	k.call = nil
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

// loop fetches the set periodically until stop.
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
			pause, wait = wait, min(2*wait, maxRetryDelay)
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
	k.mu.Lock() // no task starts after this
	k.cancel()
	k.mu.Unlock()
	k.tasks.Wait()
	k.client.CloseIdleConnections()
}
