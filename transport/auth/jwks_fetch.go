package auth

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"time"

	"github.com/MicahParks/jwkset"
)

// Bounds of one fetch.
const (
	fetchTimeout   = 3 * time.Second
	maxKeySetBytes = 1 << 20
	maxKeys        = 100
)

// fetch replaces the cached keys by the published ones.
func (k *keySet) fetch(ctx context.Context) error {
	body, err := k.download(ctx)
	if err != nil {
		return fmt.Errorf("fetch the key set: %w", err)
	}
	keys, err := parseKeySet(body)
	if err != nil {
		return fmt.Errorf("read the key set: %w", err)
	}
	if err := k.KeyReplaceAll(ctx, keys); err != nil {
		return fmt.Errorf("keep the key set: %w", err)
	}
	return nil
}

func (k *keySet) download(ctx context.Context) ([]byte, error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, k.url, nil)
	if err != nil {
		return nil, errors.New("its address is not valid")
	}
	resp, err := k.client.Do(req)
	if err != nil {
		return nil, withoutAddress(err)
	}
	defer func() { _ = resp.Body.Close() }() // it was read to the end, or is given up
	if resp.StatusCode != http.StatusOK {
		return nil, fmt.Errorf("the answer is %s", resp.Status)
	}
	body, err := io.ReadAll(io.LimitReader(resp.Body, maxKeySetBytes+1))
	if err != nil {
		return nil, fmt.Errorf("read the answer: %w", err)
	}
	if len(body) > maxKeySetBytes {
		return nil, fmt.Errorf("the answer is longer than %d bytes", maxKeySetBytes)
	}
	return body, nil
}

// withoutAddress drops the URL from an error of net/http: it may hold credentials.
func withoutAddress(err error) error {
	if u, ok := errors.AsType[*url.Error](err); ok {
		return u.Err
	}
	return err
}

// parseKeySet reads the public keys of a set that this package can verify with. Others are left
// out, symmetric ones above all; a set without any that is left is an error.
func parseKeySet(body []byte) ([]jwkset.JWK, error) {
	var set jwkset.JWKSMarshal
	if err := json.Unmarshal(body, &set); err != nil {
		return nil, fmt.Errorf("it is not a JSON Web Key Set: %w", err)
	}
	if len(set.Keys) > maxKeys {
		return nil, fmt.Errorf("it has more than %d keys", maxKeys)
	}
	var keys []jwkset.JWK
	for _, marshal := range set.Keys {
		switch marshal.KTY {
		case jwkset.KtyRSA, jwkset.KtyEC, jwkset.KtyOKP:
		default:
			continue
		}
		if key, err := jwkset.NewJWKFromMarshal(marshal, jwkset.JWKMarshalOptions{}, jwkset.JWKValidateOptions{}); err == nil {
			keys = append(keys, key)
		}
	}
	if len(keys) == 0 {
		return nil, errors.New("it has no key that can be used")
	}
	return keys, nil
}
