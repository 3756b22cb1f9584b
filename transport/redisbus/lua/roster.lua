-- Lists the users present in one room whose lease has not expired.
--
-- KEYS[1] guests, KEYS[2] members, KEYS[3] admins: zset user -> last seen
-- ARGV[1] lease (ms)
-- Reply: {guests, members, admins}, each an unsorted list of user ids

local t = redis.call('TIME')
local limit = t[1] * 1000 + math.floor(t[2] / 1000) - ARGV[1] - 512
local lists = {}
for role = 1, 3 do
  lists[role] = redis.call('ZRANGEBYSCORE', KEYS[role], limit, '+inf')
end
return lists
