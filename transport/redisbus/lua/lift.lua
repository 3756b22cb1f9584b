-- Lifts a ban, mute or slow mode.
--
-- KEYS[1] ends, KEYS[2] details
-- ARGV[1] field
-- Reply: 1 if it existed, else 0

local n = redis.call('ZREM', KEYS[1], ARGV[1])
redis.call('HDEL', KEYS[2], ARGV[1])
if n == 1 then
  redis.call('HINCRBY', KEYS[2], '', 1)
end
return n
