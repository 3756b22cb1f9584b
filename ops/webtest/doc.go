// Package webtest controls a real Chromium for tests of web pages, and applies the same checks to each page.
//
//	browser.go      Launch: a Chromium that ends with the test
//	tab.go          Open: a page in a tab with separate storage; evaluate, wait, click, type
//	screenshot.go   window width, color scheme, media features and screenshots
//	page_errors.go  errors of the page: exceptions, error logs, policy violations
//	access.go       accessibility checks; the rules are in access.js
//
// If Chromium is missing, the test fails with the command that installs it.
package webtest
