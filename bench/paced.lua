-- The same address again and again, so many times a second and no more.
local ffi = require("ffi")
ffi.cdef [[
typedef struct { long seconds; long micros; } moment;
int gettimeofday(moment *now, void *zone);
]]
local told = ffi.new("moment")
local function milliseconds()
  ffi.C.gettimeofday(told, nil)
  return tonumber(told.seconds) * 1000 + tonumber(told.micros) / 1000
end

function init(arguments)
  wrk.method = "GET"
  wrk.headers["Accept-Encoding"] = "br"
  step, turn = 1000 / tonumber(arguments[1]), nil
end

-- Each connection takes the next turn; turns that were missed are not caught up.
function delay()
  local now = milliseconds()
  turn = math.max((turn or now) + step, now)
  return math.floor(turn - now + 0.5)
end

function done(summary, latency, requests)
  local errors = summary.errors
  io.write(string.format(
    "RESULT %d %d %d %d %f %f %f\n", summary.requests, summary.duration, errors.status,
    errors.connect + errors.read + errors.write + errors.timeout,
    latency:percentile(50) / 1000, latency:percentile(95) / 1000, latency:percentile(99) / 1000))
end
