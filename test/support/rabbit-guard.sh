#!/bin/sh
# Runs one throw-away RabbitMQ and its own epmd. Promise: neither outlives the process that asked for them.
#
# Usage: rabbit-guard.sh OWNER_PID DIR SERVER_SCRIPT   (environment: see rabbitmq.ts)
owner=$1
dir=$2
server=$3

end() {
  trap '' TERM INT HUP
  [ -f "$dir/beam.pid" ] && kill -9 "$(cat "$dir/beam.pid")" 2>/dev/null
  kill -9 $script 2>/dev/null
  # Erlang starts an epmd of its own, as a daemon, whenever it finds none on the port.
  epmd -port "$ERL_EPMD_PORT" -kill >/dev/null 2>&1
  kill -9 $epmd 2>/dev/null
  rm -rf "$dir" 2>/dev/null || { sleep 0.3; rm -rf "$dir"; }
  exit 0
}
trap end TERM INT HUP

# Started here, in the foreground, so that its pid is known; erl would start one that daemonises.
epmd -port "$ERL_EPMD_PORT" -address 127.0.0.1 >/dev/null 2>&1 &
epmd=$!
tries=0
until epmd -port "$ERL_EPMD_PORT" -names >/dev/null 2>&1 || [ $tries -ge 50 ]; do
  tries=$((tries + 1))
  sleep 0.1
done

start() {
  rm -f "$dir/beam.pid" "$dir/start"
  "$server" >>"$dir/server.log" 2>&1 </dev/null &
  script=$!
}
start
while kill -0 "$owner" 2>/dev/null; do
  # The owner asks for another start after a kill by this file.
  [ -f "$dir/start" ] && start
  sleep 0.2
done
end
