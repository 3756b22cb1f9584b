#!/usr/bin/env bash
# Rollback of distributed mode, if this mode causes the problem.
#
#   FLEET_DIR=... LB_SOCKET=... rollback.sh disable ID...        emergency: every node runs without Redis
#   FLEET_DIR=... LB_SOCKET=... rollback.sh single KEEP ID...    emergency: KEEP stays unchanged; the others stop
#   FLEET_DIR=... LB_SOCKET=... rollback.sh planned KEEP ID...   rolling; afterwards only KEEP runs, without Redis
#
# On Kubernetes: disable  kubectl set env deployment/chatnode ENABLE_DISTRIBUTED_CHAT=false
#                         kubectl rollout restart deployment/chatnode
#                single   kubectl scale deployment/chatnode --replicas=1    (delete the HPA first: it would scale up again)
#                planned  disable, kubectl rollout status deployment/chatnode, then single
#
# A node without Redis stores its messages in its embedded log, so several of them behind one load balancer are
# several chats. Therefore planned leaves one node, and disable without single is only for emergencies. Messages in
# Redis stay there and are available again when distributed mode is enabled.
# shellcheck source-path=SCRIPTDIR source=fleet.sh
source "$(dirname "${BASH_SOURCE[0]}")/fleet.sh"

# alone ID: succeeds if the node is ready and runs without Redis.
alone() { ready "$1" && [[ $(metric "$1" distributedMode) == false ]]; }

# disable ID...: restarts each node without Redis. Nodes that do not stop gracefully are killed, because this is an
# emergency.
disable() {
  local id
  for id in "$@"; do
    set_setting "$id" ENABLE_DISTRIBUTED_CHAT false
    restart "$id" || die "$id did not restart"
    alone "$id" || die "$id does not run without Redis"
  done
  say "single-instance mode: $*"
}

# single KEEP ID...: stops every ID except KEEP.
single() {
  local keep=$1 id
  shift
  ready "$keep" || die "$keep should stay, but is not ready"
  for id in "$@"; do
    [[ $id == "$keep" ]] || retire "$id" || say "$id: not stopped gracefully" >&2
  done
  say "only $keep runs"
}

# planned KEEP ID...: stops the other nodes before KEEP changes, so that there is one chat at any time.
planned() {
  local keep=$1
  all_healthy "$@" || die "some nodes are not healthy: use disable or single"
  single "$@"
  disable "$keep"
}

mode=${1:-}
shift || true
case $mode in
  disable) (($# > 0)) || die "which nodes?" ;;
  single | planned) (($# > 0)) || die "which node stays?" ;;
  *) die "unknown mode: use disable, single or planned" ;;
esac
"$mode" "$@"
