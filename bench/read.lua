-- The same page again and again.
function init(arguments)
  wrk.method = "GET"
  wrk.headers["Accept-Encoding"] = arguments[1] or "br"
end

function done(summary, latency, requests)
  local errors = summary.errors
  io.write(string.format(
    "RESULT %d %d %d %d %f %f %f\n", summary.requests, summary.duration, errors.status,
    errors.connect + errors.read + errors.write + errors.timeout,
    latency:percentile(50) / 1000, latency:percentile(95) / 1000, latency:percentile(99) / 1000))
end
