-- Reads a range of the log of a room and its position. A new room gets an epoch.
--
-- KEYS[1] meta, KEYS[2] log, KEYS[3] amended
-- ARGV[1] candidate epoch, ARGV[2] after (seq), ARGV[3] before (seq, 0: none), ARGV[4] limit,
-- ARGV[5] '1': the newest entries of the range, else the oldest
-- Reply: {epoch, seq, first, from, to, stream entries, members and scores of amended}. The result is the seqs from…to;
-- it is empty if from > to. amended covers this range and the messages to which its edits refer. With ARGV[5] = '1' the
-- result may contain more than limit seqs, because entries that a failover lost do not count.

local log, amended = KEYS[2], KEYS[3]
local epoch, seq = position(KEYS[1], log, amended, ARGV[1])

-- first_seq returns the first retained seq: the seq of the first stream entry, or of the first of the deleted messages
-- that directly precede it without a gap.
local function first_seq()
  local head = redis.call('XRANGE', log, '-', '+', 'COUNT', 1)[1]
  if not head then
    return seq + 1
  end
  local first = tonumber(string.match(head[1], '^%d+'))
  local low, high = 1, first -- all seqs high…first-1 are in amended; some below low are not
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

-- newest_start returns the first of the newest n known seqs in first…to. Known seqs are in log or in amended.
local function newest_start(n, first, to)
  local known, added = {}, {}
  local function add(place)
    if not added[place] then
      added[place] = true
      known[#known + 1] = place
    end
  end
  for _, e in ipairs(redis.call('XREVRANGE', log, string.format('%.0f', to), string.format('%.0f', first), 'COUNT', n)) do
    add(tonumber(string.match(e[1], '^%d+')))
  end
  local states = redis.call('ZREVRANGEBYSCORE', amended, to, first, 'WITHSCORES', 'LIMIT', 0, n)
  for i = 2, #states, 2 do
    add(tonumber(states[i]))
  end
  table.sort(known)
  return known[math.max(#known - n + 1, 1)] or first
end

local first = first_seq()
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

-- is_complete reports whether every seq from…to is known. Deleted messages are in amended, all others in log.
local function is_complete()
  local known = #entries
  for i = 1, #states, 2 do
    known = known + (string.sub(states[i], 1, 2) == 'd:' and 1 or 0)
  end
  return known > to - from
end

read()
if ARGV[5] == '1' and from > first and not is_complete() then
  from = newest_start(limit, first, to)
  read()
end
local requested = {}
for _, e in ipairs(entries) do
  if e[2][2] == 'e' then
    local ref = e[2][10]
    local place = tonumber(ref)
    if (place < from or place > to) and not requested[ref] then
      requested[ref] = true
      local s = redis.call('ZRANGEBYSCORE', amended, ref, ref)[1]
      if s then
        states[#states + 1] = s
        states[#states + 1] = ref
      end
    end
  end
end
return { epoch, seq, first, from, to, entries, states }
