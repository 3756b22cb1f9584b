-- Finding entries of a room's stream. Every entry is {'<seq>-0', {'k', kind, 'i', id, 'c', ms, …}}:
--   k=m  message   a = author as JSON members, t = text as a JSON string
--   k=e  edit      r = the message's id, s = its seq
--   k=d  deletion  r = the message's id, s = its seq
--   k=b  bulk deletion  u = user id as a JSON string, n = how many messages
-- amended is a zset by seq with what became of messages since: 'e:' and the message as JSON, or
-- 'd:' and the id of a deleted one, whose text is gone from the stream.

-- finding makes the functions for it: where nothing has to be found, nothing is made.
local function finding()
  local function seq_of(entry)
    return tonumber(string.match(entry[1], '^%d+'))
  end

  -- How many entries a run of the script looks at for each id: 2 ms. Who wants more looks itself, from
  -- outside, where nobody has to wait for it.
  local BUDGET = 1024
  local FAR = -3

  -- own is the part of an id that is the same on every node that has made it for one write: all but the
  -- hint in front. A message is found by it under whichever of those ids it was stored.
  local function own(id)
    return string.match(id, '%-.*') or id
  end

  -- scan looks for id in the stream from seq `from` on up to `to`, at no more than budget entries, in
  -- growing steps. It returns the entry, or nil and what is left of the budget.
  local function scan(log, id, from, to, budget)
    local step, wanted = 8, own(id)
    local start = from
    while budget > 0 do
      local chunk = redis.call('XRANGE', log, start, to, 'COUNT', step)
      for _, e in ipairs(chunk) do
        if own(e[2][4]) == wanted then
          return e
        end
      end
      budget = budget - #chunk
      if #chunk < step then
        return nil, budget
      end
      start = '(' .. chunk[#chunk][1]
      step = math.min(step * 4, 512)
    end
    return nil, 0
  end

  -- find returns the entry with the id: forward from the hint, then in all of the log. Where the
  -- budget ends before the log it returns nil and true. A hint '=<seq>' says that the entry is not
  -- before seq.
  local function find(log, id, hint)
    local exact = string.sub(hint, 1, 1) == '='
    local from = exact and string.sub(hint, 2) or hint
    local e, left = scan(log, id, from, '+', BUDGET)
    if not e and left > 0 and not exact and from ~= '0' then
      e, left = scan(log, id, '0', '(' .. from, left)
    end
    return e, not e and left <= 0
  end

  -- set_state writes down what became of the message at seq.
  local function set_state(amended, seq, member)
    redis.call('ZREMRANGEBYSCORE', amended, seq, seq)
    redis.call('ZADD', amended, seq, member)
  end

  return seq_of, find, set_state, FAR
end
