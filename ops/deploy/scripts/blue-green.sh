#!/usr/bin/env bash
# Blue-green: starts all nodes of the new version (blue) next to the old one (green), checks them, and moves all
# traffic at once.
#
#   FLEET_DIR=... LB_SOCKET=... blue-green.sh --program PATH --blue 'ID...' --green 'ID...'
#
#   1. deploy blue with ENABLE_DISTRIBUTED_CHAT=false    2. its health checks pass
#   3. blue joins the chat: ENABLE_DISTRIBUTED_CHAT=true   4. new clients go to blue
#   5. green drains, and its clients resume on blue
#
# Until step 4 the serving nodes are unchanged. If a check fails, blue is stopped.
#
# On Kubernetes: kubectl apply -k ops/deploy/k8s/overlays/blue-green
#                kubectl set env deployment/chatnode-blue ENABLE_DISTRIBUTED_CHAT=true
#                kubectl rollout status deployment/chatnode-blue
#                kubectl patch service chatnode -p '{"spec":{"selector":{"chatnode/track":"blue"}}}'
#                kubectl scale deployment/chatnode-green --replicas=0
# shellcheck source-path=SCRIPTDIR source=fleet.sh
source "$(dirname "${BASH_SOURCE[0]}")/fleet.sh"

program='' blue=() green=()
while (($# > 0)); do
  case $1 in
    --program) program=$2 ;;
    --blue) read -ra blue <<<"$2" ;;
    --green) read -ra green <<<"$2" ;;
    *) die "unknown option $1" ;;
  esac
  shift 2
done
[[ -n $program && ${#blue[@]} -gt 0 && ${#green[@]} -gt 0 ]] || die "--program, --blue and --green are required"

# abandon: stops blue; green is unchanged.
abandon() {
  local id
  for id in "${blue[@]}"; do
    retire "$id" || true
  done
  die "blue was stopped; green serves as before"
}

# sees_all ID: succeeds if the node sees all instances.
sees_all() { (($(metric "$1" activeInstances) >= ${#blue[@]} + ${#green[@]})); }

all_healthy "${green[@]}" || die "not started: some nodes are not healthy"
for id in "${blue[@]}"; do
  ln -sfn "$program" "$FLEET_DIR/$id.bin"
  set_setting "$id" ENABLE_DISTRIBUTED_CHAT false
  { start "$id" && [[ $(metric "$id" distributedMode) == false ]]; } || abandon
done
say "blue runs without Redis"
for id in "${blue[@]}"; do
  stop "$id" || abandon
  set_setting "$id" ENABLE_DISTRIBUTED_CHAT true
  { start "$id" && within "$START_WITHIN" "$id is healthy" healthy "$id"; } || abandon
done
for id in "${blue[@]}"; do
  within "$START_WITHIN" "$id sees the others" sees_all "$id" || abandon
done
say "blue has joined the chat"
for id in "${blue[@]}"; do
  join "$id" || abandon
done
for id in "${green[@]}"; do
  leave "$id"
done
say "new clients go to blue"
orderly=0
for id in "${green[@]}"; do
  retire "$id" || orderly=1
done
say "blue serves alone"
exit $orderly
