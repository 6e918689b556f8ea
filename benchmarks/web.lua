-- For wrk: asks for the addresses of the file ADDRESSES one after the other, each thread from another place on, as a browser
-- does (gzip); at the end one line of JSON.
local addresses = {}
for line in io.lines(os.getenv("ADDRESSES")) do addresses[#addresses + 1] = line end
local threads = 0

function setup(thread)
  thread:set("place", threads * math.floor(#addresses / 2))
  threads = threads + 1
end

function request()
  local address = addresses[place % #addresses + 1]
  place = place + 1
  return wrk.format("GET", address, { ["Accept-Encoding"] = "gzip", ["Host"] = "127.0.0.1" })
end

function done(summary, latency)
  local errors = summary.errors
  io.write(string.format(
    '{"requests": %d, "seconds": %.3f, "bytes": %d, "p50": %.3f, "p95": %.3f, "p99": %.3f, "most": %.3f, "errors": %d}\n',
    summary.requests, summary.duration / 1e6, summary.bytes, latency:percentile(50) / 1e3, latency:percentile(95) / 1e3,
    latency:percentile(99) / 1e3, latency.max / 1e3,
    errors.connect + errors.read + errors.write + errors.status + errors.timeout))
end
