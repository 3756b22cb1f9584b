-- Records the users of one node that entered or left one room, and counts the users of the room.
--
-- A user is one member of the zset of their role, for any number of connections and nodes. The score is the time last
-- seen, in ms of the clock of Redis, with a precision of 0.5 s, because its low 9 bits are the tag of the user's node.
-- Tag 0 means that several nodes have the user. The hash shared then contains them: '<tag>:<ms> <tag>:<ms> …'.
-- A user with connections to two nodes therefore remains present when one of them closes. Only users on several nodes
-- need more than one zset member.
--
-- KEYS[1] guests, KEYS[2] members, KEYS[3] admins: zset user -> score
-- KEYS[4] shared: hash '<role 1…3><user>' -> holders
-- ARGV[1] lease (ms), ARGV[2] TTL of the keys (s), ARGV[3] tag of this node
-- ARGV[4] channel of the counts, '' for none; ARGV[5] PUBLISH or SPUBLISH
-- ARGV[6] envelope before the time, ARGV[7] envelope between time and data
-- ARGV[8…] six lists, each a length followed by users: the users who left by role, then the present users by role
-- Reply: {guests, members, admins}

local TAG_RANGE = 512
local lease, tag = tonumber(ARGV[1]), tonumber(ARGV[3])
local t = redis.call('TIME')
local now = t[1] * 1000 + math.floor(t[2] / 1000)
local stamp = now - now % TAG_RANGE
local limit = now - lease - TAG_RANGE -- the lease of users last seen before it has expired

-- holders returns the other nodes that have the user of the field and whose lease has not expired.
local function holders(field)
  local others = {}
  for node, ms in string.gmatch(redis.call('HGET', KEYS[4], field) or '', '(%d+):(%d+)') do
    if tonumber(node) ~= tag and tonumber(ms) >= limit then
      others[#others + 1] = { tonumber(node), tonumber(ms) }
    end
  end
  return others
end

-- set_holders stores the nodes that have the user: several in shared, one in the score, none by removing the user.
local function set_holders(key, field, user, list)
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

local function remove_user(role, user, score)
  local holder = score % TAG_RANGE
  if holder == tag then
    redis.call('ZREM', KEYS[role], user)
  elseif holder == 0 then
    set_holders(KEYS[role], role .. user, user, holders(role .. user))
  end
end

-- add_user records the user. Users with one node are appended to batch, which one ZADD writes.
local function add_user(role, user, score, batch)
  local holder = score and score > limit and score % TAG_RANGE
  if not holder or holder == tag then
    batch[#batch + 1] = stamp + tag
    batch[#batch + 1] = user
    return
  end
  local list = holder == 0 and holders(role .. user) or { { holder, score - holder } }
  list[#list + 1] = { tag, stamp }
  set_holders(KEYS[role], role .. user, user, list)
end

-- expire_users removes the users of a role whose lease has expired.
local function expire_users(role)
  local expired = redis.call('ZRANGEBYSCORE', KEYS[role], '-inf', '(' .. limit, 'LIMIT', 0, 1000)
  while #expired > 0 do
    redis.call('ZREM', KEYS[role], unpack(expired))
    for i, user in ipairs(expired) do
      expired[i] = role .. user
    end
    redis.call('HDEL', KEYS[4], unpack(expired))
    expired = redis.call('ZRANGEBYSCORE', KEYS[role], '-inf', '(' .. limit, 'LIMIT', 0, 1000)
  end
end

-- each calls fn with every user of the list at ARGV[i] and their score. It returns the index of the next list.
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
      remove_user(r, user, score)
    end
  end)
end
local counts = {}
for role = 1, 3 do
  local batch = {}
  i = each(role, i, function(r, user, score) add_user(r, user, score, batch) end)
  if #batch > 0 then
    redis.call('ZADD', KEYS[role], unpack(batch))
  end
  expire_users(role)
  redis.call('EXPIRE', KEYS[role], ARGV[2])
  counts[role] = redis.call('ZCARD', KEYS[role])
end
redis.call('EXPIRE', KEYS[4], ARGV[2])
if ARGV[4] ~= '' then
  redis.call(ARGV[5], ARGV[4], ARGV[6] .. now .. ARGV[7] ..
    '{"guests":' .. counts[1] .. ',"members":' .. counts[2] .. ',"admins":' .. counts[3] .. '}}')
end
return counts
