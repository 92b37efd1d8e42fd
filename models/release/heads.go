package release

import (
	"bytes"

	"track15/models/published"
	"track15/models/record"
)

// headOf returns the head of a document.
func headOf(doc any) published.Head {
	switch doc := doc.(type) {
	case published.Series:
		return doc.Head
	case published.Organisation:
		return doc.Head
	case published.Round:
		return doc.Head
	case published.Output:
		return doc.Head
	}
	panic("unreachable: no release document")
}

// withHead returns the document with another head.
func withHead(doc any, h published.Head) any {
	switch doc := doc.(type) {
	case published.Series:
		doc.Head = h
		return doc
	case published.Organisation:
		doc.Head = h
		return doc
	case published.Round:
		doc.Head = h
		return doc
	case published.Output:
		doc.Head = h
		return doc
	}
	panic("unreachable: no release document")
}

// sameWords reports whether a document says what the standing one says. Random
// bits and correction marks are not words.
func sameWords(doc any, standing record.PublicDocument) (bool, error) {
	was, err := decode(standing.FrozenDocument)
	if err != nil {
		return false, err
	}
	old, err := published.Encode(wordsOf(was))
	if err != nil {
		return false, err
	}
	now, err := published.Encode(wordsOf(doc))
	return bytes.Equal(old.Body, now.Body), err
}

// wordsOf returns a document without its random bits and correction mark.
func wordsOf(doc any) any {
	h := headOf(doc)
	h.Nonce, h.Correction = "", nil
	return withHead(doc, h)
}

// decode reads a frozen document back.
func decode(d record.FrozenDocument) (any, error) {
	doc := published.Document{Kind: published.Kind(d.Kind), Slug: d.Slug, Body: d.Body}
	switch doc.Kind {
	case published.KindSeries:
		var v published.Series
		err := doc.Decode(&v)
		return v, err
	case published.KindOrganisation:
		var v published.Organisation
		err := doc.Decode(&v)
		return v, err
	case published.KindRound:
		var v published.Round
		err := doc.Decode(&v)
		return v, err
	default:
		var v published.Output
		err := doc.Decode(&v)
		return v, err
	}
}
