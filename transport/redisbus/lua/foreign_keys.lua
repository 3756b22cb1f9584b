-- Renames the keys of a room that have a type which chatnode does not use.
--
-- KEYS[1] meta, KEYS[2] log, KEYS[3] amended, KEYS[4] idem   as append has them
-- KEYS[5…8] their new names; a key that already has such a name is overwritten
-- ARGV[1] bucket    length of an idempotency bucket (ms)
-- Reply: the name, type and new name of every renamed key
--
-- If the log is renamed, all other keys of the room are deleted, because they refer to it. The room is then empty, as
-- after the loss of all data, and the nodes append their remembered entries again.

local moved = {}
local function move_foreign(key, kind, to)
  local found = redis.call('TYPE', key).ok
  if found == 'none' or found == kind then
    return false
  end
  redis.call('RENAME', key, to)
  for _, field in ipairs({ key, found, to }) do
    moved[#moved + 1] = field
  end
  return true
end

move_foreign(KEYS[1], 'hash', KEYS[5])
local reset = move_foreign(KEYS[2], 'stream', KEYS[6])
move_foreign(KEYS[3], 'zset', KEYS[7])
local bucket = math.floor(now() / tonumber(ARGV[1]))
for b = bucket - 3, bucket do -- the last append may have used the previous bucket
  move_foreign(KEYS[4] .. b, 'hash', KEYS[8])
  if reset then
    redis.call('DEL', KEYS[4] .. b)
  end
end
if reset then
  redis.call('DEL', KEYS[1], KEYS[3])
end
return moved
