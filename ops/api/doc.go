// Package api checks the OpenAPI file of the node with a library that does not share code with the handlers: the file
// is valid, the node gives every response that the file documents and no other, and each body matches its schema.
package api
