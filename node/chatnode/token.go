package main

import (
	"fmt"
	"time"

	"chatnode/node"
	"chatnode/transport/auth"
)

// tokenCommand mints a token.
type tokenCommand struct {
	Sub           string        `required:"" help:"User id: 1 to 255 bytes that can be printed, without space at either end."`
	Name          string        `help:"Display name; by default the user id."`
	Role          string        `default:"member" help:"guest, member or admin."`
	TTL           time.Duration `name:"ttl" default:"1h" min:"0s" max:"87600h" help:"How long the token is valid; 0s: for ever."`
	Avatar        string        `placeholder:"URL" help:"https address of a picture."`
	AuthJWTSecret node.Secret   `var:"AUTH_JWT_SECRET" min:"32" placeholder:"SECRET" help:"Secret that signs the token; at least 32 characters."`
}

// Run implements the command.
func (t *tokenCommand) Run(w *environment, loader *node.Loader) error {
	if err := loader.Problems(); err != nil {
		return err
	}
	if !t.AuthJWTSecret.IsSet() {
		return &node.ConfigError{Problems: []node.Problem{{Variable: "AUTH_JWT_SECRET", Must: "must be set to sign a token"}}}
	}
	who := auth.Subject{UserID: t.Sub, Name: t.Name, Role: t.Role, Avatar: t.Avatar}
	token, err := auth.Mint(t.AuthJWTSecret.Reveal(), who, time.Now(), t.TTL)
	if err != nil {
		return usageError{err}
	}
	if _, err := fmt.Fprintln(w.stdout, token); err != nil {
		return fmt.Errorf("print the token: %w", err)
	}
	return nil
}
