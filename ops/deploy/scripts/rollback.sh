#!/usr/bin/env bash
# Rollback of distributed mode, when it is the trouble itself.
#
#   FLEET_DIR=... LB_SOCKET=... rollback.sh disable ID...        emergency: every node on its own
#   FLEET_DIR=... LB_SOCKET=... rollback.sh single KEEP ID...    emergency: KEEP stays, as it is; the others end
#   FLEET_DIR=... LB_SOCKET=... rollback.sh planned KEEP ID...   rolling; ends with KEEP alone, on its own
#
# On Kubernetes: disable  kubectl set env deployment/chatnode ENABLE_DISTRIBUTED_CHAT=false
#                         kubectl rollout restart deployment/chatnode
#                single   kubectl scale deployment/chatnode --replicas=1    (delete the HPA first: it would scale up again)
#                planned  disable, kubectl rollout status deployment/chatnode, then single
#
# A node on its own keeps its messages in its own embedded log: several of them behind one load balancer are
# several chats. That is why planned ends with one, and why disable alone is for emergencies. What is in Redis stays
# there and is back when distributed mode is.
# shellcheck source-path=SCRIPTDIR source=fleet.sh
source "$(dirname "${BASH_SOURCE[0]}")/fleet.sh"

# alone ID: it works without Redis, and does work.
alone() { ready "$1" && [[ $(metric "$1" distributedMode) == false ]]; }

# disable ID...: each node again, on its own. Those that cannot be stopped in order are killed: this is
# an emergency.
disable() {
  local id
  for id in "$@"; do
    set_setting "$id" ENABLE_DISTRIBUTED_CHAT false
    restart "$id" || die "$id did not come back"
    alone "$id" || die "$id is not on its own"
  done
  say "single-instance mode: $*"
}

# single KEEP ID...: every ID but KEEP ends.
single() {
  local keep=$1 id
  shift
  ready "$keep" || die "$keep is to stay and is not ready"
  for id in "$@"; do
    [[ $id == "$keep" ]] || retire "$id" || say "$id: not an orderly end" >&2
  done
  say "$keep is alone"
}

# planned KEEP ID...: the others leave before KEEP changes, so that there is one chat at any time.
planned() {
  local keep=$1
  all_healthy "$@" || die "not whole: use disable or single"
  single "$@"
  disable "$keep"
}

mode=${1:-}
shift || true
case $mode in
  disable) (($# > 0)) || die "which nodes?" ;;
  single | planned) (($# > 0)) || die "which node stays?" ;;
  *) die "disable, single or planned" ;;
esac
"$mode" "$@"
