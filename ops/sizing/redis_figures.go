package main

import (
	"context"
	"fmt"
	"strconv"
	"strings"

	"chatnode/transport/redisbus"

	"github.com/rs/zerolog"
)

// engine is one more node's side of Redis.
func (t *redisTable) engine(instance string) (*redisbus.Engine, error) {
	return redisbus.New(redisbus.Options{
		URL: "redis://" + t.program.Addr, InstanceID: instance, Incarnation: "measured", Log: zerolog.Nop(),
	})
}

// info is a number that Redis tells of itself.
func (t *redisTable) info(ctx context.Context, field string) (float64, error) {
	text, err := t.client.Info(ctx).Result()
	if err != nil {
		return 0, fmt.Errorf("ask Redis for %s: %w", field, err)
	}
	for line := range strings.Lines(text) {
		if value, ok := strings.CutPrefix(line, field+":"); ok {
			return strconv.ParseFloat(strings.TrimSpace(value), 64)
		}
	}
	return 0, fmt.Errorf("Redis does not tell %s", field) //nolint:staticcheck // Redis is a name
}

// memoryOfLogs is what the entries and the idempotency keys so far take, each.
func (t *redisTable) memoryOfLogs(ctx context.Context, k *Coefficients) error {
	logs, entries, err := t.memory(ctx, "chat:log:*", "XLEN")
	if err != nil {
		return err
	}
	keys, stored, err := t.memory(ctx, "chat:idem:*", "HLEN")
	if err != nil {
		return err
	}
	k.RedisEntry, k.RedisKey = logs/entries-textBytes, keys/stored
	return nil
}

// memory is the bytes of all keys of a pattern, and how many elements they hold.
func (t *redisTable) memory(ctx context.Context, pattern, length string) (bytes, elements float64, err error) {
	for keys := t.client.Scan(ctx, 0, pattern, 1000).Iterator(); ; {
		if !keys.Next(ctx) {
			return bytes, elements, keys.Err()
		}
		b, err := t.client.MemoryUsage(ctx, keys.Val()).Result()
		if err != nil {
			return 0, 0, fmt.Errorf("memory of %s: %w", keys.Val(), err)
		}
		n, err := t.client.Do(ctx, length, keys.Val()).Int()
		if err != nil {
			return 0, 0, fmt.Errorf("length of %s: %w", keys.Val(), err)
		}
		bytes, elements = bytes+float64(b), elements+float64(n)
	}
}
