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

-- Nearly every batch holds messages only, and pays for nothing else. What they take is done in the chunk
-- itself, as a function costs as much to make as a command costs Redis, and so does text of a number; what
-- other writes take is made where there is one.

local try, text_of = redis.pcall, string.format
local log, amended = KEYS[2], KEYS[3]
local at = now()
if ARGV[10] ~= '0' and at > tonumber(ARGV[10]) then
  return redis.error_reply('LATE ' .. at)
end
local epoch, seq = position(KEYS[1], log, amended, ARGV[2])
local first_seq = seq
if epoch == ARGV[8] then
  seq = math.max(seq, tonumber(ARGV[9]))
end
local span = tonumber(ARGV[3])
local bucket = math.floor(at / span)
local start = bucket * span
local fresh = KEYS[4] .. text_of('%d', bucket)
local older, oldest = KEYS[4] .. text_of('%d', bucket - 1), KEYS[4] .. text_of('%d', bucket - 2)
local at_text, offset_text = text_of('%d', at), text_of(' %d ', at - start)
local seq_text   -- of the write under way: seq + 1
local keyed = 0  -- keys that went into fresh

-- recalled returns what a hash remembers of a key as the reply has it. Times are kept relative to since, the
-- beginning of the hash's bucket, for brevity.
local function recalled(packed, since)
  if type(packed) == 'table' then
    error(packed) -- what Redis answered instead
  end
  local place, ms, rest = string.match(packed, '^(%d+) (%-?%d+) (.*)$')
  return place .. ' ' .. since + ms .. ' ' .. rest
end

local plain = true
for i = 11, #ARGV, 5 do
  plain = plain and ARGV[i] == 'm'
end

local write  -- by kind: a function that returns the result; or nil, the envelope's type, and its data in three parts
local arity  -- by kind: how many arguments follow id and key
local tried, survived

if not plain then
  local seq_of, find, set_state, FAR = finding()
  local NOT_FOUND, FORBIDDEN = -1, -2

  local function remember(key, id, target)
    if key ~= '' then
      redis.call('HSET', fresh, key, seq_text .. offset_text .. id .. ' ' .. target)
      keyed = keyed + 1
    end
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
  function tried(id, key, hint)
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
      redis.call('HSET', fresh, key, text_of('%d %d %s %s', place, ms - start, id, ref))
      keyed = keyed + 1
    end
    return place .. ' ' .. ms .. ' ' .. id .. ' ' .. ref
  end

  -- survived is recalled where the log still has the entry, and else forgets its key.
  function survived(packed, since, key)
    local earlier = recalled(packed, since)
    local place = string.match(earlier, '^%d+')
    if #redis.call('XRANGE', log, place .. '-0', place .. '-0') > 0 or
      #redis.call('ZRANGEBYSCORE', amended, place, place) > 0 then
      return earlier
    end
    for _, hash in ipairs({ fresh, older, oldest }) do
      redis.call('HDEL', hash, key)
    end
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

  write, arity = {}, { m = 2, e = 4, d = 3, b = 2 }

  function write.e(id, key, i)
    local by, text = ARGV[i], ARGV[i + 3]
    local was, place, ref = target(ARGV[i + 1], ARGV[i + 2])
    if not was then
      return place
    elseif not wrote(was, by) then
      return FORBIDDEN
    end
    local data = '"messageId":"' .. ref .. '",' .. was[8]
    local times = ',"createdAt":' .. was[6] .. ',"editedAt":' .. at_text .. ',"message":'
    set_state(amended, place, 'e:{' .. data .. times .. text .. '}')
    redis.call('XADD', log, seq_text .. '-0', 'k', 'e', 'i', id, 'c', at_text, 'r', ref, 's', place)
    remember(key, id, ref)
    return nil, 'message_updated', data, times, text
  end

  function write.d(id, key, i)
    local by = ARGV[i]
    local was, place, ref = target(ARGV[i + 1], ARGV[i + 2])
    if not was then
      return place
    elseif not wrote(was, by) then
      return FORBIDDEN
    end
    set_state(amended, place, 'd:' .. ref)
    redis.call('XDEL', log, place .. '-0')
    redis.call('XADD', log, seq_text .. '-0', 'k', 'd', 'i', id, 'c', at_text, 'r', ref, 's', place)
    remember(key, id, ref)
    return nil, 'message_deleted', '"messageId":"', ref, '"'
  end

  function write.b(id, key, i)
    local by, user = ARGV[i], ARGV[i + 1]
    if by ~= '' then
      return FORBIDDEN
    end
    local count, from = 0, '-'
    repeat
      local chunk = redis.call('XRANGE', log, from, '+', 'COUNT', 256)
      count = count + purge(chunk, '"userId":' .. user .. ',')
      from = #chunk > 0 and '(' .. chunk[#chunk][1]
    until not from
    redis.call('XADD', log, seq_text .. '-0', 'k', 'b', 'i', id, 'c', at_text, 'u', user, 'n', count)
    remember(key, id, '')
    return nil, 'bulk_delete', '"userId":' .. user, ',"deletedCount":', count
  end
end

local publish, channel, sender, room = ARGV[4], ARGV[5], ARGV[6], ARGV[7]
local made = ',"createdAt":' .. at_text .. ',"message":'
local reply, n, i, last, done = { epoch, at }, 2, 11, #ARGV, true
local result  -- of the write under way; where it is not done, what Redis answered instead
while i <= last and done do
  local hint, again = nil, ARGV[i] == 'a'
  if again then
    i = i + 1
  end
  if ARGV[i] == 't' then
    hint, i = ARGV[i + 1], i + 2
  end
  local kind, id, key = ARGV[i], ARGV[i + 1], ARGV[i + 2]
  result = nil
  if key ~= '' then
    local packed, since = try('HGET', older, key), start - span
    if not packed then
      packed, since = try('HGET', oldest, key), start - 2 * span
    end
    if not packed and (hint or again or kind ~= 'm') then -- a message's own bucket is looked at by its HSETNX
      packed, since = try('HGET', fresh, key), start
    end
    if packed then
      done, result = pcall(again and survived or recalled, packed, since, key)
    end
  end
  if done and hint and not result then
    done, result = pcall(tried, id, key, hint)
  end
  if done and not result then
    seq_text = text_of('%d', seq + 1)
    local event, data, times, text
    if kind ~= 'm' then
      done, result, event, data, times, text = pcall(write[kind], id, key, i + 3)
    else
      local first = key == '' or try('HSETNX', fresh, key, seq_text .. offset_text .. id .. ' ')
      if first == 0 then
        done, result = pcall(recalled, try('HGET', fresh, key), start)
      elseif type(first) == 'table' then
        done, result = false, first.err
      else
        data, times, text = ARGV[i + 3], made, ARGV[i + 4]
        local added = try('XADD', log, seq_text .. '-0', 'k', 'm', 'i', id, 'c', at_text, 'a', data, 't', text)
        if type(added) == 'table' then -- the key would make the next try look stored
          try('HDEL', fresh, key)
          done, result = false, added.err
        else
          event, keyed = 'new_message', keyed + (key ~= '' and 1 or 0)
        end
      end
    end
    if event then
      seq = seq + 1
      result = seq
      local heard = try(publish, channel, '{"v":1,"type":"' .. event .. '",' .. sender .. ',"timestamp":' .. at_text .. ',' .. room ..
        ',"epoch":"' .. epoch .. '","seq":' .. seq_text .. ',"id":"' .. id .. '","data":{' .. data .. times .. text .. '}}')
      if type(heard) == 'table' then
        done, result = false, heard.err
      end
    end
  end
  n = n + 1
  reply[n] = result
  i = i + 3 + (plain and 2 or arity[kind])
end

-- Where a write failed, what was done before it counts: the room goes on behind that.
if seq > first_seq then
  move_on(KEYS[1], epoch, first_seq, text_of('%d', seq))
  local steps, history = seq - first_seq, ARGV[1]
  if seq % 128 < steps then
    redis.call('XTRIM', log, 'MINID', '~', math.max(seq - history + 1, 0))
  end
  -- What an edit that is still kept may refer to lies at most one history, and what
  -- the approximate trimming spares, before the kept range.
  if seq % 1024 < steps then
    redis.call('ZREMRANGEBYSCORE', amended, '-inf', seq - 2 * history - 1000)
  end
end
-- A hash that holds no more than was put into it just now is new. Its bucket counts until two more have passed.
if keyed > 0 and redis.call('HLEN', fresh) <= keyed then
  redis.call('PEXPIRE', fresh, (bucket + 3) * span - at)
end
if not done then
  return redis.error_reply(result)
end
return reply
