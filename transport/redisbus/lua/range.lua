-- Reads a part of a room's log with its position, and gives a new room its epoch.
--
-- KEYS[1] meta, KEYS[2] log, KEYS[3] amended
-- ARGV[1] candidate epoch, ARGV[2] after (seq), ARGV[3] before (seq, 0: none), ARGV[4] limit,
-- ARGV[5] '1': the newest of them
-- Reply: {epoch, seq, first, from, to, stream entries, amended {member, score…} of the range and of
-- what its edits refer to}. The answer is the seqs from…to, none where from > to. The newest may be more than
-- limit: what a failover has lost, and nothing is known of, does not count.

local log, amended = KEYS[2], KEYS[3]
local epoch, seq = position(KEYS[1], log, amended, ARGV[1])

-- oldest returns the first seq that is kept: the stream's first entry, and before it the deleted
-- messages that follow one another without a gap.
local function oldest()
  local head = redis.call('XRANGE', log, '-', '+', 'COUNT', 1)[1]
  if not head then
    return seq + 1
  end
  local first = tonumber(string.match(head[1], '^%d+'))
  local low, high = 1, first -- every seq in high…first-1 is amended; below low is not known to be
  while low < high do
    local mid = math.floor((low + high) / 2)
    if redis.call('ZCOUNT', amended, mid, first - 1) == first - mid then
      high = mid
    else
      low = mid + 1
    end
  end
  return high
end

-- back returns the oldest of the newest n places from first to `to` of which something is known.
local function back(n, first, to)
  local places, there = {}, {}
  local function add(place)
    if not there[place] then
      there[place] = true
      places[#places + 1] = place
    end
  end
  for _, e in ipairs(redis.call('XREVRANGE', log, string.format('%.0f', to), string.format('%.0f', first), 'COUNT', n)) do
    add(tonumber(string.match(e[1], '^%d+')))
  end
  local states = redis.call('ZREVRANGEBYSCORE', amended, to, first, 'WITHSCORES', 'LIMIT', 0, n)
  for i = 2, #states, 2 do
    add(tonumber(states[i]))
  end
  table.sort(places)
  return places[math.max(#places - n + 1, 1)] or first
end

local first = oldest()
local after, before, limit = tonumber(ARGV[2]), tonumber(ARGV[3]), tonumber(ARGV[4])
local from, to = math.max(after + 1, first), seq
if before > 0 then
  to = math.min(to, before - 1)
end
if ARGV[5] == '1' then
  from = math.max(from, to - limit + 1)
else
  to = math.min(to, from + limit - 1)
end
if from > to then
  return { epoch, seq, first, from, to, {}, {} }
end

local entries, states
local function read()
  entries = redis.call('XRANGE', log, string.format('%.0f', from), string.format('%.0f', to))
  states = redis.call('ZRANGEBYSCORE', amended, from, to, 'WITHSCORES')
end

-- whole reports whether something is known of each place: what was deleted is not in the stream, what was edited is.
local function whole()
  local known = #entries
  for i = 1, #states, 2 do
    known = known + (string.sub(states[i], 1, 2) == 'd:' and 1 or 0)
  end
  return known > to - from
end

read()
if ARGV[5] == '1' and from > first and not whole() then
  from = back(limit, first, to)
  read()
end
local asked = {}
for _, e in ipairs(entries) do
  if e[2][2] == 'e' then
    local ref = e[2][10]
    local place = tonumber(ref)
    if (place < from or place > to) and not asked[ref] then
      asked[ref] = true
      local s = redis.call('ZRANGEBYSCORE', amended, ref, ref)[1]
      if s then
        states[#states + 1] = s
        states[#states + 1] = ref
      end
    end
  end
end
return { epoch, seq, first, from, to, entries, states }
