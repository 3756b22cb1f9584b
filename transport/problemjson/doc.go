// Package problemjson encodes problem documents (RFC 9457), the errors of all HTTP endpoints.
//
//	problem.go  Problem: a status, a stable code and a title
package problemjson
