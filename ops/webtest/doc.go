// Package webtest drives a real Chromium for the tests of pages, and holds every page to the same rules.
//
//	browser.go  Launch: a Chromium that ends with the test
//	tab.go      Open: a page in storage of its own; evaluating, waiting, clicking, typing
//	look.go     width, light and dark, and pictures for those who want to look
//	faults.go   what a page must not do: throw, log an error, offend its policy
//	access.go   access.js, rules of accessibility that a page is checked against
//
// A missing Chromium fails the test with the line that installs it.
package webtest
