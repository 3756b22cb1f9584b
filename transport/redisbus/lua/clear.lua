-- Moves aside what stands in the place of a room's keys and is of another type, so not chatnode's.
--
-- KEYS[1] meta, KEYS[2] log, KEYS[3] amended, KEYS[4] idem   as append has them
-- KEYS[5…8] where they go; what was moved there before is gone
-- ARGV[1] bucket    ms of an idempotency bucket
-- Reply: of every key that was moved its name, its type, and where it is now
--
-- With the log goes all that speaks of it: the room begins anew, as if Redis had come back empty, and the
-- nodes append again what they remember.

local moved = {}
local function clear(key, kind, to)
  local found = redis.call('TYPE', key).ok
  if found == 'none' or found == kind then
    return false
  end
  redis.call('RENAME', key, to)
  for _, word in ipairs({ key, found, to }) do
    moved[#moved + 1] = word
  end
  return true
end

clear(KEYS[1], 'hash', KEYS[5])
local anew = clear(KEYS[2], 'stream', KEYS[6])
clear(KEYS[3], 'zset', KEYS[7])
local bucket = math.floor(now() / tonumber(ARGV[1]))
for b = bucket - 3, bucket do -- append's newest one may have been the one before this
  clear(KEYS[4] .. b, 'hash', KEYS[8])
  if anew then
    redis.call('DEL', KEYS[4] .. b)
  end
end
if anew then
  redis.call('DEL', KEYS[1], KEYS[3])
end
return moved
