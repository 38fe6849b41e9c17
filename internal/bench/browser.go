package main

import (
	"context"
	"errors"
	"fmt"
	"os/exec"
	"path/filepath"
	"slices"
	"time"

	"github.com/chromedp/chromedp"
)

// browser measures what a person sees: the time from the end of a write to the
// changed page that is open in a browser, and from going to the list of everybody
// until it can be used.
func (b *bench) browser(n int) error {
	s, people, err := b.serveKith(n)
	if err != nil {
		return err
	}
	defer s.stop()
	t, err := openBrowser()
	if err != nil {
		return err
	}
	defer t.close()

	somebody, number := s.somebodyDue(people), 0
	rows := [][]string{{"", "median", "p99"}}
	for _, open := range []string{"a contact's page", "/", "/due.html"} {
		var times []time.Duration
		for i := range b.edits {
			c, err := somebody()
			if err != nil {
				return err
			}
			number++
			at := open
			changed := fmt.Sprintf(`!document.querySelector('[data-contact=%q][data-due="' + was + '"]')`, c.slug)
			if open == "a contact's page" {
				at, changed = c.page(), fmt.Sprintf("document.body.textContent.includes(%q)", sign(number))
			}
			if i == 0 || at != open {
				if err := t.open("http://" + s.addr + s.root + at); err != nil {
					return err
				}
				if err := t.settle(); err != nil {
					return err
				}
			}
			took, err := t.until(c.slug, changed, func() error { return c.save(touch(number), number%2 == 1) })
			if err != nil {
				return fmt.Errorf("%s: %w", at, err)
			}
			times = append(times, took)
		}
		rows = append(rows, []string{open, millis(median(times)), millis(quantile(times, 0.99))})
	}
	s.rest()
	table(fmt.Sprintf("Save → changed page in Chromium, %d contacts, %s, %d saves with each page open", n, b.medium, b.edits), rows...)

	rows = [][]string{{"contacts.html", "scripts have run: median", "loaded: median", "sorted by day, on a click: median"}}
	for _, at := range []string{"http://" + s.addr + s.root, "file://" + filepath.Join(b.in("journal"), "public")} {
		var ready, loaded, sorted []time.Duration
		for range max(5, b.runs) {
			took, err := t.long(at + "/contacts.html")
			if err != nil {
				return err
			}
			ready, loaded, sorted = append(ready, took[0]), append(loaded, took[1]), append(sorted, took[2])
		}
		rows = append(rows, []string{at[:4], millis(median(ready)), millis(median(loaded)), millis(median(sorted))})
	}
	table(fmt.Sprintf("The list of %d contacts in Chromium, from the beginning of the navigation", n), rows...)
	return b.check(s)
}

// A tab is that of a Chromium which shows nothing.
type tab struct {
	ctx   context.Context
	close func()
}

func openBrowser() (*tab, error) {
	for _, name := range []string{"chromium", "chromium-browser", "google-chrome"} {
		at, err := exec.LookPath(name)
		if err != nil {
			continue
		}
		options := append(slices.Clone(chromedp.DefaultExecAllocatorOptions[:]),
			chromedp.ExecPath(at), chromedp.NoSandbox, chromedp.DisableGPU, chromedp.WSURLReadTimeout(patience))
		tabCtx, cancel := chromedp.NewContext(ctx, chromedp.WithAllocatorOptions(options...))
		t := &tab{tabCtx, func() {
			_ = chromedp.Cancel(tabCtx)
			cancel()
		}}
		if err := chromedp.Do(t.ctx, chromedp.EmulateViewport(1280, 800)); err != nil {
			t.close()
			return nil, fmt.Errorf("start %s: %w", at, err)
		}
		return t, nil
	}
	return nil, errors.New("there is no Chromium")
}

func (t *tab) open(address string) error { return chromedp.Do(t.ctx, chromedp.Navigate(address)) }

// settle waits until a page is painted and the browser at rest, as it is when somebody
// reads: one that was just opened keeps both processors busy.
func (t *tab) settle() error {
	_, err := evaluate[string](t, `new Promise((done) => setTimeout(() => requestIdleCallback(() => done("")), 500))`)
	return err
}

// evaluate returns what an expression of the page, or its promise, comes to.
func evaluate[T any](t *tab, expression string) (T, error) {
	limited, cancel := context.WithTimeout(t.ctx, patience)
	defer cancel()
	return chromedp.Run(limited, chromedp.Evaluate[T](expression, chromedp.EvalAwaitPromise))
}

// until returns the time from the end of a write until an expression is true of
// the page. The page notes it itself, when a change of its tree makes it true and
// before that is painted, by the clock of the machine, which has milliseconds and
// is that of this program too. In the expression, was is when somebody was due.
func (t *tab) until(slug, changed string, write func() error) (time.Duration, error) {
	_, err := evaluate[string](t, fmt.Sprintf(`
		window.changed = new Promise((done) => {
			const was = document.querySelector('[data-contact=%q][data-due]')?.dataset.due;
			new MutationObserver((_, watcher) => {
				if (!(%s)) return;
				watcher.disconnect();
				done(Date.now());
			}).observe(document, { subtree: true, childList: true, attributes: true, characterData: true });
		});
		""`, slug, changed))
	if err != nil {
		return 0, err
	}
	time.Sleep(100 * time.Millisecond) // so that its stream is open, and the write before at rest
	if err := write(); err != nil {
		return 0, err
	}
	began := time.Now()
	at, err := evaluate[float64](t, "window.changed")
	return time.UnixMilli(int64(at)).Sub(began), err
}

// long goes to a long list, and says when its scripts had run, when all was
// loaded, and what it takes to sort it.
func (t *tab) long(address string) (took [3]time.Duration, err error) {
	if err := errors.Join(t.open("about:blank"), t.open(address)); err != nil {
		return took, err
	}
	millis, err := evaluate[[]float64](t, `new Promise((done) => {
		const page = performance.getEntriesByType("navigation")[0], began = performance.now();
		addEventListener("hashchange", () => requestAnimationFrame(() => setTimeout(() =>
			done([page.domContentLoadedEventEnd, page.loadEventEnd, performance.now() - began]))));
		location.hash = "sort=due";
	})`)
	if err == nil && len(millis) != len(took) {
		err = errors.New("the browser does not say how long it took")
	}
	for i := range min(len(millis), len(took)) {
		took[i] = time.Duration(millis[i] * float64(time.Millisecond))
	}
	return took, err
}
