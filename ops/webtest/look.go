package webtest

import (
	"context"
	"os"
	"path/filepath"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/chromedp"
)

// Width makes the window so many px wide; below 760 it is a phone.
func (p *Tab) Width(px int64) {
	p.t.Helper()
	if px < 760 {
		p.Run(chromedp.EmulateViewport(px, 844, chromedp.EmulateMobile))
	} else {
		p.Run(chromedp.EmulateViewport(px, 800))
	}
}

// Scheme asks for "light" or "dark", and for nothing else that Prefer has asked for.
func (p *Tab) Scheme(name string) {
	p.t.Helper()
	p.Prefer("prefers-color-scheme", name)
}

// Prefer asks for one thing that a system may ask of pages, such as "prefers-contrast" "more". Motion is reduced
// besides, so that a click hits what it aims at.
func (p *Tab) Prefer(feature, value string) {
	p.t.Helper()
	p.Run(chromedp.Func(func(ctx context.Context, target *chromedp.Target) error {
		asked, motion := emulation.MediaFeature{Name: feature, Value: value}, emulation.MediaFeature{Name: "prefers-reduced-motion", Value: "reduce"}
		_, err := cdp.Call(ctx, target, emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{Features: []*emulation.MediaFeature{&asked, &motion}})
		return err
	}))
}

// Shoot keeps a picture of the whole page in the folder that WEB_SHOTS names, if it names one.
func (p *Tab) Shoot(name string) {
	p.t.Helper()
	folder := os.Getenv("WEB_SHOTS")
	if folder == "" {
		return
	}
	ctx, cancel := context.WithTimeout(p.ctx, patience)
	defer cancel()
	picture, err := chromedp.Run(ctx, chromedp.FullScreenshot(100))
	if err == nil {
		err = os.WriteFile(filepath.Join(folder, name), picture, 0o600)
	}
	if err != nil {
		p.t.Fatalf("take a picture: %v", err)
	}
}
