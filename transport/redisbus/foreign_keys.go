package redisbus

import (
	"context"

	"github.com/rs/zerolog"
)

// roomScripts runs calls that each touch one room's keys. What stands in the place of these keys and is of
// another type would refuse every call for that room, and with it hold up the journal and the node; so it
// is moved aside, and the calls that met it are made once more.
type roomScripts struct {
	link    *conn
	scripts *scripts
	keys    keys
	bucket  int64 // ms
	log     zerolog.Logger
}

// run is link.run for calls that say their room.
func (r *roomScripts) run(ctx context.Context, doing string, calls ...*call) error {
	err := r.link.run(ctx, doing, calls...)
	if err == nil || classify(err) != WrongType {
		return err
	}
	var again, clears []*call
	for _, c := range calls {
		if c.err == nil {
			continue
		}
		again = append(again, c)
		if classify(c.err) == WrongType {
			clears = append(clears, r.moveForeignKeys(c.room))
		}
	}
	if r.link.run(ctx, "clear a room's keys", clears...) != nil {
		return err // what is in the way is what an operator has to know
	}
	r.logMoved(clears)
	return r.link.run(ctx, doing, again...)
}

func (r *roomScripts) moveForeignKeys(room string) *call {
	own := []string{r.keys.meta(room), r.keys.log(room), r.keys.amended(room), r.keys.idem(room)}
	c := &call{script: r.scripts.clear, keys: own, args: []any{r.bucket}}
	for _, key := range own {
		c.keys = append(c.keys, r.keys.foreign(key))
	}
	return c
}

// logMoved logs what was moved where. Another node may have been quicker: then there is nothing to tell.
func (r *roomScripts) logMoved(clears []*call) {
	for _, c := range clears {
		words, _ := c.reply.([]any)
		for i := 0; i+2 < len(words); i += 3 {
			r.log.Error().Any("key", words[i]).Any("type", words[i+1]).Any("moved", words[i+2]).
				Msg("redis key of wrong type renamed")
		}
	}
}
