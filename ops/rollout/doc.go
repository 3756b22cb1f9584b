// Package rollout runs the procedures of ops/deploy/scripts: chatnode behind HAProxy, and Redis, with the deployed
// configuration of both, while clients of ops/e2e/client read and write.
//
//	main_test.go      builds the program once
//	fleet_test.go     the folder that describes the nodes, and the scripts that use it
//	keeper_test.go    HAProxy, and the end of everything that the scripts started
//	nginx_test.go     the other load balancer, and a restart behind it
//	address_test.go   connections are counted by the address of the client
//	redis_test.go     Redis with the deployed configuration
//	crowd_test.go     readers and writers, and what they must have seen at the end
//	presence_test.go  the counts of users that readers receive
//	*_test.go         one procedure each
//
// ROLLOUT_CLIENTS (60) and ROLLOUT_RATE (100 messages per second, of all writers) make the rolling restart larger:
//
//	cd ops && ROLLOUT_CLIENTS=300 ROLLOUT_RATE=200 go test -run Rolling -v ./rollout
package rollout
