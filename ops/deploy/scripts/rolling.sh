#!/usr/bin/env bash
# Rolling update: the nodes one after another, each back and healthy before the next one goes.
#
#   FLEET_DIR=... LB_SOCKET=... rolling.sh [--program PATH] [--surge ID] ID...
#
#   --program PATH  the new version; without it the nodes are only restarted
#   --surge ID      a spare node of the fleet that serves meanwhile, so that there are never fewer than before:
#                   maxSurge: 1, maxUnavailable: 0
#
# On Kubernetes: kubectl set image deployment/chatnode chatnode=chatnode:NEW
#                kubectl rollout status deployment/chatnode
#
# It stops at the first node that does not come back healthy; the others still run as they were.
# shellcheck source-path=SCRIPTDIR source=fleet.sh
source "$(dirname "${BASH_SOURCE[0]}")/fleet.sh"

program='' surge=''
while [[ ${1:-} == --* ]]; do
  case $1 in
    --program) program=$2 ;;
    --surge) surge=$2 ;;
    *) die "what is $1?" ;;
  esac
  shift 2
done
(($# > 0)) || die "which nodes?"

all_healthy "$@" || die "not rolling a fleet that is not whole"
if [[ -n $surge ]]; then
  [[ -z $program ]] || ln -sfn "$program" "$FLEET_DIR/$surge.bin"
  bring_up "$surge" || die "$surge did not come up, nothing was touched"
fi
for id in "$@"; do
  restart "$id" "$program" || die "$id did not come back; the nodes after it are as they were"
  all_healthy "$@" || die "the fleet is not whole after $id"
done
[[ -z $surge ]] || retire "$surge"
say "rolled $*"
