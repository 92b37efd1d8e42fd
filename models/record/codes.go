package record

import (
	"regexp"
	"strings"

	"track15/models/fault"
)

// countries are the codes of ISO 3166-1, and EU and UN, which it reserves.
const countries = " AD AE AF AG AI AL AM AO AQ AR AS AT AU AW AX AZ BA BB BD BE BF BG BH BI BJ BL BM BN BO BQ BR BS BT BV BW BY BZ" +
	" CA CC CD CF CG CH CI CK CL CM CN CO CR CU CV CW CX CY CZ DE DJ DK DM DO DZ EC EE EG EH ER ES ET EU FI FJ FK FM FO FR" +
	" GA GB GD GE GF GG GH GI GL GM GN GP GQ GR GS GT GU GW GY HK HM HN HR HT HU ID IE IL IM IN IO IQ IR IS IT JE JM JO JP" +
	" KE KG KH KI KM KN KP KR KW KY KZ LA LB LC LI LK LR LS LT LU LV LY MA MC MD ME MF MG MH MK ML MM MN MO MP MQ MR MS MT MU MV MW MX MY MZ" +
	" NA NC NE NF NG NI NL NO NP NR NU NZ OM PA PE PF PG PH PK PL PM PN PR PS PT PW PY QA RE RO RS RU RW SA SB SC SD SE SG SH SI SJ SK SL SM SN SO SR SS ST SV SX SY SZ" +
	" TC TD TF TG TH TJ TK TL TM TN TO TR TT TV TW TZ UA UG UM UN US UY UZ VA VC VE VG VI VN VU WF WS YE YT ZA ZM ZW "

// ownCodes are those that ISO leaves to everybody.
var ownCodes = regexp.MustCompile(`^(AA|ZZ|Q[M-Z]|X[A-Z])$`)

// CheckCountry holds that s is a country's code in two capital letters: one of
// ISO 3166-1, or one that it leaves to its users. "" is no country, which is no
// error.
func CheckCountry(field, s string) error {
	if s == "" || ownCodes.MatchString(s) || len(s) == 2 && strings.Contains(countries, " "+s+" ") {
		return nil
	}
	return fault.Field(field, "Enter a country as its two letters in ISO 3166, such as CH.")
}

var languageTag = regexp.MustCompile(`^[A-Za-z]{1,8}(-[A-Za-z0-9]{1,8})*$`)

// CheckLanguage holds that s has the form of a language tag (BCP 47): "en",
// "zh-Hans". "" is not known, which is no error.
func CheckLanguage(field, s string) error {
	if s == "" || len(s) <= 40 && languageTag.MatchString(s) {
		return nil
	}
	return fault.Field(field, "Enter a language as its tag, such as en or zh-Hans.")
}

// orcid brings an ORCID iD into one form, however it was written: its address,
// without hyphens, with a small x.
func orcid(s string) string {
	s = strings.ToUpper(line(s))
	for _, before := range []string{"HTTPS://", "HTTP://", "WWW.", "ORCID.ORG/"} {
		s = strings.TrimPrefix(s, before)
	}
	plain := strings.ReplaceAll(strings.ReplaceAll(s, "-", ""), " ", "")
	if len(plain) != 16 {
		return s
	}
	return plain[:4] + "-" + plain[4:8] + "-" + plain[8:12] + "-" + plain[12:]
}

var orcidForm = regexp.MustCompile(`^\d{4}-\d{4}-\d{4}-\d{3}[\dX]$`)

// checkORCID holds the ORCID iD of an author to its form and its check digit (ISO
// 7064, MOD 11-2). Only a person has one.
func checkORCID(field string, a Author) error {
	switch {
	case a.ORCID == "":
		return nil
	case a.Literal != "":
		return fault.Field(field, "An ORCID iD is a person's: enter the family name and given name.")
	case !orcidForm.MatchString(a.ORCID):
		return fault.Field(field, "Enter an ORCID iD as 0000-0002-1825-0097.")
	}
	sum, digits := 0, strings.ReplaceAll(a.ORCID, "-", "")
	for _, r := range digits[:15] {
		sum = (sum + int(r-'0')) * 2
	}
	if "0123456789X"[(12-sum%11)%11] != digits[15] {
		return fault.Field(field, "This is no ORCID iD: its last digit does not fit the others. Look whether it was copied whole.")
	}
	return nil
}
