-- Appends writes to one room: idempotency check, seq, XADD and PUBLISH. Each write is stored completely or not at all.
--
-- KEYS[1] meta      hash epoch, seq
-- KEYS[2] log       stream
-- KEYS[3] amended   zset of edited and deleted messages
-- KEYS[4] idem      prefix of the idempotency hashes; the script appends the number of the time bucket
--
-- ARGV[1] history   minimum number of retained entries
-- ARGV[2] candidate epoch for a new room
-- ARGV[3] bucket    length of an idempotency bucket (ms); a key is known in its own and the next two buckets
-- ARGV[4] publish   PUBLISH or SPUBLISH
-- ARGV[5] channel
-- ARGV[6] sender    envelope members of the sending node, JSON
-- ARGV[7] room      envelope member of the room, JSON
-- ARGV[8] epoch, ARGV[9] seq of the floor, the newest delivered seq; in this epoch new entries get a greater seq
-- ARGV[10] deadline  time (ms) until which the writes may be stored; 0: no deadline
-- ARGV[11…]         the writes, each in one of these forms
--   'm' id key author text                  author: JSON members, text: JSON string
--   'e' id key by target hint text          by: first JSON member of the author, '' for an admin
--   'd' id key by target hint
--   'b' id key by user                      user: JSON string
-- with 'a' in front where the write was stored once and the log has lost it: its key then counts only
-- while its entry is there;
-- with 't' hint in front where an earlier try may have been stored: the id is looked for from the
-- hint on. key is a digest, '' for none. For hints see find.lua.
--
-- Reply: {epoch, ms, result…}; each result is one of
--   seq of the stored entry
--   -1  NOT_FOUND
--   -2  FORBIDDEN
--   -3  an id is too far from its hint, and the write was not executed
--   '<seq> <ms> <id> <target>'  the entry that was stored earlier with the same key
-- After the deadline: the error 'DEADLINE <ms>' with the current time. The script then changes nothing.

-- Most batches contain only messages. For them the script creates no functions and converts few numbers to text,
-- because each of these costs as much as a Redis command. Other writes define their functions when they occur.

local try, text_of = redis.pcall, string.format
local log, amended = KEYS[2], KEYS[3]
local at = now()
if ARGV[10] ~= '0' and at > tonumber(ARGV[10]) then
  return redis.error_reply('DEADLINE ' .. at)
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
local seq_text   -- seq + 1, the seq of the current write
local keyed = 0  -- number of keys stored in fresh

-- decode_receipt returns a stored receipt in the form of the reply. Stored times are relative to since, the start of
-- the bucket, which makes them shorter.
local function decode_receipt(packed, since)
  if type(packed) == 'table' then
    error(packed) -- an error reply of Redis
  end
  local seq, ms, rest = string.match(packed, '^(%d+) (%-?%d+) (.*)$')
  return seq .. ' ' .. since + ms .. ' ' .. rest
end

local plain = true
for i = 11, #ARGV, 5 do
  plain = plain and ARGV[i] == 'm'
end

local write  -- by kind: function that returns the result; or nil, the envelope type, and its data in three parts
local arity  -- by kind: number of arguments after id and key
local tried, survived

if not plain then
  local seq_of, find, set_state, FAR = finding()
  local NOT_FOUND, FORBIDDEN = -1, -2

  local function store_key(key, id, target)
    if key ~= '' then
      redis.call('HSET', fresh, key, seq_text .. offset_text .. id .. ' ' .. target)
      keyed = keyed + 1
    end
  end

  -- target returns the message with the id, its seq, and the id with which it was stored, which may be from another
  -- node. If there is no such message, it returns nil and the result.
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

  local function written_by(fields, by)
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

  -- survived is decode_receipt where the log still has the entry, and else forgets its key.
  function survived(packed, since, key)
    local earlier = decode_receipt(packed, since)
    local place = string.match(earlier, '^%d+')
    if #redis.call('XRANGE', log, place .. '-0', place .. '-0') > 0 or
      #redis.call('ZRANGEBYSCORE', amended, place, place) > 0 then
      return earlier
    end
    for _, hash in ipairs({ fresh, older, oldest }) do
      redis.call('HDEL', hash, key)
    end
  end

  -- delete_chunk deletes the messages in a chunk of the log whose author begins with by. It returns their number.
  local function delete_chunk(chunk, by)
    local n = 0
    for _, e in ipairs(chunk) do
      if e[2][2] == 'm' and written_by(e[2], by) then
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
    local old, place, ref = target(ARGV[i + 1], ARGV[i + 2])
    if not old then
      return place
    elseif not written_by(old, by) then
      return FORBIDDEN
    end
    local data = '"messageId":"' .. ref .. '",' .. old[8]
    local times = ',"createdAt":' .. old[6] .. ',"editedAt":' .. at_text .. ',"message":'
    set_state(amended, place, 'e:{' .. data .. times .. text .. '}')
    redis.call('XADD', log, seq_text .. '-0', 'k', 'e', 'i', id, 'c', at_text, 'r', ref, 's', place)
    store_key(key, id, ref)
    return nil, 'message_updated', data, times, text
  end

  function write.d(id, key, i)
    local by = ARGV[i]
    local old, place, ref = target(ARGV[i + 1], ARGV[i + 2])
    if not old then
      return place
    elseif not written_by(old, by) then
      return FORBIDDEN
    end
    set_state(amended, place, 'd:' .. ref)
    redis.call('XDEL', log, place .. '-0')
    redis.call('XADD', log, seq_text .. '-0', 'k', 'd', 'i', id, 'c', at_text, 'r', ref, 's', place)
    store_key(key, id, ref)
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
      count = count + delete_chunk(chunk, '"userId":' .. user .. ',')
      from = #chunk > 0 and '(' .. chunk[#chunk][1]
    until not from
    redis.call('XADD', log, seq_text .. '-0', 'k', 'b', 'i', id, 'c', at_text, 'u', user, 'n', count)
    store_key(key, id, '')
    return nil, 'bulk_delete', '"userId":' .. user, ',"deletedCount":', count
  end
end

local publish, channel, sender, room = ARGV[4], ARGV[5], ARGV[6], ARGV[7]
local created = ',"createdAt":' .. at_text .. ',"message":'
local reply, n, i, last, done = { epoch, at }, 2, 11, #ARGV, true
local result  -- of the current write; if done is false, the error reply of Redis
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
    if not packed and (hint or again or kind ~= 'm') then -- for a message, HSETNX below checks the current bucket
      packed, since = try('HGET', fresh, key), start
    end
    if packed then
      done, result = pcall(again and survived or decode_receipt, packed, since, key)
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
        done, result = pcall(decode_receipt, try('HGET', fresh, key), start)
      elseif type(first) == 'table' then
        done, result = false, first.err
      else
        data, times, text = ARGV[i + 3], created, ARGV[i + 4]
        local added = try('XADD', log, seq_text .. '-0', 'k', 'm', 'i', id, 'c', at_text, 'a', data, 't', text)
        if type(added) == 'table' then -- with the key, a retry would look like a duplicate
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
      local receivers = try(publish, channel, '{"v":1,"type":"' .. event .. '",' .. sender ..
        ',"timestamp":' .. at_text .. ',' .. room .. ',"epoch":"' .. epoch .. '","seq":' .. seq_text ..
        ',"id":"' .. id .. '","data":{' .. data .. times .. text .. '}}')
      if type(receivers) == 'table' then
        done, result = false, receivers.err
      end
    end
  end
  n = n + 1
  reply[n] = result
  i = i + 3 + (plain and 2 or arity[kind])
end

-- If a write failed, the writes before it remain stored. The position of the room includes them.
if seq > first_seq then
  advance_seq(KEYS[1], epoch, first_seq, text_of('%d', seq))
  local steps, history = seq - first_seq, ARGV[1]
  if seq % 128 < steps then
    redis.call('XTRIM', log, 'MINID', '~', math.max(seq - history + 1, 0))
  end
  -- A retained edit may refer to a message before the retained range. The distance is at most one history, plus the
  -- entries that the approximate trimming leaves.
  if seq % 1024 < steps then
    redis.call('ZREMRANGEBYSCORE', amended, '-inf', seq - 2 * history - 1000)
  end
end
-- If the hash contains only the keys stored above, it is new and needs a TTL: until the end of the second next bucket.
if keyed > 0 and redis.call('HLEN', fresh) <= keyed then
  redis.call('PEXPIRE', fresh, (bucket + 3) * span - at)
end
if not done then
  return redis.error_reply(result)
end
return reply
