-- Renews the lease of one instance, and counts all instances.
--
-- KEYS[1] index: zset instance -> last heartbeat (ms)
-- KEYS[2] own record: JSON
-- ARGV[1] instance, ARGV[2] incarnation, ARGV[3] connected clients, ARGV[4] started (ms, 0: now),
-- ARGV[5] TTL of the record (s), ARGV[6] time without heartbeat (ms) after which an instance is removed
-- Reply: {now, previous record or '', number of instances}

local t = redis.call('TIME')
local now = t[1] * 1000 + math.floor(t[2] / 1000)
local started = ARGV[4] == '0' and now or ARGV[4]
local previous = redis.call('GET', KEYS[2]) or ''
redis.call('SET', KEYS[2], '{"instanceId":"' .. ARGV[1] .. '","startedAt":' .. started .. ',"lastHeartbeat":' .. now ..
  ',"connectedClients":' .. ARGV[3] .. ',"incarnation":"' .. ARGV[2] .. '"}', 'EX', ARGV[5])
redis.call('ZADD', KEYS[1], now, ARGV[1])
redis.call('ZREMRANGEBYSCORE', KEYS[1], '-inf', '(' .. (now - ARGV[6]))
return { now, previous, redis.call('ZCARD', KEYS[1]) }
