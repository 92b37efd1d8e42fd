package seal

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"track15/models/fault"
)

// A Witness is an entry of the audit chain as seen from outside the database:
// its number and its link. The zero Witness has seen nothing.
type Witness struct {
	Number int64
	Link   []byte
}

// The head witness is a file of two lines, for the last two entries. The one of
// the next entry overwrites the older, so that the newer stays whole meanwhile.
//
// A line is announced before its entry is stored, and marked as stored after:
// so it can go to the disk at the same time as the entry, and one wait is
// enough for both.

// Witness reads the head witness: the last entry that was stored, and the one
// that was announced after it, zero if there is none. Whether the announced one
// was stored too, only the chain can say.
//
// It fails with Unavailable if the file is damaged.
func (r *Ring) Witness() (stored, announced Witness, err error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	f, lines, err := r.witness(os.O_RDONLY)
	if err != nil || f == nil {
		return Witness{}, Witness{}, err
	}
	newer, older := lines[0], lines[1]
	if newer.Number < older.Number {
		newer, older = older, newer
	}
	if newer.announced {
		// One entry is announced when the one before it is stored.
		return older.Witness, newer.Witness, f.Close()
	}
	return newer.Witness, Witness{}, f.Close()
}

// Announce writes down an entry that is about to be stored, unless a later one
// was seen already, and begins to bring that to the disk. It is on the disk
// when synced returns nil; synced must be called.
//
// An announcement that no entry followed is overwritten by the next.
func (r *Ring) Announce(w Witness) (synced func() error) {
	f, err := r.announce(w)
	if err != nil || f == nil {
		return func() error { return err }
	}
	done := make(chan error, 1)
	go func() { done <- errors.Join(f.Sync(), f.Close()) }()
	return func() error { return <-done }
}

// announce returns the file that is to be brought to the disk, nil if there is
// nothing to bring.
func (r *Ring) announce(w Witness) (*os.File, error) {
	unlock, err := r.lockWitness()
	if err != nil {
		return nil, err
	}
	defer unlock()
	text := line{w, true}.text()
	f, lines, err := r.witness(os.O_RDWR)
	if err != nil {
		return nil, err
	}
	if f == nil {
		tmp, err := write(r.dir, text)
		if err != nil {
			return nil, err
		}
		return nil, errors.Join(os.Rename(tmp, r.witnessPath()), syncDir(r.dir))
	}
	for _, l := range lines {
		if l.Number > w.Number || l.Number == w.Number && !l.announced {
			return nil, f.Close()
		}
	}
	// The line that stays is that of the last entry before this one.
	at := 0
	if lines[0].Number < w.Number && (lines[0].Number > lines[1].Number || lines[1].Number == w.Number) {
		at = 1
	}
	if err := writeLine(f, at, text); err != nil {
		return nil, errors.Join(err, f.Close())
	}
	return f, nil
}

// Stored marks an announced entry as stored: it cannot be taken away any more
// without being missed. The mark does not wait for the disk; it goes there with
// the next announcement, or when the system writes.
func (r *Ring) Stored(w Witness) error {
	unlock, err := r.lockWitness()
	if err != nil {
		return err
	}
	defer unlock()
	f, lines, err := r.witness(os.O_RDWR)
	if err != nil || f == nil {
		return err
	}
	for at, l := range lines {
		if l.announced && l.Number == w.Number && bytes.Equal(l.Link, w.Link) {
			err = writeLine(f, at, line{w, false}.text())
		}
	}
	return errors.Join(err, f.Close())
}

// lockWitness keeps others of this process and of other processes from writing
// the witness.
func (r *Ring) lockWitness() (unlock func(), err error) {
	r.mu.Lock()
	release, err := lock(filepath.Join(r.dir, "witness.lock"))
	if err != nil {
		r.mu.Unlock()
		return nil, err
	}
	return func() { release(); r.mu.Unlock() }, nil
}

func (r *Ring) witnessPath() string { return filepath.Join(r.dir, "witness") }

// witness opens the file and reads its two lines; one that is not whole is zero.
// No file is nil and no error; a file without a whole line is damaged.
func (r *Ring) witness(flag int) (f *os.File, lines [2]line, err error) {
	f, err = os.OpenFile(r.witnessPath(), flag, 0)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, lines, nil
	}
	if err != nil {
		return nil, lines, fault.Errorf(fault.Unavailable, "the head witness cannot be opened")
	}
	var b [2 * lineLen]byte
	n, err := f.ReadAt(b[:], 0)
	if err != nil && !errors.Is(err, io.EOF) {
		return nil, lines, errors.Join(fault.Errorf(fault.Unavailable, "the head witness cannot be read"), f.Close())
	}
	first := b[:min(n, lineLen)]
	lines[0], lines[1] = parseLine(first), parseLine(b[len(first):n])
	if lines[0].Number == 0 && lines[1].Number == 0 {
		return nil, lines, errors.Join(fault.Errorf(fault.Unavailable, "the head witness is damaged"), f.Close())
	}
	return f, lines, nil
}

func writeLine(f *os.File, at int, text string) error {
	if _, err := f.WriteAt([]byte(text), int64(at*lineLen)); err != nil {
		return fault.Errorf(fault.Unavailable, "the head witness cannot be written")
	}
	return nil
}

// A line is an entry in the file, announced or stored.
type line struct {
	Witness
	announced bool
}

// lineLen is the length of a line: number, link, and the sum of both, by which a
// line is known that was only half written, and whether it is announced.
const lineLen = 20 + 1 + 2*sha256.Size + 1 + 8 + 1

func (l line) text() string {
	text := fmt.Sprintf("%020d %x", l.Number, l.Link)
	summed := text
	if l.announced {
		summed += " announced"
	}
	sum := sha256.Sum256([]byte(summed))
	return fmt.Sprintf("%s %x\n", text, sum[:4])
}

// parseLine reads a line; it is zero if that is not whole. Older programs wrote
// a line without a sum, shorter, in a new file each time.
func parseLine(b []byte) line {
	text := strings.TrimRight(string(b), "\x00")
	fields := strings.Fields(text)
	if len(fields) != 2 && len(fields) != 3 {
		return line{}
	}
	n, err := strconv.ParseInt(fields[0], 10, 64)
	link, err2 := hex.DecodeString(fields[1])
	if err != nil || err2 != nil || n < 1 || len(link) != sha256.Size {
		return line{}
	}
	stored, announced := line{Witness{n, link}, false}, line{Witness{n, link}, true}
	switch {
	case len(fields) == 2, text == stored.text():
		return stored
	case text == announced.text():
		return announced
	}
	return line{}
}
