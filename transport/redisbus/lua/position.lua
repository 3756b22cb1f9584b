-- What append, advance and range share: the room's clock and position.

-- now returns Redis's time in ms. It has 13 digits, so that `..` prints it whole (%.14g).
local function now()
  local t = redis.call('TIME')
  return t[1] * 1000 + math.floor(t[2] / 1000)
end

-- position returns the room's epoch and seq from the hash meta. A room without one gets the
-- candidate as its epoch. Where the hash was lost and the log was not (eviction), seq goes on
-- where the log ends, so that the history stays; the new epoch tells the nodes to look at it anew.
-- Where both are lost, what is left of amended speaks of messages that are gone.
local function position(meta, log, amended, candidate)
  local p = redis.call('HMGET', meta, 'epoch', 'seq')
  if p[1] then
    return p[1], tonumber(p[2]) or 0
  end
  local seq = 0
  if redis.call('EXISTS', log) == 1 then
    local info = redis.call('XINFO', 'STREAM', log)
    for i = 1, #info, 2 do
      if info[i] == 'last-generated-id' then
        seq = tonumber(string.match(info[i + 1], '^%d+'))
      end
    end
  else
    redis.call('DEL', amended)
  end
  redis.call('HSET', meta, 'epoch', candidate, 'seq', seq)
  return candidate, seq
end
