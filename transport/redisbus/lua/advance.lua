-- Moves a room's seq forward, past what was shown before a failover lost it.
--
-- KEYS[1] meta, KEYS[2] log, KEYS[3] amended
-- ARGV[1] candidate epoch for a new room, ARGV[2] epoch that is meant, ARGV[3] seq
-- Reply: {epoch, seq} as they stand now. Another epoch than the one meant stays as it is.

local epoch, seq = position(KEYS[1], KEYS[2], KEYS[3], ARGV[1])
if epoch == ARGV[2] and seq < tonumber(ARGV[3]) then
  local from = seq
  seq = tonumber(ARGV[3])
  move_on(KEYS[1], epoch, from, seq)
end
return { epoch, seq }
