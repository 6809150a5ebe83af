-- wrk -s load.lua URL -- BODIES SEED: posts the lines of a file in turn, and prints what came of it as one line of JSON.
local requests, next_request = {}, 0
local headers = { ["Content-Type"] = "application/json" }

function init(args)
  for line in io.lines(args[1]) do
    requests[#requests + 1] = wrk.format("POST", "/predict", headers, line)
  end
  next_request = tonumber(args[2])
end

function request()
  next_request = next_request % #requests + 1
  return requests[next_request]
end

function done(summary, latency)
  local errors = summary.errors
  io.write(string.format(
    'RESULT {"per_second": %.3f, "p50_us": %d, "p99_us": %d, "requests": %d, "failed": %d}\n',
    summary.requests / (summary.duration / 1e6), latency:percentile(50), latency:percentile(99), summary.requests,
    errors.connect + errors.read + errors.write + errors.status + errors.timeout))
end
