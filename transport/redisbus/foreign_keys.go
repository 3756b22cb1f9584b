package redisbus

import (
	"context"

	"github.com/rs/zerolog"
)

// roomScripts runs calls that each access the keys of one room. If such a key exists with another type, all calls for
// the room fail, which would block the journal and the node. Therefore roomScripts renames the key, and repeats the
// failed calls.
type roomScripts struct {
	conn     *conn
	scripts  *scripts
	keys     keys
	bucketMs int64
	log      zerolog.Logger
}

// run is conn.run for calls whose room is set.
func (r *roomScripts) run(ctx context.Context, op string, calls ...*call) error {
	err := r.conn.run(ctx, op, calls...)
	if err == nil || classify(err) != WrongType {
		return err
	}
	var retries, moves []*call
	for _, c := range calls {
		if c.err == nil {
			continue
		}
		retries = append(retries, c)
		if classify(c.err) == WrongType {
			moves = append(moves, r.moveForeignKeys(c.room))
		}
	}
	if r.conn.run(ctx, "rename foreign keys", moves...) != nil {
		return err // the original error tells the operator which type is wrong
	}
	r.logMoved(moves)
	return r.conn.run(ctx, op, retries...)
}

func (r *roomScripts) moveForeignKeys(room string) *call {
	roomKeys := []string{r.keys.meta(room), r.keys.log(room), r.keys.amended(room), r.keys.idem(room)}
	c := &call{script: r.scripts.moveForeign, keys: roomKeys, args: []any{r.bucketMs}}
	for _, key := range roomKeys {
		c.keys = append(c.keys, r.keys.foreign(key))
	}
	return c
}

// logMoved logs every renamed key. There is none if another node has renamed it first.
func (r *roomScripts) logMoved(moves []*call) {
	for _, c := range moves {
		fields, _ := c.reply.([]any)
		for i := 0; i+2 < len(fields); i += 3 {
			r.log.Error().Any("key", fields[i]).Any("type", fields[i+1]).Any("new_key", fields[i+2]).
				Msg("redis key of wrong type renamed")
		}
	}
}
