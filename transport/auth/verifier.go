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

// maxTokenBytes is the maximum length of a token. The limit of HTTP headers is similar.
const maxTokenBytes = 8 << 10

// VerifierConfig selects the accepted tokens. At least one of Secret and JWKSURL must be set. If both are set, each
// algorithm still has exactly one kind of key.
type VerifierConfig struct {
	Secret  string           // HS256
	JWKSURL string           // RS256, ES256 and EdDSA; URL of the published keys
	Log     zerolog.Logger   // logs failed fetches of the key set
	Client  *http.Client     // fetches the key set; nil: a new client
	Now     func() time.Time // nil: time.Now
}

// Verifier converts tokens to identities. Its methods may be called concurrently.
type Verifier struct {
	secret  []byte
	keys    *keySet
	keyfunc keyfunc.Keyfunc
	parser  *jwt.Parser
}

// NewVerifier returns a Verifier. Start fetches its key set.
func NewVerifier(cfg VerifierConfig) (*Verifier, error) {
	v := &Verifier{secret: []byte(cfg.Secret)}
	var methods []string
	if cfg.Secret != "" {
		methods = append(methods, "HS256")
	}
	if cfg.JWKSURL != "" {
		methods = append(methods, "RS256", "ES256", "EdDSA")
		if err := v.useKeySet(cfg); err != nil {
			return nil, err
		}
	}
	if len(methods) == 0 {
		return nil, errors.New("no secret and no key set configured")
	}
	now := cfg.Now
	if now == nil {
		now = time.Now
	}
	v.parser = jwt.NewParser(jwt.WithValidMethods(methods), jwt.WithLeeway(leeway), jwt.WithTimeFunc(now), jwt.WithStrictDecoding())
	return v, nil
}

func (v *Verifier) useKeySet(cfg VerifierConfig) error {
	keys, err := newKeySet(cfg.JWKSURL, cfg.Client, cfg.Log)
	if err != nil {
		return err
	}
	pick, err := keyfunc.New(keyfunc.Options{Storage: keys, UseWhitelist: []jwkset.USE{"", jwkset.UseSig}})
	if err != nil {
		return fmt.Errorf("use key set: %w", err)
	}
	v.keys, v.keyfunc = keys, pick
	return nil
}

// Start starts the periodic fetch of the key set without waiting for it. Until the first fetch succeeds, tokens that
// need the set are rejected with ErrUnavailable. Without a key set, and after the first call, Start does nothing.
func (v *Verifier) Start() {
	if v.keys != nil {
		v.keys.start()
	}
}

// Close stops the periodic fetch and waits for its end. It may be called repeatedly, and without Start.
func (v *Verifier) Close() {
	if v.keys != nil {
		v.keys.stop()
	}
}

// Verify returns the identity of the token, or one of the Errors of this package. For an unknown key id it waits for
// one fetch of the key set, at most fetchTimeout.
func (v *Verifier) Verify(token string) (chat.Identity, error) {
	return v.VerifyContext(context.Background(), token)
}

// VerifyContext is Verify, but stops waiting for a key set when ctx ends.
func (v *Verifier) VerifyContext(ctx context.Context, token string) (chat.Identity, error) {
	if token == "" || len(token) > maxTokenBytes {
		return chat.Identity{}, ErrMalformed
	}
	var c claims
	_, err := v.parser.ParseWithClaims(token, &c, func(t *jwt.Token) (any, error) { return v.selectKey(ctx, t) })
	if err != nil {
		return chat.Identity{}, toError(err)
	}
	return c.identity()
}

// selectKey selects the key for the algorithm of the token. The secret is used only for HS256, and published keys
// never are. Therefore a token cannot make the verifier use a public key as the secret.
func (v *Verifier) selectKey(ctx context.Context, t *jwt.Token) (any, error) {
	switch {
	case t.Method == jwt.SigningMethodHS256 && len(v.secret) > 0:
		return v.secret, nil
	case t.Method != jwt.SigningMethodHS256 && v.keyfunc != nil:
		return v.keyfunc.KeyfuncCtx(ctx)(t)
	}
	return nil, ErrSignature
}

// toError returns the Error for err, without the cause, which may quote the token.
func toError(err error) *Error {
	for _, kind := range []struct {
		cause  error
		reason *Error
	}{
		{ErrUnavailable, ErrUnavailable},
		{jwt.ErrTokenMalformed, ErrMalformed},
		{jwt.ErrTokenUnverifiable, ErrSignature},
		{jwt.ErrTokenSignatureInvalid, ErrSignature},
		{jwt.ErrTokenExpired, ErrExpired},
		{jwt.ErrTokenNotValidYet, ErrNotYet},
	} {
		if errors.Is(err, kind.cause) {
			return kind.reason
		}
	}
	return ErrClaims
}
