// Command sizing says from measured costs how many nodes, how much Redis and how much money it takes to
// hold a number of connections under a workload, and where the design ends. ops/docs/SIZING.md has its
// model in words, the figures, and how far they can be trusted.
//
//	main.go               the program: plans, or -measure, or -check
//	options.go            the flags
//	workload.go           Workload: what the users do
//	coefficients.go       Coefficients: what each piece of work costs, from coefficients.json
//	model.go              Cost: what a workload costs on so many nodes; pure
//	model_redis.go        the part of it that Redis bears
//	plan.go               Plan: the fewest nodes that hold it, shards, money, what stands in the way
//	table.go              plans and coefficients as tables; numbers.go: how figures are shown
//	measure.go            -measure: the costs of a node on this machine
//	measure_redis.go      the costs of Redis; redis_figures.go: what it tells of itself
//	check.go              -check: clusters of one to four nodes, predicted and measured
//	rig.go                a cluster for both of them; machine.go: where it ran
//	document.go           the tables of SIZING.md
//
// Processor time is in µs, memory in bytes, throughout.
package main
