-- Finding entries of a room's stream. Every entry is {'<seq>-0', {'k', kind, 'i', id, 'c', ms, …}}:
--   k=m  message   a = author as JSON members, t = text as a JSON string
--   k=e  edit      r = the message's id, s = its seq
--   k=d  deletion  r = the message's id, s = its seq
--   k=b  bulk deletion  u = user id as a JSON string, n = how many messages
-- amended is a zset by seq with what became of messages since: 'e:' and the message as JSON, or
-- 'd:' and the id of a deleted one, whose text is gone from the stream.

local function seq_of(entry)
  return tonumber(string.match(entry[1], '^%d+'))
end

-- scan looks for id in the stream from seq `from` on, in growing steps, up to the one before `to`.
local function scan(log, id, from, to)
  local step = 8
  local start = string.format('%.0f', from)
  while true do
    local chunk = redis.call('XRANGE', log, start, to, 'COUNT', step)
    for _, e in ipairs(chunk) do
      if e[2][4] == id then
        return e
      end
    end
    if #chunk < step then
      return nil
    end
    start = '(' .. chunk[#chunk][1]
    step = math.min(step * 4, 512)
  end
end

-- find returns the entry with the id: forward from the hint, then in all of the log.
local function find(log, id, hint)
  local e = scan(log, id, hint, '+')
  if not e and hint > 0 then
    e = scan(log, id, 0, string.format('(%.0f', hint))
  end
  return e
end

-- state returns what became of the message at seq: nil, 'e:…' or 'd:…'.
local function state(amended, seq)
  return redis.call('ZRANGEBYSCORE', amended, seq, seq)[1]
end

local function set_state(amended, seq, member)
  redis.call('ZREMRANGEBYSCORE', amended, seq, seq)
  redis.call('ZADD', amended, seq, member)
end
