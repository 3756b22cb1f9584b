#!/usr/bin/env bash
# A fleet: nodes as processes of this host behind one HAProxy, described by a folder of plain files. The
# procedures beside this file source it; run as a command it does one step:
#
#   FLEET_DIR=/srv/chat LB_SOCKET=/run/haproxy/admin.sock fleet.sh start chatnode-1
#
#   start ID      start the node and wait until it takes traffic        kubectl scale deployment/chatnode --replicas=+1
#   stop ID       end it gracefully (SIGTERM)                           kubectl delete pod ID
#   join ID       let the load balancer send it clients                 (readiness does it)
#   leave ID      no new clients, those it has stay                     (readiness does it)
#   remove ID     leave for good: forget it in the load balancer too    (the endpoint goes with the pod)
#   healthy ID    ready, and one chat with the others: exit status      kubectl get pod ID
#   status ID...  one line each
#
# A node is three files in FLEET_DIR, and three that the fleet writes:
#   ID.env   its settings, KEY=VALUE, one a line, taken literally as systemd's EnvironmentFile is;
#            PORT, INSTANCE_ID, DATA_DIR and METRICS_API_KEY must be there
#   ID.bin   a symbolic link to the program: a new version is a new link
#   ID.log   what it prints      ID.pid   while it runs      ID.exit   how it ended
#
# Needs bash, curl and Linux's /proc.
set -euo pipefail

: "${FLEET_DIR:?the folder that describes the nodes}"
: "${LB_SOCKET:?the stats socket of HAProxy, level admin}"
LB_BACKEND=${LB_BACKEND:-chatnode}
# Seconds. STOP_WITHIN is Kubernetes' terminationGracePeriodSeconds: longer than SHUTDOWN_TIMEOUT (25 s).
START_WITHIN=${START_WITHIN:-60}
STOP_WITHIN=${STOP_WITHIN:-30}

say() { printf '%(%H:%M:%S)T %s\n' -1 "$*"; }
die() {
  say "$*" >&2
  exit 1
}

# setting ID KEY: the value in the node's settings, empty where it has none.
setting() { sed -n "s/^$2=//p" "$FLEET_DIR/$1.env" | tail -n 1; }

# set_setting ID KEY VALUE: holds from the node's next start.
set_setting() {
  local file=$FLEET_DIR/$1.env
  { grep -v "^$2=" "$file" || true; echo "$2=$3"; } >"$file.new"
  chmod --reference="$file" "$file.new"
  mv "$file.new" "$file"
}

address() { echo "127.0.0.1:$(setting "$1" PORT)"; }

# within SECONDS WHAT COMMAND...: tries until it succeeds.
within() {
  local seconds=$1 what=$2 end=$((SECONDS + $1))
  shift 2
  until "$@"; do
    ((SECONDS < end)) || { say "not in $seconds s: $what" >&2; return 1; }
    sleep 0.1
  done
}

# alive ID: whether the process runs.
alive() { [[ -s $FLEET_DIR/$1.pid ]] && kill -0 "$(<"$FLEET_DIR/$1.pid")" 2>/dev/null; }

gone() { ! alive "$1" && [[ -s $FLEET_DIR/$1.exit ]]; }

ready() { curl -fsS -o /dev/null --max-time 2 "http://$(address "$1")/readyz" 2>/dev/null; }

# metrics ID: the node's JSON. The key goes in by a file descriptor: process lists are public.
metrics() {
  curl -fsS --max-time 2 --config - "http://$(address "$1")/metrics" 2>/dev/null \
    <<<"header = \"Authorization: Bearer $(setting "$1" METRICS_API_KEY)\""
}

# metric ID NAME: one number or truth value of it.
metric() { metrics "$1" | grep -o "\"$2\":[^,}]*" | head -n 1 | cut -d: -f2; }

# healthy ID: takes traffic, is not cut off, and has been seen in the cluster: a node that has only just started
# does not know yet that it is cut off.
healthy() {
  ready "$1" && [[ $(metric "$1" isDegraded) == false ]] && (($(metric "$1" activeInstances) > 0))
}

# start ID: the program runs in a session of its own, so that it outlives this script; a shell waits for
# it and writes down how it ended.
start() {
  alive "$1" && die "$1 runs already"
  local settings
  mapfile -t settings < <(grep -v -e '^#' -e '^$' "$FLEET_DIR/$1.env")
  rm -f "$FLEET_DIR/$1.exit"
  # shellcheck disable=SC2016 # expanded by the inner shell
  setsid -f env -i PATH="$PATH" "${settings[@]}" bash -c '
    "$2" & echo $! >"$1.pid.new"; mv "$1.pid.new" "$1.pid"
    status=0; wait $! || status=$?
    echo "$status" >"$1.exit"; rm -f "$1.pid"
  ' start "$FLEET_DIR/$1" "$(readlink -f "$FLEET_DIR/$1.bin")" >>"$FLEET_DIR/$1.log" 2>&1 </dev/null
  within "$START_WITHIN" "$1 ready or ended" started "$1" || true
  ready "$1" || { say "$1 did not start, see $FLEET_DIR/$1.log" >&2; return 1; }
  say "$1 started"
}

started() { ready "$1" || gone "$1"; }

# stop ID: SIGTERM, and SIGKILL where that is not heard. Fails where the end was not an orderly one.
stop() {
  if alive "$1"; then
    kill -TERM "$(<"$FLEET_DIR/$1.pid")"
    within "$STOP_WITHIN" "$1 ended" gone "$1" || kill -KILL "$(<"$FLEET_DIR/$1.pid")" || true
    within 5 "$1 killed" gone "$1"
  fi
  local status
  status=$(cat "$FLEET_DIR/$1.exit" 2>/dev/null || echo 0)
  say "$1 ended with $status"
  [[ $status == 0 ]]
}

# lb COMMAND...: one command to HAProxy's runtime API; curl's telnet is the plainest client of a Unix
# socket that every host has.
lb() { printf '%s\n' "$*" | curl -sS --max-time 5 --unix-socket "$LB_SOCKET" telnet://haproxy | sed '/^$/d'; }

# lb_field ID NAME: a field of the server's line in HAProxy's statistics; empty where it has no such server.
lb_field() {
  lb "show stat $LB_BACKEND 4 -1" | awk -F, -v id="$1" -v name="$2" '
    NR == 1 { sub(/^# /, ""); for (i = 1; i <= NF; i++) if ($i == name) field = i; next }
    $2 == id { print $field }'
}

lb_up() { [[ $(lb_field "$1" status) == UP* ]]; }

lb_empty() { [[ $(lb_field "$1" scur) == 0 ]]; }

# join ID: a server that HAProxy's configuration does not name is added until its next reload.
join() {
  if [[ -z $(lb_field "$1" status) ]]; then
    lb "add server $LB_BACKEND/$1 $(address "$1") check inter 1s fastinter 250ms downinter 500ms fall 2 rise 1; enable health $LB_BACKEND/$1; enable server $LB_BACKEND/$1" >/dev/null
  else
    lb "set server $LB_BACKEND/$1 state ready" >/dev/null
  fi
  within 10 "$1 up in the load balancer" lb_up "$1" || return 1
  say "$1 takes clients"
}

leave() {
  [[ -z $(lb_field "$1" status) ]] || lb "set server $LB_BACKEND/$1 state drain" >/dev/null
}

# remove ID: a server that HAProxy's configuration names stays in maintenance, any other is forgotten, which
# HAProxy does only once its last connection has gone.
remove() {
  [[ -n $(lb_field "$1" status) ]] || return 0
  lb "set server $LB_BACKEND/$1 state maint" >/dev/null
  within 10 "$1 without connections" lb_empty "$1" || lb "shutdown sessions server $LB_BACKEND/$1" >/dev/null
  lb "del server $LB_BACKEND/$1" >/dev/null
  say "$1 is out of the load balancer"
}

# bring_up ID: start, wait until it is one chat with the others, let clients come.
bring_up() {
  start "$1" && within "$START_WITHIN" "$1 healthy" healthy "$1" && join "$1"
}

# retire ID: no new clients, say goodbye to those there are, end, forget.
retire() {
  leave "$1"
  local orderly=0
  stop "$1" || orderly=1
  remove "$1"
  return $orderly
}

# restart ID [PROGRAM]: the same node again, as another version where one is named.
restart() {
  leave "$1"
  stop "$1" || say "$1: not an orderly end, going on: its clients resume elsewhere" >&2
  [[ -z ${2:-} ]] || ln -sfn "$2" "$FLEET_DIR/$1.bin" || return 1
  bring_up "$1"
}

# all_healthy ID...: what has to hold before anything is taken away. A node cut off from Redis holds
# acknowledged messages in its journal: it keeps them over a restart on the same disk, but a fleet that
# limps is not the moment to roll.
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
