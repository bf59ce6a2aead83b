-- One signature after another, each by somebody else. Anything but 201 is counted.
local threads, refused = 0, 0
function setup(thread) thread:set("place", threads) threads = threads + 1 end

function init(arguments)
  path, mark, sent = arguments[1], arguments[2] .. "t" .. place .. "n", 0
  headers = {
    ["Content-Type"] = "application/x-www-form-urlencoded",
    ["Accept"] = "application/json",
  }
end

function request()
  sent = sent + 1
  local body = "first_name=Camille&last_name=Roch%C3%A9&email=" .. mark .. sent
    .. "%40exemple.fr&postal_code=35000&country=FR&phone=&comment=&website="
  if sent % 3 == 0 then body = body .. "&consent_updates=on" end
  if sent % 20 == 0 then body = body .. "&show_name=on&comment=Ma+fille+a+onze+ans." end
  return wrk.format("POST", path, headers, body)
end

function done(summary, latency, requests)
  local errors = summary.errors
  io.write(string.format(
    "RESULT %d %d %d %d %f %f %f\n", summary.requests, summary.duration, errors.status,
    errors.connect + errors.read + errors.write + errors.timeout,
    latency:percentile(50) / 1000, latency:percentile(95) / 1000, latency:percentile(99) / 1000))
end
