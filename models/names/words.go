package names

import (
	"slices"
	"strings"
	"unicode"
)

// A script is what letters a word is written in.
type script int

const (
	latin script = iota // also what has no letters
	han
	hangul
	cyrillic
	arabic
	another
)

// scriptOf is the script of the first letter of s.
func scriptOf(s string) script {
	for _, r := range s {
		switch {
		case r < 0x80 && unicode.IsLetter(r), unicode.Is(unicode.Latin, r):
			return latin
		case unicode.Is(unicode.Han, r):
			return han
		case unicode.Is(unicode.Hangul, r):
			return hangul
		case unicode.Is(unicode.Cyrillic, r):
			return cyrillic
		case unicode.In(r, unicode.Arabic, unicode.Hebrew):
			return arabic
		case unicode.IsLetter(r):
			return another
		}
	}
	return latin
}

// honorifics are titles in the languages of tables, without points and in small
// letters. A title in front goes on over several: "Vice Adm.".
var honorifics = words(`
	dr drs prof professor professeur profesor professorin univ-prof assoc asst associate assistant emeritus em phd dphil md ing dipl-ing mba llm ma msc bsc jd mp mep
	mr mrs ms miss mx sir dame lord lady herr frau monsieur madame mme mlle m señor señora sr sra don doña г-н г-жа господин госпожа др проф профессор доктор
	amb ambassador ambassadeur botschafter botschafterin embajador embajadora посол min minister hon honourable honorable rt right h.e he excellency senator sen rep
	gen general général генерал maj major lt lieutenant leutnant ltg ltc col colonel oberst coronel полковник brig brigadier capt captain kapitän cdr commander cmdr commodore adm admiral vice rear vadm radm
	air marshal marshall sgt sergeant chief ret retd retired a.d ambassador-at-large
	先生 女士 教授 博士 大使 将军 少将 中将 上将 部长
	obe cbe mbe kbe kcmg cmg qc kc`)

func words(s string) map[string]bool {
	all := map[string]bool{}
	for _, w := range strings.Fields(s) {
		all[w] = true
	}
	return all
}

// titles takes titles from both ends of the words and returns the rest. One that
// is all there is, or that could be a given name's initial, stays.
func (p *Parsed) titles(all []string) []string {
	rest := p.titleWords(all)
	if len(rest) == len(all) {
		return rest
	}
	i := slices.Index(all, first(rest))
	if len(rest) == 0 {
		i = len(all)
	}
	titles := slices.Concat(all[:i], all[min(len(all), i+len(rest)):])
	p.Honorific = strings.TrimSpace(p.Honorific + " " + strings.Join(titles, " "))
	return rest
}

func first(all []string) string {
	if len(all) == 0 {
		return ""
	}
	return all[0]
}

// titleWords returns the words without the titles at both ends.
func (*Parsed) titleWords(all []string) []string {
	from, to := 0, len(all)
	for from < to && isTitle(all[from], from == 0) {
		from++
	}
	for to > from && isTitle(all[to-1], false) {
		to--
	}
	return all[from:to]
}

// isTitle reports whether a word is a title. "M." is one only in front, and
// capitals are family names: "MAJOR".
func isTitle(w string, front bool) bool {
	key := strings.ToLower(strings.Trim(w, ".,"))
	if !honorifics[key] {
		return false
	}
	switch key {
	case "m":
		return front
	case "ma", "sr", "em", "he", "min", "don", "ret", "hon", "general", "major", "marshal", "marshall", "chief", "vice", "air", "miss", "lord", "dame", "right", "rt":
		// Words that are names too count with a point, in front, or as "(ret)".
		return front || strings.HasSuffix(w, ".") || key == "ret" || key == "general" || key == "marshal"
	case "jd", "md", "qc", "kc", "mp":
		return w == strings.ToUpper(w) && !front
	}
	return true
}

// isGeneration reports whether a word tells a son from his father.
func isGeneration(w string) bool {
	switch strings.ToLower(strings.Trim(w, ".")) {
	case "jr", "jnr", "snr", "ii", "iii", "iv", "fils", "filho", "neto", "júnior":
		return true
	}
	return false
}

var particles = words("van von der den de del della dello degli di da dos das do du des la le les lo el al bin ibn ben bint abu ter ten te zu zum zur af av y san santa st 't op vom af")

// isParticle reports whether a word is a small one that belongs to the family
// name behind it.
func isParticle(w string) bool { return particles[strings.ToLower(w)] }

// isPatronymic reports whether a word is a Russian father's name, in either
// script.
func isPatronymic(w string) bool {
	w = strings.ToLower(w)
	for _, end := range []string{"ович", "евич", "ична", "овна", "евна", "ovich", "evich", "ovna", "evna", "ichna"} {
		if strings.HasSuffix(w, end) && len(w) > len(end)+1 {
			return true
		}
	}
	return false
}

// compoundFamilies are Chinese family names of two characters.
var compoundFamilies = strings.Fields("欧阳 歐陽 司马 司馬 诸葛 諸葛 上官 东方 東方 皇甫 尉迟 尉遲 公孙 公孫 轩辕 軒轅 令狐 钟离 鍾離 宇文 长孙 長孫 慕容 司徒 司空 夏侯 端木 南宫 南宮 独孤 獨孤 西门 西門")

// chineseFamilies are frequent family names in pinyin and as they are written in
// Hong Kong and Taiwan.
var chineseFamilies = words(`
	wang li zhang liu chen yang zhao huang zhou wu xu sun hu zhu gao lin he guo ma luo liang song zheng xie han tang feng yu dong xiao cheng cao yuan deng fu shen zeng peng lu su jiang cai jia ding wei xue ye yan pan du dai xia zhong tian ren fan fang shi yao tan liao zou xiong jin hao kong bai cui kang mao qiu qin gu hou shao meng long wan duan lei qian yin yi chang qiao lai gong wen pang fei ou ouyang sima zhuge shangguan situ nie mei sheng tong tao mo hua ji ning ling miao tu xiang gan chai ge bao
	chan cheung wong lee leung ng chow tsai hsu hsieh teng chiang chang chung tseng kuo chao chou huang yeh liao tsao lau kwok kwan lam tam yip yeung mok`)

var koreanFamilies = words("kim lee park choi jung jeong kang cho jo yoon yun jang lim im han oh seo shin kwon hwang ahn an song ryu yoo hong jeon moon son bae baek heo nam noh roh pak")

var vietnameseFamilies = words("nguyen tran le pham hoang huynh phan vu vo dang bui do ho ngo duong ly")

func isVietnamese(w string) bool { return vietnameseFamilies[ascii(w)] }

func koreanFamily(w string) bool { return koreanFamilies[ascii(w)] }

// isEastFamily reports whether a word is a frequent family name of countries
// that put it first.
func isEastFamily(w string) bool {
	w = ascii(w)
	return chineseFamilies[w] || koreanFamilies[w] || vietnameseFamilies[w]
}

// sinic reports whether a name sounds Chinese: a frequent family name, and a
// given name of one or two syllables.
func sinic(family, given string) bool {
	if !chineseFamilies[ascii(family)] {
		return false
	}
	n := syllables(strings.NewReplacer(" ", "", "-", "").Replace(ascii(given)))
	return n == 1 || n == 2
}
