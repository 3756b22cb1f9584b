package web

import (
	"context"
	"testing"

	"chatnode/ops/webtest"
)

// A scene is a fake chat and a page that talks to it.
type scene struct {
	name string
	play func(t *testing.T, chat *fakeChat, page page)
}

// TestPage plays every scene in one Chromium, each in a tab with storage of its own.
func TestPage(t *testing.T) {
	browser := webtest.Launch(t)
	for _, scenes := range [][]scene{orderScenes(), sendScenes(), linkScenes(), authScenes(), viewScenes(), keepScenes()} {
		for _, s := range scenes {
			t.Run(s.name, func(t *testing.T) { s.run(browser, t) })
		}
	}
}

func (s scene) run(browser context.Context, t *testing.T) {
	t.Parallel() // most of a scene is waiting
	chat := newFakeChat(t)
	s.play(t, chat, open(browser, t, chat.srv.URL))
}
