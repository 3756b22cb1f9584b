-- Runs every command that the other scripts use, on a separate key, and deletes the key.
--
-- KEYS[1] a key of the checking instance
-- ARGV[1] PUBLISH or SPUBLISH
-- Reply: the denied commands, each as '<command>: <error>'; empty if there are none

local key = KEYS[1]
local denied = {}
local function try(...)
  local r = redis.pcall(...)
  if type(r) == 'table' and r.err then
    denied[#denied + 1] = (...) .. ': ' .. r.err
  end
end

try('DEL', key)
try('HSET', key, 'f', 'v')
try('HSETNX', key, 'f', 'v')
try('HMGET', key, 'f')
try('HGET', key, 'f')
try('HDEL', key, 'f')
try('HINCRBY', key, 'n', 1)
try('HLEN', key)
try('PEXPIRE', key, 10000)
try('EXPIRE', key, 10)
try('EXISTS', key)
try('TYPE', key)
try('RENAME', key, key)
try('DEL', key)
try('ZADD', key, 1, 'm')
try('ZSCORE', key, 'm')
try('ZMSCORE', key, 'm')
try('ZCARD', key)
try('ZCOUNT', key, 0, 1)
try('ZRANGEBYSCORE', key, 0, 1)
try('ZREMRANGEBYSCORE', key, 5, 6)
try('ZREM', key, 'x')
try('DEL', key)
try('XADD', key, '1-0', 'f', 'v')
try('XTRIM', key, 'MINID', '~', 0)
try('XRANGE', key, '-', '+')
try('XINFO', 'STREAM', key)
try('XDEL', key, '1-0')
try('DEL', key)
try('SET', key, 'v', 'EX', 10)
try('GET', key)
try('MGET', key)
try(ARGV[1], 'chat:pubsub:' .. string.sub(key, 6), '')
try('DEL', key)
return denied
