-- Appends writes to one room: idempotency, seq, XADD and PUBLISH, all or nothing for each write.
--
-- KEYS[1] meta      hash epoch, seq
-- KEYS[2] log       stream
-- KEYS[3] amended   zset of edited and deleted messages
-- KEYS[4] idem      prefix of the idempotency hashes; the script appends the time bucket
--
-- ARGV[1] history   entries to keep at least
-- ARGV[2] candidate epoch for a new room
-- ARGV[3] bucket    ms of an idempotency bucket: a key is known in the one that it came in and in the two after it
-- ARGV[4] publish   PUBLISH or SPUBLISH
-- ARGV[5] channel
-- ARGV[6] sender    envelope members of the sending node, JSON
-- ARGV[7] room      envelope member of the room, JSON
-- ARGV[8] epoch, ARGV[9] seq of the floor: what was shown; in that epoch seq goes on behind it
-- ARGV[10] deadline until when (ms) this may be stored, 0: for ever
-- ARGV[11…]         the writes, each one of
--   'm' id key author text                  author: JSON members, text: JSON string
--   'e' id key by target hint text          by: first JSON member of the author, '' for an admin
--   'd' id key by target hint
--   'b' id key by user                      user: JSON string
-- with 'a' in front where the write was stored once and the log has lost it: its key then counts only
-- while its entry is there;
-- with 't' hint in front where an earlier try may have been stored: the id is looked for from the
-- hint on. key is a digest, '' for none. For hints see find.lua.
--
-- Reply: {epoch, ms, result…}; a result is the seq of what was stored, -1 for not found, -2 for
-- forbidden, -3 where an id lies too far from its hint and nothing was done, or the string '<seq> <ms> <id> <target>' of the first one of its key.
-- Past the deadline: the error 'LATE <ms>' with the time that it is, and nothing is done or made.

local log, amended = KEYS[2], KEYS[3]
local history, publish, channel = tonumber(ARGV[1]), ARGV[4], ARGV[5]
local at = now()
local deadline = tonumber(ARGV[10])
if deadline > 0 and at > deadline then
  return redis.error_reply('LATE ' .. at)
end
local epoch, seq = position(KEYS[1], log, amended, ARGV[2])
local first_seq = seq
if epoch == ARGV[8] then
  seq = math.max(seq, tonumber(ARGV[9]))
end
local span = tonumber(ARGV[3])
local bucket = math.floor(at / span)
local fresh, older, oldest = KEYS[4] .. bucket, KEYS[4] .. bucket - 1, KEYS[4] .. bucket - 2
local keyed, trimmed = false, false
local stored = seq  -- the newest seq that the log has
local claimed       -- the key of the message that is being added
local NOT_FOUND, FORBIDDEN = -1, -2

-- Making text of numbers is a good part of the work, so it is done once for each.
local at_text = string.format('%d', at)
local offset_text = string.format(' %d ', at - bucket * span)
local seq_text
local head = '",' .. ARGV[6] .. ',"timestamp":' .. at_text .. ',' .. ARGV[7] .. ',"epoch":"' .. epoch .. '","seq":'

local function step()
  seq = seq + 1
  seq_text = string.format('%d', seq)
end

-- recall returns what the hash of bucket b remembers of the key, as the reply has it, or nil.
-- Times are kept relative to the bucket, for brevity.
local function recall(key, hash, b)
  local packed = redis.call('HGET', hash, key)
  if packed then
    local place, ms, rest = string.match(packed, '^(%d+) (%-?%d+) (.*)$')
    return place .. ' ' .. b * span + ms .. ' ' .. rest
  end
end

local function remember(key, id, target)
  if key ~= '' then
    redis.call('HSET', fresh, key, seq_text .. offset_text .. id .. ' ' .. target)
    keyed = true
  end
end

local function send(kind, id, data)
  redis.call(publish, channel, '{"v":1,"type":"' .. kind .. head .. seq_text .. ',"id":"' .. id .. '","data":{' .. data .. '}}')
end

-- add appends an entry; the first one of a run trims what is too old.
local function add(...)
  if trimmed then
    redis.call('XADD', log, seq_text .. '-0', ...)
  else
    trimmed = true
    redis.call('XADD', log, 'MINID', '~', math.max(seq - history + 1, 0), seq_text .. '-0', ...)
  end
  stored = seq
end

-- target returns the living message with the id, its seq, and the id that it stands under, which another
-- node may have given it; or else nil and the result to reply.
local function target(id, hint)
  if redis.call('ZSCORE', amended, 'd:' .. id) then
    return nil, NOT_FOUND
  end
  local e, far = find(log, id, hint)
  if e and e[2][2] == 'm' then
    return e[2], seq_of(e), e[2][4]
  end
  return nil, far and FAR or NOT_FOUND
end

local function wrote(fields, by)
  return string.sub(fields[8], 1, #by) == by
end

-- tried returns the result of an earlier try that was stored under this id, and remembers its key.
local function tried(id, key, hint)
  local place, ms, ref = redis.call('ZSCORE', amended, 'd:' .. id), at, ''
  if not place then
    local e, far = find(log, id, hint)
    if not e then
      return far and FAR or nil
    end
    place, ms, id = seq_of(e), tonumber(e[2][6]), e[2][4]
    if e[2][2] == 'e' or e[2][2] == 'd' then
      ref = e[2][8]
    end
  end
  if key ~= '' then
    redis.call('HSET', fresh, key, string.format('%d %d %s %s', place, ms - bucket * span, id, ref))
    keyed = true
  end
  return place .. ' ' .. ms .. ' ' .. id .. ' ' .. ref
end

local write = {}

function write.m(id, key, i)
  local author, text = ARGV[i], ARGV[i + 1]
  step()
  if key ~= '' then
    if redis.call('HSETNX', fresh, key, seq_text .. offset_text .. id .. ' ') == 0 then
      seq = seq - 1
      return recall(key, fresh, bucket)
    end
    keyed, claimed = true, key
  end
  add('k', 'm', 'i', id, 'c', at_text, 'a', author, 't', text)
  claimed = nil
  send('new_message', id, author .. ',"createdAt":' .. at_text .. ',"message":' .. text)
  return seq
end

function write.e(id, key, i)
  local by, text = ARGV[i], ARGV[i + 3]
  local was, place, ref = target(ARGV[i + 1], ARGV[i + 2])
  if not was then
    return place
  elseif not wrote(was, by) then
    return FORBIDDEN
  end
  step()
  local data = was[8] .. ',"createdAt":' .. was[6] .. ',"editedAt":' .. at_text .. ',"message":' .. text
  set_state(amended, place, 'e:{"messageId":"' .. ref .. '",' .. data .. '}')
  add('k', 'e', 'i', id, 'c', at_text, 'r', ref, 's', place)
  send('message_updated', id, '"messageId":"' .. ref .. '",' .. data)
  remember(key, id, ref)
  return seq
end

function write.d(id, key, i)
  local by = ARGV[i]
  local was, place, ref = target(ARGV[i + 1], ARGV[i + 2])
  if not was then
    return place
  elseif not wrote(was, by) then
    return FORBIDDEN
  end
  step()
  set_state(amended, place, 'd:' .. ref)
  redis.call('XDEL', log, place .. '-0')
  add('k', 'd', 'i', id, 'c', at_text, 'r', ref, 's', place)
  send('message_deleted', id, '"messageId":"' .. ref .. '"')
  remember(key, id, ref)
  return seq
end

-- purge deletes the messages of one chunk of the log that the author prefix fits; it returns how many.
local function purge(chunk, by)
  local n = 0
  for _, e in ipairs(chunk) do
    if e[2][2] == 'm' and wrote(e[2], by) then
      set_state(amended, seq_of(e), 'd:' .. e[2][4])
      redis.call('XDEL', log, e[1])
      n = n + 1
    end
  end
  return n
end

function write.b(id, key, i)
  local by, user = ARGV[i], ARGV[i + 1]
  if by ~= '' then
    return FORBIDDEN
  end
  step()
  local count, start = 0, '-'
  repeat
    local chunk = redis.call('XRANGE', log, start, '+', 'COUNT', 256)
    count = count + purge(chunk, '"userId":' .. user .. ',')
    start = #chunk > 0 and '(' .. chunk[#chunk][1]
  until not start
  add('k', 'b', 'i', id, 'c', at_text, 'u', user, 'n', count)
  send('bulk_delete', id, '"userId":' .. user .. ',"deletedCount":' .. count)
  remember(key, id, '')
  return seq
end

-- How many arguments follow id and key.
local arity = { m = 2, e = 4, d = 3, b = 2 }

-- lost forgets the key of an entry that is no longer in the log.
local function lost(earlier, key)
  local place = string.match(earlier, '^%d+')
  if #redis.call('XRANGE', log, place .. '-0', place .. '-0') > 0 or
    #redis.call('ZRANGEBYSCORE', amended, place, place) > 0 then
    return false
  end
  for _, hash in ipairs({ fresh, older, oldest }) do
    redis.call('HDEL', hash, key)
  end
  return true
end

-- once returns what was stored before under the key or id, or else writes. A message's own bucket
-- is looked at by its HSETNX, which spares a call.
local function once(kind, id, key, i, hint, again)
  local earlier
  if key ~= '' then
    earlier = recall(key, older, bucket - 1) or recall(key, oldest, bucket - 2) or
      ((hint or again or kind ~= 'm') and recall(key, fresh, bucket))
  end
  if earlier and again and lost(earlier, key) then
    earlier = nil
  end
  if not earlier and hint then
    earlier = tried(id, key, hint)
  end
  return earlier or write[kind](id, key, i)
end

local reply, i, done, result = { epoch, at }, 11, true, nil
while i <= #ARGV and done do
  local hint, again = nil, ARGV[i] == 'a'
  if again then
    i = i + 1
  end
  if ARGV[i] == 't' then
    hint, i = ARGV[i + 1], i + 2
  end
  local kind = ARGV[i]
  done, result = pcall(once, kind, ARGV[i + 1], ARGV[i + 2], i + 3, hint, again)
  reply[#reply + 1] = result
  i = i + 3 + arity[kind]
end
if not done then -- what was done before it counts: the room goes on behind that
  seq = stored
  if claimed then
    redis.call('HDEL', fresh, claimed)
  end
end

if seq > first_seq then
  redis.call('HSET', KEYS[1], 'seq', seq)
  -- What an edit that is still kept may refer to lies at most one history, and what
  -- the approximate trimming spares, before the kept range.
  if seq % 128 < seq - first_seq then
    redis.call('ZREMRANGEBYSCORE', amended, '-inf', seq - 2 * history - 1000)
  end
end
if keyed then
  redis.call('PEXPIRE', fresh, (bucket + 3) * span - at)
end
if not done then
  return redis.error_reply(result) -- Redis's pcall gives its text
end
return reply
