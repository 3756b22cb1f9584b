-- Publishes a signal with the time of Redis in its envelope.
--
-- KEYS[1] channel
-- ARGV[1] PUBLISH or SPUBLISH, ARGV[2] envelope before the time, ARGV[3] envelope after it

local t = redis.call('TIME')
return redis.call(ARGV[1], KEYS[1], ARGV[2] .. t[1] * 1000 + math.floor(t[2] / 1000) .. ARGV[3])
