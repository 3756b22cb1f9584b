// Package web is the embedded web client. It consists of plain ES modules that are served without a build step.
//
//	handler.go              Handler: serves the files of static/ with their headers
//	static/index.html       the elements of the page
//	static/app.js           connects the modules; lists the ids and data attributes that tests may use
//	static/chat-client.js   ChatClient: a client library without a DOM, for any page or program
//	static/client/          the modules of ChatClient: connection, room log, room sync, send queue
//	static/ui/              one module for each part of the page
//	static/css/             styles
//	static/status/          the status page for admins; it displays the response of /status/data
//
// Two rules apply to the page:
//
//   - User text becomes a text node, never markup. The browser enforces this by the Content-Security-Policy, which
//     forbids inline scripts, inline styles and all Trusted Types policies.
//   - Only ChatClient handles the protocol. The other modules use its methods and events.
package web
