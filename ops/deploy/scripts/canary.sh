#!/usr/bin/env bash
# Canary: starts one more node with the new version and watches it, then updates the old nodes one by one and watches
# each. After the first failed check it restores the old version on all nodes.
#
#   FLEET_DIR=... LB_SOCKET=... canary.sh --program PATH --canary ID [--watch SECONDS] ID...
#
#   --program PATH   the new version
#   --canary ID      a spare node of the fleet
#   --watch SECONDS  how long each step is watched; default 60
#
# The checks are those of the alerts: ready, not degraded, no failed publish, at most 100 ms of mean latency.
#
# On Kubernetes: kubectl apply -k ops/deploy/k8s/overlays/canary                   one instance of the new version
#                the dashboard, the alerts, /metrics of the canary                 watch
#                kubectl set image deployment/chatnode chatnode=chatnode:NEW       update the others
#                kubectl delete deployment chatnode-canary                         or, after a failed check, only this
# shellcheck source-path=SCRIPTDIR source=fleet.sh
source "$(dirname "${BASH_SOURCE[0]}")/fleet.sh"

program='' canary='' watch=60
while [[ ${1:-} == --* ]]; do
  case $1 in
    --program) program=$2 ;;
    --canary) canary=$2 ;;
    --watch) watch=$2 ;;
    *) die "unknown option $1" ;;
  esac
  shift 2
done
[[ -n $program && -n $canary && $# -gt 0 ]] || die "--program, --canary and the nodes are required"

# sound ID FAILURES: succeeds if all checks pass; FAILURES is the number of failed publishes before.
sound() {
  local failures latency
  healthy "$1" || { say "$1 is not healthy" >&2; return 1; }
  failures=$(metric "$1" publishFailures) || return 1
  ((failures <= $2)) || { say "$1: $((failures - $2)) publishes failed" >&2; return 1; }
  latency=$(metric "$1" averageLatencyMs) || return 1
  ((${latency%.*} <= 100)) || { say "$1: publishing takes $latency ms" >&2; return 1; }
}

# observe ID: succeeds if all checks pass for the whole watch time.
observe() {
  local end=$((SECONDS + watch)) failures
  failures=$(metric "$1" publishFailures) || return 1
  say "watching $1 for $watch s"
  while ((SECONDS < end)); do
    sound "$1" "$failures" || return 1
    sleep 0.5
  done
}

declare -A before=()
promoted=()

# back: restores the old version of every changed node and removes the canary.
back() {
  say "rolling back" >&2
  local id
  for id in "${promoted[@]}"; do
    restart "$id" "${before[$id]}" || say "$id did not restart" >&2
  done
  retire "$canary" || true
  die "$program was rolled back"
}

all_healthy "$@" || die "not started: some nodes are not healthy"
ln -sfn "$program" "$FLEET_DIR/$canary.bin"
{ start "$canary" && within "$START_WITHIN" "$canary is healthy" healthy "$canary"; } || back
{ join "$canary" && observe "$canary"; } || back
for id in "$@"; do
  before[$id]=$(readlink "$FLEET_DIR/$id.bin")
  promoted+=("$id")
  { restart "$id" "$program" && observe "$id"; } || back
done
retire "$canary"
say "$program runs on $*"
