-- Sets a ban, mute or slow mode.
--
-- KEYS[1] ends: zset '<kind>:<subject>' -> end (ms or inf)
-- KEYS[2] details: hash of the same fields -> JSON, and '' -> version
-- ARGV[1] field, ARGV[2] duration (ms; 0: permanent), ARGV[3] detail members, JSON
-- Reply: {since, until (ms; 0: permanent)}

local t = redis.call('TIME')
local now = t[1] * 1000 + math.floor(t[2] / 1000)
local ends = ARGV[2] == '0' and 'inf' or now + ARGV[2]
redis.call('ZADD', KEYS[1], ends, ARGV[1])
redis.call('HSET', KEYS[2], ARGV[1], '{' .. ARGV[3] .. ',"since":' .. now .. '}')
redis.call('HINCRBY', KEYS[2], '', 1)
return { now, ends == 'inf' and 0 or ends }
