-- wrk -s load.lua URL -- BODIES SEED [MODEL …]: posts the lines of a file in turn to the models in turn; one line of JSON.
local requests, next_request = {}, 0

function init(args)
  local lines = {}
  for line in io.lines(args[1]) do
    lines[#lines + 1] = line
  end
  next_request = tonumber(args[2])
  for i, line in ipairs(lines) do
    local headers = { ["Content-Type"] = "application/json" }
    if #args > 2 then
      headers["X-Model"] = args[3 + i % (#args - 2)]
    end
    requests[i] = wrk.format("POST", "/predict", headers, line)
  end
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
