-- Records who is present in one room and who has left it, for one node, and counts.
--
-- A user is one member of the zset of the user's role, however many sockets on however many nodes.
-- The score is the time last seen, in ms of Redis's clock, whose low 9 bits are not time but the tag
-- of the node that holds the user (so it is exact to 0.5 s); 0 says that several nodes do, and
-- shared has who: '<tag>:<ms> <tag>:<ms> …'. So one of two tabs on two nodes may close without the
-- user vanishing, and only users on several nodes cost more than their one member.
--
-- KEYS[1] guests, KEYS[2] members, KEYS[3] admins: zset user -> score
-- KEYS[4] shared: hash '<role 1…3><user>' -> holders
-- ARGV[1] lease (ms), ARGV[2] life of the keys (s), ARGV[3] tag of this node
-- ARGV[4] channel of the counts, '' for none; ARGV[5] PUBLISH or SPUBLISH;
-- ARGV[6] envelope up to the time, ARGV[7] envelope after it up to the data
-- ARGV[8…] six lists, each its length and its users: the gone by role, then the present by role
-- Reply: {guests, members, admins}

local SPAN = 512
local lease, tag = tonumber(ARGV[1]), tonumber(ARGV[3])
local t = redis.call('TIME')
local now = t[1] * 1000 + math.floor(t[2] / 1000)
local stamp = now - now % SPAN
local limit = now - lease - SPAN -- who was last seen before has left

-- holders returns the other nodes that hold the user of field and whose lease has not ended.
local function holders(field)
  local others = {}
  for who, ms in string.gmatch(redis.call('HGET', KEYS[4], field) or '', '(%d+):(%d+)') do
    if tonumber(who) ~= tag and tonumber(ms) >= limit then
      others[#others + 1] = { tonumber(who), tonumber(ms) }
    end
  end
  return others
end

-- hold writes down who holds the user: nobody, one node in the score, several in shared.
local function hold(key, field, user, list)
  if #list > 1 then
    local text, last = {}, 0
    for i, h in ipairs(list) do
      text[i] = h[1] .. ':' .. h[2]
      last = math.max(last, h[2])
    end
    redis.call('HSET', KEYS[4], field, table.concat(text, ' '))
    redis.call('ZADD', key, last, user)
    return
  end
  redis.call('HDEL', KEYS[4], field)
  if list[1] then
    redis.call('ZADD', key, list[1][2] + list[1][1], user)
  else
    redis.call('ZREM', key, user)
  end
end

local function leave(role, user, score)
  local holder = score % SPAN
  if holder == tag then
    redis.call('ZREM', KEYS[role], user)
  elseif holder == 0 then
    hold(KEYS[role], role .. user, user, holders(role .. user))
  end
end

-- stay records the user; what can be written together with others is put into plain.
local function stay(role, user, score, plain)
  local holder = score and score > limit and score % SPAN
  if not holder or holder == tag then
    plain[#plain + 1] = stamp + tag
    plain[#plain + 1] = user
    return
  end
  local list = holder == 0 and holders(role .. user) or { { holder, score - holder } }
  list[#list + 1] = { tag, stamp }
  hold(KEYS[role], role .. user, user, list)
end

-- drop removes the users of a role whose lease has ended.
local function drop(role)
  local dead = redis.call('ZRANGEBYSCORE', KEYS[role], '-inf', '(' .. limit, 'LIMIT', 0, 1000)
  while #dead > 0 do
    redis.call('ZREM', KEYS[role], unpack(dead))
    for i, user in ipairs(dead) do
      dead[i] = role .. user
    end
    redis.call('HDEL', KEYS[4], unpack(dead))
    dead = redis.call('ZRANGEBYSCORE', KEYS[role], '-inf', '(' .. limit, 'LIMIT', 0, 1000)
  end
end

-- each calls fn with every user of the list at ARGV[i] and the user's score; it returns where the
-- next list begins.
local function each(role, i, fn)
  local n = tonumber(ARGV[i])
  if n > 0 then
    local scores = redis.call('ZMSCORE', KEYS[role], unpack(ARGV, i + 1, i + n))
    for k = 1, n do
      fn(role, ARGV[i + k], tonumber(scores[k] or nil))
    end
  end
  return i + n + 1
end

local i = 8
for role = 1, 3 do
  i = each(role, i, function(r, user, score)
    if score then
      leave(r, user, score)
    end
  end)
end
local counts = {}
for role = 1, 3 do
  local plain = {}
  i = each(role, i, function(r, user, score) stay(r, user, score, plain) end)
  if #plain > 0 then
    redis.call('ZADD', KEYS[role], unpack(plain))
  end
  drop(role)
  redis.call('EXPIRE', KEYS[role], ARGV[2])
  counts[role] = redis.call('ZCARD', KEYS[role])
end
redis.call('EXPIRE', KEYS[4], ARGV[2])
if ARGV[4] ~= '' then
  redis.call(ARGV[5], ARGV[4], ARGV[6] .. now .. ARGV[7] ..
    '{"guests":' .. counts[1] .. ',"members":' .. counts[2] .. ',"admins":' .. counts[3] .. '}}')
end
return counts
