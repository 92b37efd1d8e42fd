package main

import (
	"io"
	"os"

	"github.com/schollz/progressbar/v3"
	"golang.org/x/term"
)

// A progress is a bar on a terminal, and nothing anywhere else.
type progress struct {
	w     io.Writer
	title string
	bar   *progressbar.ProgressBar
}

func newProgress(w io.Writer, title string) *progress {
	return &progress{w: w, title: title}
}

// set says how many of how many are done.
func (p *progress) set(done, total int) {
	f, ok := p.w.(*os.File)
	if !ok || !term.IsTerminal(int(f.Fd())) || total == 0 {
		return
	}
	if p.bar == nil {
		p.bar = progressbar.NewOptions(
			total,
			progressbar.OptionSetWriter(p.w),
			progressbar.OptionSetDescription(p.title),
			progressbar.OptionShowCount(),
			progressbar.OptionThrottle(100_000_000),
			progressbar.OptionClearOnFinish(),
		)
	}
	_ = p.bar.Set(done) // a bar that cannot be drawn stops nothing
}

// end takes the bar away.
func (p *progress) end() {
	if p.bar != nil {
		_ = p.bar.Finish()
	}
}
