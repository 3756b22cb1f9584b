package client

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"time"
)

// Claim is the content of a token. ExpiresIn is from now and may be negative; 0: never.
type Claim struct {
	Sub, Name, Role string
	ExpiresIn       time.Duration
}

// Token creates a JWT (HS256) with the AUTH_JWT_SECRET of the node.
func Token(secret string, c Claim) string {
	claims := map[string]any{"sub": c.Sub}
	if c.Name != "" {
		claims["name"] = c.Name
	}
	if c.Role != "" {
		claims["role"] = c.Role
	}
	if c.ExpiresIn != 0 {
		claims["exp"] = time.Now().Add(c.ExpiresIn).Unix()
	}
	signed := part(map[string]any{"alg": "HS256", "typ": "JWT"}) + "." + part(claims)
	mac := hmac.New(sha256.New, []byte(secret))
	mac.Write([]byte(signed)) // a hash never fails
	return signed + "." + base64.RawURLEncoding.EncodeToString(mac.Sum(nil))
}

func part(v map[string]any) string {
	b, err := json.Marshal(v)
	if err != nil {
		panic(fmt.Sprintf("client: marshal %v: %v", v, err)) // strings and numbers can always be marshalled
	}
	return base64.RawURLEncoding.EncodeToString(b)
}
