package auth

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"slices"
	"time"

	"github.com/MicahParks/jwkset"
)

// Limits of one fetch.
const (
	fetchTimeout   = 3 * time.Second
	maxKeySetBytes = 1 << 20
	maxKeys        = 100
)

// fetch replaces the cached keys with the published ones.
func (k *keySet) fetch(ctx context.Context) error {
	body, err := k.download(ctx)
	if err != nil {
		return fmt.Errorf("download key set: %w", err)
	}
	keys, err := parseKeySet(body)
	if err != nil {
		return fmt.Errorf("parse key set: %w", err)
	}
	if err := k.KeyReplaceAll(ctx, keys); err != nil {
		return fmt.Errorf("store key set: %w", err)
	}
	return nil
}

func (k *keySet) download(ctx context.Context) ([]byte, error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, k.url, nil)
	if err != nil {
		return nil, errors.New("invalid URL")
	}
	resp, err := k.client.Do(req)
	if err != nil {
		return nil, withoutURL(err)
	}
	defer func() { _ = resp.Body.Close() }() // already read or useless
	if resp.StatusCode != http.StatusOK {
		return nil, fmt.Errorf("response status %s", resp.Status)
	}
	body, err := io.ReadAll(io.LimitReader(resp.Body, maxKeySetBytes+1))
	if err != nil {
		return nil, fmt.Errorf("read response: %w", err)
	}
	if len(body) > maxKeySetBytes {
		return nil, fmt.Errorf("response longer than %d bytes", maxKeySetBytes)
	}
	return body, nil
}

// withoutURL removes the URL from an error of net/http, because it may contain credentials.
func withoutURL(err error) error {
	if u, ok := errors.AsType[*url.Error](err); ok {
		return u.Err
	}
	return err
}

// parseKeySet returns the public keys of a set that this package supports. It omits all others, in particular
// symmetric keys. A set without a supported key is an error.
func parseKeySet(body []byte) ([]jwkset.JWK, error) {
	var set jwkset.JWKSMarshal
	if err := json.Unmarshal(body, &set); err != nil {
		return nil, fmt.Errorf("invalid JSON Web Key Set: %w", err)
	}
	if len(set.Keys) > maxKeys {
		return nil, fmt.Errorf("more than %d keys", maxKeys)
	}
	var keys []jwkset.JWK
	for _, marshal := range set.Keys {
		if !slices.Contains([]jwkset.KTY{jwkset.KtyRSA, jwkset.KtyEC, jwkset.KtyOKP}, marshal.KTY) {
			continue
		}
		if key, err := jwkset.NewJWKFromMarshal(marshal, jwkset.JWKMarshalOptions{}, jwkset.JWKValidateOptions{}); err == nil {
			keys = append(keys, key)
		}
	}
	if len(keys) == 0 {
		return nil, errors.New("no supported key")
	}
	return keys, nil
}
