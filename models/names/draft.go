package names

// What a text is searched with, word for word.

// Latin is a word in small letters of ASCII, without marks and hyphens; Han
// characters are their Mandarin reading.
func Latin(word string) string { return compact(ascii(word)) }

// Sound is a word of Latin, as it sounds: two spellings of one name mostly share
// it.
func Sound(latin string) string { return sound(latin) }

// FromWade returns what a word may be in pinyin if it is written as Wade and Giles
// did, at most some dozens; none if it cannot be. Hyphens divide syllables.
func FromWade(word string) []string { return wadeReadings(ascii(word)) }

// IsPinyin reports whether a word of Latin is made of syllables of Mandarin.
func IsPinyin(latin string) bool { return syllables(latin) > 0 }

// Loose is a word of Latin with each sound that romanisations write in several
// ways written in one.
func Loose(latin string) string { return single(looser.Replace(latin)) }

// Initials are the first letters of words.
func Initials(words []string) string { return initials(words) }

// Nearly reports whether two words are the same but for one letter that is other,
// missing or changed with the next.
func Nearly(a, b string) bool { return nearly(a, b) }
