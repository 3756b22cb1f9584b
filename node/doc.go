// Package node wires a chat node: configuration, construction, lifecycle and HTTP routes.
//
//	config.go              Config: every setting, with its default and its limits
//	config_load.go         reads settings from flags, the environment and defaults
//	config_mapper.go       decodes one setting; collects errors instead of returning the first one
//	config_check.go        rules between settings
//	config_error.go        ConfigError: all errors of a configuration
//	config_value.go        Rate, Bytes, InstanceID, KeySetURL: types of settings
//	config_proxies.go      Proxies: networks of trusted load balancers
//	config_redis.go        RedisURL: never printed with its password
//	config_secret.go       Secret: never printed
//	log.go                 Log: the logger, and its level at run time
//	log_value.go           LogLevel, LogFormat: settings of the log
//	log_repeats.go         suppresses repeated lines
//	log_slog.go            warnings and errors of libraries that log with slog
//	node.go                Node, New: builds all parts, starts nothing
//	backend.go             implementations of the actors' ports: the embedded log, or Redis
//	lifecycle.go           Run: start, serve, drain, stop
//	memory.go              returns free memory to the system; GOGC by the size of the heap
//	http.go                routes, and the headers of every response
//	health.go              /health, /livez and /readyz
//	status.go              /status/data: the data of the status page
//	status_report.go       the response of /status/data
//	status_totals.go       figures of the whole node
//	status_snapshot.go     snapshot of rooms and actors, taken at most every 5 s
//	metrics.go             /metrics: JSON, or the formats of Prometheus
//	accept.go              selects the format by the header Accept
//	metrics_access.go      who may read /metrics
//	metrics_report.go      the JSON of /metrics
//	metrics_collector.go   collector of metrics without labels
//	metrics_simple.go      metrics without labels
//	metrics_reasons.go     counters by reason
//	metrics_histograms.go  histograms
//	metrics_actors.go      metrics of each kind of actor
//	metrics_cluster.go     the node's view of the cluster
//	metrics_drops.go       counters of dropped bus messages
//	api.go                 /api/v1: routes, calls and responses
//	api_access.go          who may use the API
//	api_params.go          parameters in the path and the query
//	api_json.go            request bodies: strict JSON
//	api_problem.go         errors as problem documents (RFC 9457)
//	api_messages.go        reads messages
//	api_writes.go          posts, edits and deletes messages
//	api_presence.go        users present in a room
//	api_sanctions.go       imposes bans and mutes, and lifts them; disconnects users
//	api_slowmode.go        slow mode; lists sanctions
//	api_cluster.go         instances, and this node's link, rooms and actors
//	api_openapi.go         the OpenAPI file
//
// It contains no chat logic (package actors), and owns no socket or file (package transport).
package node
