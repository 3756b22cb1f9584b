// Package api checks the OpenAPI file of the node with a library that shares no code with the handlers. The file is
// valid, the node gives exactly the documented responses, and each body matches its schema.
package api
