-- Removes one instance from the registry, unless the record is from another incarnation.
--
-- KEYS[1] index, KEYS[2] own record
-- ARGV[1] instance, ARGV[2] incarnation
-- Reply: 1 if it was removed, else 0

local record = redis.call('GET', KEYS[2])
if record and not string.find(record, '"incarnation":"' .. ARGV[2] .. '"', 1, true) then
  return 0
end
redis.call('DEL', KEYS[2])
redis.call('ZREM', KEYS[1], ARGV[1])
return 1
