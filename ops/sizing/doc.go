// Command sizing computes the nodes, the Redis masters and the money that a number of connections needs, and the
// limits of the design. It uses measured costs. ops/docs/SIZING.md describes the model, the figures and their accuracy.
//
//	main.go            the program: plans, -measure, -check, -doc
//	options.go         the flags
//	workload.go        Workload: the users
//	coefficients.go    Coefficients: the cost of each piece of work; Cluster: a measured cluster
//	measured.json      the measured values of both
//	model.go           Cost: the cost of a workload on n nodes; pure
//	model_redis.go     the part of Redis
//	model_presence.go  how often presence is announced and delivered
//	plan.go            Plan: the smallest number of nodes, the Redis masters, the price, the limits
//	table.go           tables
//	measure.go         -measure: the costs of a node on this machine; -check: clusters
//	measure_redis.go   -measure: the costs of Redis
//
// Units are µs of processor time and bytes.
package main
