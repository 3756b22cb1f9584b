-- Lists the active bans, mutes and slow modes, and removes the expired ones.
--
-- KEYS[1] ends: zset field -> end; KEYS[2] details: hash field -> JSON, and '' -> version
-- ARGV[1] version of the caller
-- Reply: {version} if it is the version of the caller, else {version, field, end, detail, field, …}

local t = redis.call('TIME')
local expired = redis.call('ZRANGEBYSCORE', KEYS[1], '-inf', t[1] * 1000 + math.floor(t[2] / 1000))
for _, field in ipairs(expired) do
  redis.call('ZREM', KEYS[1], field)
  redis.call('HDEL', KEYS[2], field)
end
local version = #expired > 0 and redis.call('HINCRBY', KEYS[2], '', 1) or redis.call('HGET', KEYS[2], '') or 0
local reply = { tostring(version) }
if reply[1] == ARGV[1] then
  return reply
end
local all = redis.call('ZRANGEBYSCORE', KEYS[1], '-inf', '+inf', 'WITHSCORES')
for i = 1, #all, 2 do
  reply[#reply + 1] = all[i]
  reply[#reply + 1] = all[i + 1]
  reply[#reply + 1] = redis.call('HGET', KEYS[2], all[i]) or '{}'
end
return reply
