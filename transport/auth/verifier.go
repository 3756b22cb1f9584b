package auth

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"time"

	"chatnode/actors/chat"

	"github.com/MicahParks/jwkset"
	"github.com/MicahParks/keyfunc/v3"
	"github.com/golang-jwt/jwt/v5"
	"github.com/rs/zerolog"
)

// maxTokenBytes is the longest token that is looked at; a header line cannot be much longer.
const maxTokenBytes = 8 << 10

// VerifierConfig says which tokens are believed. At least one of Secret and JWKSURL must be set;
// with both, each algorithm still has exactly one kind of key.
type VerifierConfig struct {
	Secret  string           // HS256
	JWKSURL string           // RS256, ES256 and EdDSA: where the keys are published
	Log     zerolog.Logger   // hears of key sets that cannot be fetched
	Client  *http.Client     // fetches the key set; nil: a client of its own
	Now     func() time.Time // nil: time.Now
}

// A Verifier makes identities of tokens. Its methods may be called concurrently.
type Verifier struct {
	secret []byte
	keys   *keySet
	pick   keyfunc.Keyfunc
	parser *jwt.Parser
}

// NewVerifier builds a Verifier. It fetches nothing: Start does.
func NewVerifier(cfg VerifierConfig) (*Verifier, error) {
	v := &Verifier{secret: []byte(cfg.Secret)}
	var methods []string
	if cfg.Secret != "" {
		methods = append(methods, "HS256")
	}
	if cfg.JWKSURL != "" {
		methods = append(methods, "RS256", "ES256", "EdDSA")
		if err := v.withKeySet(cfg); err != nil {
			return nil, err
		}
	}
	if len(methods) == 0 {
		return nil, errors.New("verify tokens: neither a secret nor a key set is configured")
	}
	now := cfg.Now
	if now == nil {
		now = time.Now
	}
	v.parser = jwt.NewParser(jwt.WithValidMethods(methods), jwt.WithLeeway(leeway), jwt.WithTimeFunc(now), jwt.WithStrictDecoding())
	return v, nil
}

func (v *Verifier) withKeySet(cfg VerifierConfig) error {
	keys, err := newKeySet(cfg.JWKSURL, cfg.Client, cfg.Log)
	if err != nil {
		return err
	}
	pick, err := keyfunc.New(keyfunc.Options{Storage: keys, UseWhitelist: []jwkset.USE{"", jwkset.UseSig}})
	if err != nil {
		return fmt.Errorf("use the key set: %w", err)
	}
	v.keys, v.pick = keys, pick
	return nil
}

// Start begins to fetch the key set, and to refresh it from time to time. It does not wait: until
// there is a first set, tokens that need it are refused with ErrUnavailable. Without a key set, and
// the second time, it does nothing.
func (v *Verifier) Start() {
	if v.keys != nil {
		v.keys.start()
	}
}

// Close ends the refreshing and waits for it. It may be called more than once, and without Start.
func (v *Verifier) Close() {
	if v.keys != nil {
		v.keys.stop()
	}
}

// Verify is the identity that a token proves, or one of this package's Errors. An unknown key id
// makes it wait for one fetch of the key set, at most fetchTimeout.
func (v *Verifier) Verify(token string) (chat.Identity, error) {
	return v.VerifyContext(context.Background(), token)
}

// VerifyContext is Verify, which gives up waiting for a key set when ctx ends.
func (v *Verifier) VerifyContext(ctx context.Context, token string) (chat.Identity, error) {
	if token == "" || len(token) > maxTokenBytes {
		return chat.Identity{}, ErrMalformed
	}
	var c claims
	_, err := v.parser.ParseWithClaims(token, &c, func(t *jwt.Token) (any, error) { return v.key(ctx, t) })
	if err != nil {
		return chat.Identity{}, toError(err)
	}
	return c.identity()
}

// key picks the key by the algorithm that the token names. The secret is only ever given to HS256
// and a published key never is, so a token cannot have a public key taken for a secret.
func (v *Verifier) key(ctx context.Context, t *jwt.Token) (any, error) {
	switch {
	case t.Method == jwt.SigningMethodHS256 && len(v.secret) > 0:
		return v.secret, nil
	case t.Method != jwt.SigningMethodHS256 && v.pick != nil:
		return v.pick.KeyfuncCtx(ctx)(t)
	}
	return nil, ErrSignature
}

// toError drops the cause, which may quote the token, and keeps its kind.
func toError(err error) *Error {
	for _, kind := range []struct {
		is  error
		say *Error
	}{
		{ErrUnavailable, ErrUnavailable},
		{jwt.ErrTokenMalformed, ErrMalformed},
		{jwt.ErrTokenUnverifiable, ErrSignature},
		{jwt.ErrTokenSignatureInvalid, ErrSignature},
		{jwt.ErrTokenExpired, ErrExpired},
		{jwt.ErrTokenNotValidYet, ErrNotYet},
	} {
		if errors.Is(err, kind.is) {
			return kind.say
		}
	}
	return ErrClaims
}
