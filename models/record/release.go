package record

// ReleaseKind says what a release does to what is public.
type ReleaseKind string

const (
	FirstRelease ReleaseKind = "release"     // documents that were not public before
	Correction   ReleaseKind = "correction"  // new versions of documents that were
	Suspension   ReleaseKind = "suspension"  // takes one away for the time being; one person
	Withdrawal   ReleaseKind = "withdrawal"  // takes one away for good
	Restoration  ReleaseKind = "restoration" // brings one back as it was
)

// Closes reports whether the release takes something away and adds nothing.
func (k ReleaseKind) Closes() bool { return k == Suspension || k == Withdrawal }

// ReleaseState is where a release stands.
type ReleaseState string

const (
	Frozen        ReleaseState = "frozen"        // its bytes stand; nobody signed
	Signed        ReleaseState = "signed"        // by the person who asks for it
	Countersigned ReleaseState = "countersigned" // by the second person; waits for delivery
	Due           ReleaseState = "due"           // has its number; delivery has begun
	Released      ReleaseState = "released"      // delivered
	CalledOff     ReleaseState = "cancelled"     // by a person, before the second signature
	Refused       ReleaseState = "refused"       // by delivery: what was signed is not what is stored
)

// ReleaseStates lists the states in the order of a release's life.
var ReleaseStates = []ReleaseState{Frozen, Signed, Countersigned, Due, Released, CalledOff, Refused}

// A Release is a batch of frozen documents on its way to the public. From the
// moment it is frozen only its state, signatures and number change.
type Release struct {
	ID        string
	Kind      ReleaseKind
	State     ReleaseState
	Title     string   // of its first round, in the words that would be released
	SeriesIDs []string // whoever acts on the release needs the right in each
	Import    bool     // made by an import of public sources

	Put  []FrozenDocument // in the order of the hash; without bodies in lists
	Drop []FrozenDrop
	// Documents is the number of documents put, also where Put was not read.
	Documents int
	Hash      string // published.BatchHash, hex; what both people sign

	Timing Timing // when it may be delivered

	Note      string // what changed, in words that become public; "" for none
	Amendment bool   // earlier versions stay readable

	PreparedBy Signatory
	PreparedAt int64       // microseconds since 1970 UTC
	Asked      Signatory   // whom the first signer asked to sign second, the zero one for nobody
	Signatures []Signature // in order of position
	Number     int64       // of delivery, 0 until then
	NumberedAt int64       // microseconds; the instant in the envelope
	Delivered  bool

	CancelledBy  Signatory
	CancelledAt  int64
	CancelReason string // stays in the record
}

// TakesAway reports whether the release is to take words from the public: it
// closes something, or redacts it.
func (r Release) TakesAway() bool {
	return r.Kind.Closes() || r.Kind == Correction && !r.Amendment
}

// Returned reports whether somebody else sent the release back to who signed first.
func (r Release) Returned() bool {
	first := r.Signature(1)
	return r.State == CalledOff && first.ID != "" && r.CancelledBy.ID != "" && r.CancelledBy.ID != first.ID
}

// Signature returns the signature at a position: the zero one if it is missing.
func (r Release) Signature(position int) Signature {
	for _, s := range r.Signatures {
		if s.Position == position {
			return s
		}
	}
	return Signature{}
}

// A Signatory is an account with the name it had when it acted.
type Signatory struct {
	ID   string
	Name string
}

// A Signature binds a person to the hash of a release. MAC is made with a key
// outside the database over the release, the hash, the account, the position,
// the instant, and who typed it.
type Signature struct {
	Position int // 1 asks, 2 countersigns
	Signatory
	At      int64     // microseconds since 1970 UTC
	Entered Signatory // who typed it, if it was given by telephone
	MAC     []byte
}

// A FrozenDocument is a release document as it was frozen.
type FrozenDocument struct {
	Kind     string // published.Kind
	Slug     string
	Hash     string // SHA-256 of Body, hex
	Body     []byte // canonical JSON; exactly what may become public
	ObjectID string // the record object it was made of
	// Within is the slug of the document without which this one is not public:
	// of a round its series, of an output its round or, with WithinSeries, its
	// series.
	Within       string
	WithinSeries bool
	// Names are the slugs of the organisations that the document names.
	Names []string
	// Observations are an output's, as numbered for this release.
	Observations []FrozenObservation
}

// A FrozenObservation is where an observation stands in public: its slug and
// number stay, over all versions.
type FrozenObservation struct {
	ObjectID string `json:"object_id"`
	Slug     string `json:"slug"`
	Number   int    `json:"number"`
}

// A FrozenDrop takes a document away.
type FrozenDrop struct {
	Kind   string
	Slug   string
	Notice string // published.Notice, or Silent
	Reason string // a sentence for the notice, which becomes public; "" for the constant one
}

// Silent is the Notice of what leaves no trace: its address answers as if
// nothing had ever been there.
const Silent = "silent"

// A PublicDocument is a document that a delivered release was about, as it
// stands now.
type PublicDocument struct {
	FrozenDocument
	ReleaseID string // of the version that stands
	Number    int64  // of that release
	At        int64  // its instant, microseconds since 1970 UTC
	// Notice is "" for a document that nobody took away by itself, else as in the
	// FrozenDrop that did.
	Notice    string
	ChangedBy string // release that last put it or took it away by itself
	// Present says that the public can read it now. A document that nobody took
	// away is absent while the round it belongs to is.
	Present bool
}

// A Bar says why a person may not countersign a release.
type Bar struct {
	Act string // what they did: the act of an edit, "sign" or "write the note"
	At  int64  // when, microseconds since 1970 UTC
}
