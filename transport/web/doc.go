// Package web is the embedded web client: plain ES modules, served as they are, no build step.
//
//	handler.go              Handler: the files of static/ with their headers
//	static/index.html       the page's skeleton
//	static/app.js           wires the page; lists the ids and data attributes that tests may rely on
//	static/chat-client.js   ChatClient, a client library without a DOM, for any page or program
//	static/client/          what ChatClient is made of: connection, room log, room sync, send queue
//	static/ui/              one module for each part of the page
//	static/css/             the looks
//	static/status/          the status page for admins, which shows what the node answers at /status/data
//
// The page holds to two rules. Text of users becomes a text node, never markup; the
// Content-Security-Policy (no inline script or style, Trusted Types without any policy) makes the
// browser refuse the opposite. And the page knows of the protocol only what ChatClient tells it.
package web
