// Package web tests the pages of transport/web in a real Chromium. The server is a fake that speaks the real frames
// and the JSON of /status/data, so a scene decides what the page receives, and when.
//
// A missing Chromium fails the test with the line that installs it.
package web
