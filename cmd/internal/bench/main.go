// Command bench measures track15 on a generated archive and prints a table for
// docs/performance.md: requests as ratios to twins written by hand, and how
// long an import, a release and a start take.
//
// The server and whoever asks have a core each. It takes some minutes and a
// gigabyte in the temporary directory. Linux only.
package main

import (
	"context"
	"crypto/rand"
	"errors"
	"flag"
	"fmt"
	"net"
	"net/http"
	"net/url"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"time"

	"track15/models/record"
	"track15/models/recordstore"
	"track15/models/release"

	"track15/models/publishedstore"
	"track15/models/seal"
)

func main() {
	rounds := flag.Int("rounds", 100_000, "how many rounds to generate, with ten bodies each")
	twin := flag.String("twin", "", "serve the twins from this folder (used by bench itself)")
	recordURL := flag.String("record", "", "URL of an empty PostgreSQL database for the record; SQLite without one")
	publishedURL := flag.String("published", "", "URL of an empty PostgreSQL database for what is public; SQLite without one")
	addr := flag.String("addr", "", "where the twins listen")
	flag.Parse()
	ctx, cancel := signal.NotifyContext(context.Background(), os.Interrupt)
	defer cancel()
	err := run(ctx, &bench{record: *recordURL, published: *publishedURL}, *rounds, *twin, *addr)
	if err != nil {
		fmt.Fprintln(os.Stderr, "bench:", err)
		os.Exit(1)
	}
}

func run(ctx context.Context, b *bench, rounds int, twin, addr string) error {
	if twin != "" {
		l, err := net.Listen("tcp", addr)
		if err != nil {
			return err
		}
		return serveTwin(ctx, l, twin)
	}
	dir, err := os.MkdirTemp("", "track15-bench-")
	if err != nil {
		return err
	}
	b.dir = dir
	return errors.Join(b.run(ctx, rounds), os.RemoveAll(dir))
}

// A bench is one run, with everything it makes in dir.
type bench struct {
	dir               string
	record, published string // URLs in PostgreSQL, "" for SQLite in dir
}

// stores are where the record, what is public and its snapshots are, and the flag
// and the place by which the public side opens them.
func (b *bench) stores() (record, published, snapshots, flag, public string) {
	record, published, snapshots = "sqlite:"+b.path("data/record/record.db"), "sqlite:"+b.path("data/record/published.db"), b.path("data/published")
	flag, public = "--published", snapshots
	if b.record != "" {
		record = b.record
	}
	if b.published != "" {
		published, snapshots, flag, public = b.published, "", "--published-url", b.published
	}
	return record, published, snapshots, flag, public
}

func (b *bench) path(name string) string { return filepath.Join(b.dir, name) }

// say adds a row to the table and shows it at once.
func (b *bench) say(what, format string, args ...any) {
	fmt.Printf("| %s | %s |\n", what, fmt.Sprintf(format, args...))
}

func (b *bench) run(ctx context.Context, n int) error {
	rounds, err := generate(b.dir, n)
	if err != nil {
		return err
	}
	for _, program := range []string{"track15", "track15-public"} {
		if out, err := exec.CommandContext(ctx, "go", "build", "-o", b.path(program), "./cmd/"+program).CombinedOutput(); err != nil {
			return fmt.Errorf("%s: %w\n%s", program, err, out)
		}
	}
	fmt.Print("| What | Measured |\n|---|---|\n")
	if err := b.imports(ctx, n); err != nil {
		return err
	}
	desk, err := b.openDesk(ctx)
	if err != nil {
		return err
	}
	defer desk.close()
	if err := b.firstRelease(ctx, desk); err != nil {
		return err
	}
	if err := twinTables(b.path("twin.db"), rounds); err != nil {
		return err
	}
	if err := pin(os.Getpid(), clientCore); err != nil {
		return err
	}
	_, _, _, by, open := b.stores()
	public, err := start(ctx, "127.0.0.1:18015", "/rounds", b.path("track15-public"), by, open, "--public-addr", "127.0.0.1:18015")
	if err != nil {
		return err
	}
	b.say("Start of the public side, to the first list of rounds", "%.0f ms", ms(public.up))
	err = errors.Join(b.requests(ctx, public), b.oneRelease(ctx, desk, public))
	if m, err := public.memory(); err == nil {
		b.say("Memory of the public side, at most", "%d MiB", m>>20)
	}
	return errors.Join(err, public.stop())
}

// imports measures the import of the whole archive, which nobody has signed.
func (b *bench) imports(ctx context.Context, n int) error {
	cmd := exec.CommandContext(ctx, b.path("track15"), "import", "--historic", b.dir, "--data", b.path("data"), "--keys", b.path("keys"))
	if b.record != "" {
		cmd.Args = append(cmd.Args, "--record-url", b.record)
	}
	if b.published != "" {
		cmd.Args = append(cmd.Args, "--published-url", b.published, "--same-cluster")
	}
	cmd.Stderr = os.Stderr
	began := time.Now()
	if err := cmd.Run(); err != nil {
		return err
	}
	took := time.Since(began)
	b.say("Import", "%d rounds x %d bodies in %.1f s: %.0f rounds/s", n, bodiesEach, took.Seconds(), float64(n)/took.Seconds())
	b.say("Memory of the import, at most", "%d MiB", cmd.ProcessState.SysUsage().(*syscall.Rusage).Maxrss>>10)
	return nil
}

// A desk is the record with two people who may release.
type desk struct {
	record    *recordstore.Store
	published *publishedstore.Writer
	release   *release.Service
	people    [2]record.Actor
}

const password = "a password for the bench"

func (b *bench) openDesk(ctx context.Context) (*desk, error) {
	ring, err := seal.OpenRing(b.path("keys"))
	if err != nil {
		return nil, err
	}
	d := &desk{}
	recordURL, publishedURL, snapshots, _, _ := b.stores()
	if d.record, err = recordstore.Open(ctx, recordURL, recordstore.Options{Ring: ring, Clock: time.Now, Random: rand.Reader}); err != nil {
		return nil, err
	}
	d.published, err = publishedstore.OpenWriter(ctx, publishedURL, publishedstore.WriterOptions{Snapshots: snapshots})
	if err != nil {
		return nil, err
	}
	d.release = release.New(release.Options{Record: d.record, Published: d.published, Ring: ring, Clock: time.Now, Random: rand.Reader})
	for i, name := range []string{"first", "second"} {
		a, err := d.record.AddAccount(ctx, record.Operator("bench"), record.Account{
			Email: name + "@example.org", Name: name,
			Grants: []record.Grant{{Role: record.Coordinator, SeriesID: record.AllSeries}},
		}, password)
		if err != nil {
			return nil, err
		}
		d.people[i] = a.Actor()
	}
	return d, nil
}

func (d *desk) close() error { return errors.Join(d.published.Close(), d.record.Close()) }

// sign gives a release its two signatures.
func (d *desk) sign(ctx context.Context, id string) error {
	if err := d.release.Sign(ctx, d.people[0], id, password, record.Immediate); err != nil {
		return err
	}
	return d.release.Countersign(ctx, d.people[1], id, password)
}

// firstRelease measures the delivery of the whole archive as one release.
func (b *bench) firstRelease(ctx context.Context, d *desk) error {
	waiting, _, err := d.release.Releases(ctx, d.people[0], recordstore.ReleaseFilter{})
	if err != nil {
		return err
	}
	if err := d.sign(ctx, waiting[0].ID); err != nil {
		return err
	}
	began := time.Now()
	if _, err := d.release.Deliver(ctx); err != nil {
		return err
	}
	b.say("Delivery of the whole archive as one release", "%.1f s", time.Since(began).Seconds())
	return nil
}

// oneRelease measures how long after the second signature the public sees a
// round, in the archive as it stands: the median of five.
func (b *bench) oneRelease(ctx context.Context, d *desk, public *server) error {
	all, err := d.record.AllSeries(ctx, d.people[0])
	if err != nil {
		return err
	}
	var took []time.Duration
	for i := range 5 {
		r, err := d.record.LogRound(ctx, d.people[0], record.Round{
			SeriesID: all[0].ID, OrdinalLabel: fmt.Sprintf("extra round %d", i), State: record.Held, Opens: "2025-06", City: "Port 00",
		})
		if err != nil {
			return err
		}
		rules := record.GroundRules{Preset: "on_record", Vector: record.PresetOf("on_record").Vector}
		if err := d.record.EditRules(ctx, d.people[0], r.ID, r.Version, rules); err != nil {
			return err
		}
		rel, err := d.release.PrepareRound(ctx, d.people[0], release.PrepareRequest{RoundID: r.ID})
		if err != nil {
			return err
		}
		if err := d.sign(ctx, rel.ID); err != nil {
			return err
		}
		slug := rel.Put[slices.IndexFunc(rel.Put, func(f record.FrozenDocument) bool { return f.Kind == "round" })].Slug
		began := time.Now()
		if _, err := d.release.Deliver(ctx); err != nil {
			return err
		}
		for {
			if _, err := get(http.DefaultClient, "http://"+public.addr+"/rounds/"+slug); err == nil {
				break
			}
			if time.Since(began) > time.Minute {
				return errors.New("a released round does not become visible")
			}
		}
		took = append(took, time.Since(began))
	}
	slices.Sort(took)
	b.say("One round more: from the second signature to a page that shows it", "%.2f s (median of 5)", took[2].Seconds())
	return nil
}

// requests measures filtered lists, each beside its twins.
func (b *bench) requests(ctx context.Context, public *server) error {
	cached := list(7, 2004, 2012)
	body, err := get(http.DefaultClient, "http://"+public.addr+cached)
	if err != nil {
		return err
	}
	if err := os.WriteFile(b.path("body.html"), body, 0o600); err != nil {
		return err
	}
	self, err := os.Executable()
	if err != nil {
		return err
	}
	twin, err := start(ctx, "127.0.0.1:18017", "/bytes", self, "-twin", b.dir, "-addr", "127.0.0.1:18017")
	if err != nil {
		return err
	}
	defer twin.stop()
	var fresh []string
	for body := range 20 {
		for since := range 30 {
			fresh = append(fresh, list(body, 1990+since, 2000+since))
		}
	}
	query := func(path string) []string {
		var all []string
		for _, a := range fresh {
			_, q, _ := strings.Cut(a, "?")
			all = append(all, path+"?"+q)
		}
		return all
	}
	type run struct {
		name      string
		server    *server
		n         int
		addresses []string
		load      load
	}
	runs := []*run{
		{name: "cached", server: public, n: 20_000, addresses: []string{cached}},
		{name: "net/http, same bytes", server: twin, n: 20_000, addresses: []string{"/bytes"}},
		{name: "uncached", server: public, n: len(fresh), addresses: fresh},
		{name: "SQL for the page and its count, same bytes", server: twin, n: len(fresh), addresses: query("/list")},
		{name: "SQL also for the counts of every choice, same bytes", server: twin, n: 20, addresses: query("/facets")},
	}
	for _, r := range runs {
		if r.load, err = r.server.ask(r.n, r.addresses); err != nil {
			return err
		}
		b.say("Filtered list, "+r.name, "%.3f ms of the server's core, %.0f requests/s", ms(r.load.each), r.load.rate)
	}
	ratio := func(a, b *run) float64 { return float64(a.load.each) / float64(b.load.each) }
	b.say("Page", "%d KiB", len(body)>>10)
	b.say("**Cached : net/http with the same bytes**", "**%.2f**", ratio(runs[0], runs[1]))
	b.say("**Uncached : SQL for the page and its count**", "**%.2f**", ratio(runs[2], runs[3]))
	b.say("**Uncached : SQL also for the counts**", "**%.2f**", ratio(runs[2], runs[4]))
	return nil
}

// list is the address of a filtered list.
func list(body, since, until int) string {
	return "/rounds?" + url.Values{
		"agency": {bodyID(body)}, "since": {fmt.Sprint(since)}, "until": {fmt.Sprint(until)},
	}.Encode()
}

func ms(d time.Duration) float64 { return float64(d.Microseconds()) / 1000 }
