// Package track15 keeps the record of Track 1.5 dialogues and publishes the
// part of it that was cleared.
//
// Everything here serves one sentence: what was not released cannot reach the
// public, and one can show why.
//
//	desk (staff)                                                    public (anyone)
//	web/desk --> models/recordstore --> RECORD      PUBLISHED <-- models/publishedstore <-- web/public
//	                   |                                ^
//	                   +-------> models/release --------+
//	                             the one arrow
//
// # The map
//
//	cmd/track15          the desk's program, one file a command
//	cmd/track15-public   the public program; links nothing of the record
//
//	web/desk             staff routes, all in desk.go
//	web/links            one-time links: a party reads its own words, and answers
//	web/public           public routes with their parameters, all in public.go
//	web/guard            what stands before every handler: session, headers, hosts, limits
//	web/respond          pages, redirects, and the one table from error kind to status
//	web/browsertest      a real browser, for tests
//
//	models/record        the words and rules of the field; acts.go says who may do what
//	models/recordstore   the record's database; every method is an act, audited
//	models/published     release documents: what the public may read, and nothing else
//	models/publishedstore  the published database: one writer, one reader
//	models/release       from the record to the public: documents, signatures, delivery
//	models/disclosure    compares a draft with the record: where it may disclose something
//	models/interchange   the file format of a whole record
//	models/sheet         tables as files: CSV, XLSX, pasted from mail
//	models/names         which spellings may be one name
//	models/intake        from a table to entries of the record
//	models/minutes       notes that were not typed live, taken apart into remarks
//	models/tables        from lists of the record to tables that an import reads
//	models/papers        documents for a round, each for a recipient
//	models/replies       answers of parties that came as files
//	models/lcs           what two texts have in common, word by word
//	models/answers       numbers in which nobody is recognised
//	models/historic      rounds that are public elsewhere, read from files
//	models/demo          the demonstration's content
//	models/seal          the key directory, and values sealed under its keysets
//	models/database      opens both kinds of database; the one place that knows the dialect
//	models/fault         the kinds of errors
//
//	views/public, views/desk, views/links   pages as templ components, each with its struct
//	views/layout, views/components   what pages share
//	views/messages       words of papers, a file a language
//	assets               style sheets, scripts, fonts; staff files apart from public ones
//	migrations           the two schemas
//	docs                 decisions (adr), figures, what operators read
//	tools                the tools' own go.mod, so that they add nothing to ours
//
// # Where to begin
//
// models/record/acts.go is the table of rights. models/published/published.go
// is everything that can ever be public. models/release/documents.go is the
// only code that turns the one into the other. walls_test.go holds the rest of
// the program away from it.
package track15
