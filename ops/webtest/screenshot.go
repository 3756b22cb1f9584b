package webtest

import (
	"context"
	"os"
	"path/filepath"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/chromedp"
)

// SetWidth sets the width of the window in px. Below 760 px it emulates a phone.
func (p *Tab) SetWidth(px int64) {
	p.t.Helper()
	if px < 760 {
		p.Run(chromedp.EmulateViewport(px, 844, chromedp.EmulateMobile))
	} else {
		p.Run(chromedp.EmulateViewport(px, 800))
	}
}

// SetColorScheme sets the color scheme to "light" or "dark", and resets a feature set by SetMediaFeature.
func (p *Tab) SetColorScheme(name string) {
	p.t.Helper()
	p.SetMediaFeature("prefers-color-scheme", name)
}

// SetMediaFeature sets one media feature, such as "prefers-contrast" to "more", and resets the previous one. It also
// requests reduced motion, so that elements do not move while they are clicked.
func (p *Tab) SetMediaFeature(feature, value string) {
	p.t.Helper()
	p.Run(chromedp.Func(func(ctx context.Context, target *chromedp.Target) error {
		requested, motion := emulation.MediaFeature{Name: feature, Value: value}, emulation.MediaFeature{Name: "prefers-reduced-motion", Value: "reduce"}
		_, err := cdp.Call(ctx, target, emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{Features: []*emulation.MediaFeature{&requested, &motion}})
		return err
	}))
}

// Screenshot writes an image of the whole page to the folder named by WEB_SHOTS. It does nothing if WEB_SHOTS is empty.
func (p *Tab) Screenshot(name string) {
	p.t.Helper()
	folder := os.Getenv("WEB_SHOTS")
	if folder == "" {
		return
	}
	ctx, cancel := context.WithTimeout(p.ctx, waitTimeout)
	defer cancel()
	picture, err := chromedp.Run(ctx, chromedp.FullScreenshot(100))
	if err == nil {
		err = os.WriteFile(filepath.Join(folder, name), picture, 0o600)
	}
	if err != nil {
		p.t.Fatalf("take screenshot %s: %v", name, err)
	}
}
