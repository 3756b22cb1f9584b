package main

import (
	"fmt"
	"time"

	"chatnode/node"
	"chatnode/transport/auth"
)

// tokenCommand prints a signed token.
type tokenCommand struct {
	Sub           string        `required:"" help:"User id: 1 to 255 printable bytes, without leading or trailing spaces."`
	Name          string        `help:"Display name. Default: the user id."`
	Role          string        `default:"member" help:"Role: guest, member or admin."`
	TTL           time.Duration `name:"ttl" default:"1h" min:"0s" max:"87600h" help:"Time until the token expires. 0s: never."`
	Avatar        string        `placeholder:"URL" help:"https URL of an image."`
	AuthJWTSecret node.Secret   `var:"AUTH_JWT_SECRET" min:"32" placeholder:"SECRET" help:"Secret that signs the token; at least 32 characters."`
}

// Run implements the command.
func (t *tokenCommand) Run(env *environment, loader *node.Loader) error {
	if err := loader.Problems(); err != nil {
		return err
	}
	if !t.AuthJWTSecret.IsSet() {
		return &node.ConfigError{Problems: []node.Problem{{Variable: "AUTH_JWT_SECRET", Must: "must be set to sign a token"}}}
	}
	subject := auth.Subject{UserID: t.Sub, Name: t.Name, Role: t.Role, Avatar: t.Avatar}
	token, err := auth.Mint(t.AuthJWTSecret.Reveal(), subject, time.Now(), t.TTL)
	if err != nil {
		return usageError{err}
	}
	if _, err := fmt.Fprintln(env.stdout, token); err != nil {
		return fmt.Errorf("print token: %w", err)
	}
	return nil
}
