// Package store contains the actor that owns the data connection. It executes the requests of other actors and of the
// API one at a time. Requests read the log, read and write presence, and call the registry and the sanctions.
//
// The package must not know the requests. The package of the sender declares a request, with the code that executes it
// and posts the result.
//
// Files:
//
//	messages.go  Request and LongRequest, which all messages to the store implement; BarrierRequest; the kind
//	store.go     Store: executes the requests
//	degraded.go  AsDegraded: the error of a port as the API returns it
package store
