#!/usr/bin/env bash
# Blue-green: the new version (blue) comes up whole beside the old one (green), proves itself, and takes
# over all traffic at once.
#
#   FLEET_DIR=... LB_SOCKET=... blue-green.sh --program PATH --blue 'ID...' --green 'ID...'
#
#   1. deploy blue with ENABLE_DISTRIBUTED_CHAT=false    2. its health checks pass
#   3. blue joins the chat: ENABLE_DISTRIBUTED_CHAT=true   4. new clients go to blue
#   5. green says goodbye, and its clients resume on blue
#
# Until 4 nothing that serves was touched: in trouble blue is simply stopped.
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
    *) die "what is $1?" ;;
  esac
  shift 2
done
[[ -n $program && ${#blue[@]} -gt 0 && ${#green[@]} -gt 0 ]] || die "--program, --blue and --green"

# abandon: blue ends; green was never touched.
abandon() {
  local id
  for id in "${blue[@]}"; do
    retire "$id" || true
  done
  die "blue is gone again, green serves as before"
}

# sees_all ID: the node's cluster has everybody.
sees_all() { (($(metric "$1" activeInstances) >= ${#blue[@]} + ${#green[@]})); }

all_healthy "${green[@]}" || die "not shifting from a fleet that is not whole"
for id in "${blue[@]}"; do
  ln -sfn "$program" "$FLEET_DIR/$id.bin"
  set_setting "$id" ENABLE_DISTRIBUTED_CHAT false
  { start "$id" && [[ $(metric "$id" distributedMode) == false ]]; } || abandon
done
say "blue is up, alone"
for id in "${blue[@]}"; do
  stop "$id" || abandon
  set_setting "$id" ENABLE_DISTRIBUTED_CHAT true
  { start "$id" && within "$START_WITHIN" "$id healthy" healthy "$id"; } || abandon
done
for id in "${blue[@]}"; do
  within "$START_WITHIN" "$id sees the others" sees_all "$id" || abandon
done
say "blue is one chat with green"
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
