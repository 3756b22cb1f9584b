package web

import (
	"context"
	"testing"

	"chatnode/ops/webtest"
)

// scene is a test with a fake chat and a page that is connected to it.
type scene struct {
	name string
	play func(t *testing.T, chat *fakeChat, page page)
}

// TestPage runs all scenes in one Chromium, each in a tab with separate storage.
func TestPage(t *testing.T) {
	browser := webtest.Launch(t)
	for _, scenes := range [][]scene{orderScenes(), sendScenes(), linkScenes(), authScenes(), viewScenes(), stateScenes()} {
		for _, s := range scenes {
			t.Run(s.name, func(t *testing.T) { s.run(browser, t) })
		}
	}
}

func (s scene) run(browser context.Context, t *testing.T) {
	t.Parallel() // a scene mostly waits
	chat := newFakeChat(t)
	s.play(t, chat, open(browser, t, chat.srv.URL))
}
