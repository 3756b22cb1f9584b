// Package rollout runs the procedures of ops/deploy/scripts with real processes: chatnode behind the
// HAProxy configuration of ops/deploy/haproxy, around a Redis with the settings and the user of
// ops/deploy/redis, under load of clients that share nothing with the server.
//
//	main_test.go      the program, built once
//	fleet_test.go     the folder that describes the nodes, the scripts run on it
//	keeper_test.go    HAProxy, and the end of everything that the scripts started
//	nginx_test.go     the other load balancer, and a restart behind it
//	address_test.go   clients are counted by their own address behind either
//	redis_test.go     Redis as it is deployed
//	crowd_test.go     followers and writers, and what they must have seen at the end
//	follower_test.go  a client that follows the room, resumes, and comes back in its slot
//	writer_test.go    a client that writes at a pace, each message until it is acknowledged
//	presence_test.go  what the followers were told about who is here
//	*_test.go         a procedure each
//
// ROLLOUT_CLIENTS (60) and ROLLOUT_RATE (100, messages a second of all writers) make the rolling
// restart bigger: ROLLOUT_CLIENTS=300 ROLLOUT_RATE=200 go test -run Rolling -v ./ops/rollout
package rollout
