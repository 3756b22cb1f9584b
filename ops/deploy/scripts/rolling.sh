#!/usr/bin/env bash
# Rolling update: restarts the nodes one after another, and waits until each is healthy.
#
#   FLEET_DIR=... LB_SOCKET=... rolling.sh [--program PATH] [--surge ID] ID...
#
#   --program PATH  the new version; without it the nodes are only restarted
#   --surge ID      a spare node of the fleet that serves during the update, so that the number of nodes does not
#                   fall: maxSurge: 1, maxUnavailable: 0
#
# On Kubernetes: kubectl set image deployment/chatnode chatnode=chatnode:NEW
#                kubectl rollout status deployment/chatnode
#
# It stops at the first node that does not become healthy. The remaining nodes are unchanged.
# shellcheck source-path=SCRIPTDIR source=fleet.sh
source "$(dirname "${BASH_SOURCE[0]}")/fleet.sh"

program='' surge=''
while [[ ${1:-} == --* ]]; do
  case $1 in
    --program) program=$2 ;;
    --surge) surge=$2 ;;
    *) die "unknown option $1" ;;
  esac
  shift 2
done
(($# > 0)) || die "which nodes?"

all_healthy "$@" || die "not started: some nodes are not healthy"
if [[ -n $surge ]]; then
  [[ -z $program ]] || ln -sfn "$program" "$FLEET_DIR/$surge.bin"
  bring_up "$surge" || die "$surge did not start; the other nodes are unchanged"
fi
for id in "$@"; do
  restart "$id" "$program" || die "$id did not restart; the nodes after it are unchanged"
  all_healthy "$@" || die "some nodes are not healthy after the restart of $id"
done
[[ -z $surge ]] || retire "$surge"
say "updated $*"
