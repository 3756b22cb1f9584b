#!/usr/bin/env bash
# A fleet: nodes that run as processes on this host behind one HAProxy, described by a directory of plain files. The
# other scripts of this directory source this file. As a command it executes one step:
#
#   FLEET_DIR=/srv/chat LB_SOCKET=/run/haproxy/admin.sock fleet.sh start chatnode-1
#
#   start ID      start the node and wait until it accepts traffic      kubectl scale deployment/chatnode --replicas=+1
#   stop ID       stop it gracefully (SIGTERM)                          kubectl delete pod ID
#   join ID       let the load balancer send it clients                 (readiness does it)
#   leave ID      no new clients; existing ones stay                    (readiness does it)
#   remove ID     leave, and delete it from the load balancer           (the endpoint is deleted with the pod)
#   healthy ID    exit status 0 if it is ready and connected to Redis   kubectl get pod ID
#   status ID...  one line each
#
# A node consists of two files in FLEET_DIR, and three that the fleet writes:
#   ID.env   its settings, one KEY=VALUE per line, used literally as in an EnvironmentFile of systemd;
#            PORT, INSTANCE_ID, DATA_DIR and METRICS_API_KEY are required
#   ID.bin   a symbolic link to the program; an update replaces the link
#   ID.log   its output      ID.pid   its process id, while it runs      ID.exit   its exit code
#
# Needs bash, curl and Linux's /proc.
set -euo pipefail

: "${FLEET_DIR:?the directory that describes the nodes}"
: "${LB_SOCKET:?the stats socket of HAProxy, level admin}"
LB_BACKEND=${LB_BACKEND:-chatnode}
# Seconds. STOP_WITHIN corresponds to terminationGracePeriodSeconds of Kubernetes. It must be longer than
# SHUTDOWN_TIMEOUT (25 s).
START_WITHIN=${START_WITHIN:-60}
STOP_WITHIN=${STOP_WITHIN:-30}

say() { printf '%(%H:%M:%S)T %s\n' -1 "$*"; }
die() {
  say "$*" >&2
  exit 1
}

# setting ID KEY: prints the value of a setting of the node; empty if it is not set.
setting() { sed -n "s/^$2=//p" "$FLEET_DIR/$1.env" | tail -n 1; }

# set_setting ID KEY VALUE: changes a setting; effective from the next start of the node.
set_setting() {
  local file=$FLEET_DIR/$1.env
  { grep -v "^$2=" "$file" || true; echo "$2=$3"; } >"$file.new"
  chmod --reference="$file" "$file.new"
  mv "$file.new" "$file"
}

address() { echo "127.0.0.1:$(setting "$1" PORT)"; }

# within SECONDS WHAT COMMAND...: retries the command until it succeeds, for at most this time.
within() {
  local seconds=$1 what=$2 end=$((SECONDS + $1))
  shift 2
  until "$@"; do
    ((SECONDS < end)) || { say "timeout after $seconds s: $what" >&2; return 1; }
    sleep 0.1
  done
}

# alive ID: succeeds if the process runs.
alive() { [[ -s $FLEET_DIR/$1.pid ]] && kill -0 "$(<"$FLEET_DIR/$1.pid")" 2>/dev/null; }

gone() { ! alive "$1" && [[ -s $FLEET_DIR/$1.exit ]]; }

ready() { curl -fsS -o /dev/null --max-time 2 "http://$(address "$1")/readyz" 2>/dev/null; }

# metrics ID: prints the metrics as JSON. The key is passed by a file descriptor, because process lists are public.
metrics() {
  curl -fsS --max-time 2 --config - "http://$(address "$1")/metrics" 2>/dev/null \
    <<<"header = \"Authorization: Bearer $(setting "$1" METRICS_API_KEY)\""
}

# metric ID NAME: prints one number or boolean of the metrics.
metric() { metrics "$1" | grep -o "\"$2\":[^,}]*" | head -n 1 | cut -d: -f2; }

# healthy ID: succeeds if the node accepts traffic, is not degraded, and is registered in the cluster. The last
# condition is needed because a node that has just started does not know yet that it cannot reach Redis.
healthy() {
  ready "$1" && [[ $(metric "$1" isDegraded) == false ]] && (($(metric "$1" activeInstances) > 0))
}

# start ID: runs the program in a separate session, so that it continues after this script. A shell waits for it and
# writes its exit code to ID.exit.
start() {
  alive "$1" && die "$1 is already running"
  local settings
  mapfile -t settings < <(grep -v -e '^#' -e '^$' "$FLEET_DIR/$1.env")
  rm -f "$FLEET_DIR/$1.exit"
  # shellcheck disable=SC2016 # expanded by the inner shell
  setsid -f env -i PATH="$PATH" "${settings[@]}" bash -c '
    "$2" & echo $! >"$1.pid.new"; mv "$1.pid.new" "$1.pid"
    status=0; wait $! || status=$?
    echo "$status" >"$1.exit"; rm -f "$1.pid"
  ' start "$FLEET_DIR/$1" "$(readlink -f "$FLEET_DIR/$1.bin")" >>"$FLEET_DIR/$1.log" 2>&1 </dev/null
  within "$START_WITHIN" "$1 is ready or has exited" started "$1" || true
  ready "$1" || { say "$1 did not start, see $FLEET_DIR/$1.log" >&2; return 1; }
  say "$1 started"
}

started() { ready "$1" || gone "$1"; }

# stop ID: sends SIGTERM, and SIGKILL after a timeout. Fails if the exit code is not 0.
stop() {
  if alive "$1"; then
    kill -TERM "$(<"$FLEET_DIR/$1.pid")"
    within "$STOP_WITHIN" "$1 has exited" gone "$1" || kill -KILL "$(<"$FLEET_DIR/$1.pid")" || true
    within 5 "$1 is killed" gone "$1"
  fi
  local status
  status=$(cat "$FLEET_DIR/$1.exit" 2>/dev/null || echo 0)
  say "$1 exited with $status"
  [[ $status == 0 ]]
}

# lb COMMAND...: sends one command to the runtime API of HAProxy. It uses the telnet mode of curl, because every
# host has this client for Unix sockets.
lb() { printf '%s\n' "$*" | curl -sS --max-time 5 --unix-socket "$LB_SOCKET" telnet://haproxy | sed '/^$/d'; }

# lb_field ID NAME: prints a field of the server from HAProxy's statistics; empty if the server is unknown.
lb_field() {
  lb "show stat $LB_BACKEND 4 -1" | awk -F, -v id="$1" -v name="$2" '
    NR == 1 { sub(/^# /, ""); for (i = 1; i <= NF; i++) if ($i == name) field = i; next }
    $2 == id { print $field }'
}

lb_up() { [[ $(lb_field "$1" status) == UP* ]]; }

lb_empty() { [[ $(lb_field "$1" scur) == 0 ]]; }

# join ID: sends clients to the node. A server that is not in HAProxy's configuration is added until its next reload.
join() {
  if [[ -z $(lb_field "$1" status) ]]; then
    lb "add server $LB_BACKEND/$1 $(address "$1") check inter 1s fastinter 250ms downinter 500ms fall 2 rise 1; enable health $LB_BACKEND/$1; enable server $LB_BACKEND/$1" >/dev/null
  else
    lb "set server $LB_BACKEND/$1 state ready" >/dev/null
  fi
  within 10 "$1 is up in the load balancer" lb_up "$1" || return 1
  say "$1 accepts clients"
}

leave() {
  [[ -z $(lb_field "$1" status) ]] || lb "set server $LB_BACKEND/$1 state drain" >/dev/null
}

# remove ID: deletes the server after its last connection has ended. A server of HAProxy's configuration stays in
# maintenance mode instead.
remove() {
  [[ -n $(lb_field "$1" status) ]] || return 0
  lb "set server $LB_BACKEND/$1 state maint" >/dev/null
  within 10 "$1 has no connections" lb_empty "$1" || lb "shutdown sessions server $LB_BACKEND/$1" >/dev/null
  lb "del server $LB_BACKEND/$1" >/dev/null
  say "$1 is removed from the load balancer"
}

# bring_up ID: start the node, wait until it is healthy, and send it clients.
bring_up() {
  start "$1" && within "$START_WITHIN" "$1 is healthy" healthy "$1" && join "$1"
}

# retire ID: stop sending clients, stop the node gracefully, and delete it from the load balancer.
retire() {
  leave "$1"
  local orderly=0
  stop "$1" || orderly=1
  remove "$1"
  return $orderly
}

# restart ID [PROGRAM]: restart the node, with PROGRAM if it is given.
restart() {
  leave "$1"
  stop "$1" || say "$1: not stopped gracefully, continuing; its clients resume on other nodes" >&2
  [[ -z ${2:-} ]] || ln -sfn "$2" "$FLEET_DIR/$1.bin" || return 1
  bring_up "$1"
}

# all_healthy ID...: required before any node is stopped. A node that has lost Redis has acknowledged messages in its
# journal. They survive a restart on the same disk, but a degraded fleet must not be updated.
all_healthy() {
  local id
  for id in "$@"; do
    healthy "$id" || { say "$id is not healthy" >&2; return 1; }
  done
}

status() {
  local id
  for id in "$@"; do
    printf '%s process=%s lb=%s clients=%s degraded=%s\n' "$id" "$(alive "$id" && echo up || echo down)" \
      "$(lb_field "$id" status)" "$(metric "$id" connectedClients || true)" "$(metric "$id" isDegraded || true)"
  done
}

if [[ ${BASH_SOURCE[0]} == "$0" ]]; then
  case ${1:-} in
    start | stop | join | leave | remove | healthy | status | bring_up | retire | restart) "$@" ;;
    *) sed -n '2,/^set /{/^#/p}' "$0" && exit 2 ;;
  esac
fi
