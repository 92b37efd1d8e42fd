package intake

import (
	"regexp"
	"strings"
	"sync"

	"golang.org/x/text/language"
	"golang.org/x/text/language/display"

	"track15/models/record"
)

// A vocabulary is what words mean, folded.
type vocabulary map[string]string

// vocab reads lines of "meaning: word|word".
func vocab(s string) vocabulary {
	v := vocabulary{}
	for line := range strings.Lines(strings.TrimSpace(s)) {
		meaning, words, _ := strings.Cut(strings.TrimSpace(line), ": ")
		if meaning == "-" {
			meaning = ""
		}
		for w := range strings.SplitSeq(words, "|") {
			v[folded(w)] = meaning
		}
		if meaning != "" {
			v[folded(meaning)] = meaning
		}
	}
	return v
}

// of is what a cell means, and whether it is known.
func (v vocabulary) of(cell string) (string, bool) {
	meaning, ok := v[folded(cell)]
	return meaning, ok
}

var tracks = vocab(`1: track 1|track i|t1|i|official|officials|government|gov|amtlich|offiziell|regierung|officiel|gouvernement|oficial|gobierno|официальный|官方
2: track 2|track ii|t2|ii|non-official|non-officials|unofficial|academic|expert|nicht amtlich|non officiel|no oficial|неофициальный|非官方|学者
-: 1.5|track 1.5|n/a|-|?`)

var roundTracks = vocab(`1.5: track 1.5|1,5|1½|t1.5|track i.5|1.5轨|一轨半
2: track 2|track ii|t2|二轨
1: track 1|track i|t1|一轨`)

var roles = vocab(`convener: convenor|organiser|organizer|convening|veranstalter|organisateur|organizador|организатор|主办
host: hosting|gastgeber|hôte|anfitrión|хозяин|принимающая сторона|东道主|承办
supporter: support|sponsor|funder|unterstützer|soutien|apoyo|спонсор|支持
-: participant|participating|teilnehmer|участник|参加`)

var capacities = vocab(`official: government official|gov|government|in official capacity|amtlich|beamter|officiel|oficial|официальное лицо|официально|官员
personal: personal capacity|in personal capacity|in their personal capacity|private|privat|persönlich|à titre personnel|a título personal|в личном качестве|个人身份
expert: academic|scholar|researcher|expertin|experte|chercheur|experto|эксперт|专家|学者
former official: former|ex-official|retired|retired official|ehemaliger beamter|ehemalig|ancien officiel|ex funcionario|бывший чиновник|前官员
observer: obs|beobachter|observateur|observador|наблюдатель|观察员
next generation: next gen|young leader|young professional|nachwuchs|jeune|joven|молодой специалист|青年
rapporteur: note taker|note-taker|notetaker|protokoll|rapporteuse|relator|докладчик|记录员
interpreter: translator|dolmetscher|dolmetscherin|interprète|intérprete|переводчик|翻译
staff: secretariat|support|logistics|admin|organisation|mitarbeiter|personnel|personal de apoyo|сотрудник|секретариат|工作人员
-: participant|speaker|panelist|panellist|n/a|-|?|teilnehmer|участник|与会者`)

var attendances = vocab(`invited: invitation sent|eingeladen|invité|invitado|приглашен|приглашён|已邀请
accepted: confirmed|yes (confirmed)|coming|zugesagt|bestätigt|confirmé|accepté|confirmado|подтвердил|подтверждено|确认|已确认
declined: regrets|no|cannot come|abgesagt|décliné|excusé|rechazado|declinado|отказ|отказался|谢绝|缺席
attended: yes|y|x|present|came|was there|anwesend|teilgenommen|ja|présent|oui|asistió|presente|sí|si|да|присутствовал|участвовал|出席|是|✓|✔|1
-: n/a|-|?|unknown|tbc`)

var roundStates = vocab(`proposed: idea|planned|vorgeschlagen|geplant|proposé|propuesto|предложен|拟议
agreed: vereinbart|convenu|acordado|согласован|商定
scheduled: fixed|date fixed|terminiert|prévu|programado|назначен|已定
held: done|took place|past|complete|completed|durchgeführt|stattgefunden|tenu|eu lieu|celebrado|проведен|проведён|состоялся|已举行
closed: archived|abgeschlossen|clos|cerrado|закрыт|已结束
postponed: delayed|verschoben|reporté|aplazado|отложен|перенесен|推迟
cancelled: canceled|abgesagt|annulé|cancelado|отменен|отменён|取消`)

var formats = vocab(`in person: in-person|physical|face to face|face-to-face|präsenz|vor Ort|en personne|présentiel|presencial|очно|очный|线下
virtual: online|remote|video|by video|zoom|webex|teams|digital|en ligne|virtuel|virtual|en línea|онлайн|线上
hybrid: mixed|hybride|híbrido|смешанный|гибридный|混合`)

var yes = vocab(`yes: y|x|true|1|head|hod|leader|ja|oui|sí|si|да|是|✓|✔|head of delegation|leiter|chef|jefe|глава
no: n|false|0|nein|non|нет|否|-`)

var bodyKinds = vocab(`ministry: ministerium|ministère|ministerio|министерство|部|部委|foreign ministry|mfa|mod|government department
agency: government agency|authority|behörde|amt|agence|agencia|агентство|ведомство|机关|government|administration
military: armed forces|army|navy|air force|militär|armée|fuerzas armadas|вооруженные силы|военные|军队|military academy
security service: intelligence|intelligence service|security services|nachrichtendienst|service de renseignement|servicio de inteligencia|спецслужба|安全部门
regulator: regulierer|régulateur|regulador|регулятор|监管机构
CERT: csirt|computer emergency response team|应急响应中心
think tank: think-tank|thinktank|research institute|institute|policy institute|forschungsinstitut|denkfabrik|centre de recherche|centro de estudios|аналитический центр|мозговой центр|智库|研究院|研究所
university: academic|academia|college|school|universität|hochschule|université|universidad|университет|大学|高校
company: business|industry|firm|private sector|corporation|unternehmen|firma|entreprise|empresa|компания|企业|公司
international organisation: international organization|io|igo|un|internationale organisation|organisation internationale|organización internacional|международная организация|国际组织
independent: freelance|none|unabhängig|indépendant|independiente|независимый|独立
other: sonstige|andere|autre|otro|другое|其他`)

var outputKinds = vocab(`summary: report|meeting summary|conference report|zusammenfassung|bericht|compte rendu|résumé|resumen|informe|отчет|отчёт|резюме|摘要|总结
joint statement: joint communique|joint communiqué|communique|communiqué|gemeinsame erklärung|déclaration commune|declaración conjunta|совместное заявление|联合声明
chair's report: chairs report|chair report|chair's summary|bericht des vorsitzes|rapport du président|informe del presidente|доклад председателя|主席报告
key findings: findings|takeaways|key takeaways|ergebnisse|conclusions|conclusiones|выводы|主要结论
readout: read-out|press release|news|pressemitteilung|communiqué de presse|nota de prensa|пресс-релиз|新闻稿
participant's piece: op-ed|article|blog|essay|participant piece|artikel|beitrag|article d'un participant|artículo|статья|文章
parallel paper: paper|working paper|parallel papers|papier|documento|документ|论文
announcement: ankündigung|annonce|anuncio|объявление|公告
commentary by others: commentary|comment|news report|press|kommentar|commentaire|comentario|комментарий|评论|报道`)

var languages = vocab(`en: english|englisch|anglais|inglés|английский|英文|英语
de: german|deutsch|allemand|alemán|немецкий|德文
fr: french|französisch|français|francés|французский|法文
es: spanish|spanisch|espagnol|español|испанский|西班牙文
ru: russian|russisch|russe|ruso|русский|俄文
zh: chinese|chinesisch|chinois|chino|китайский|中文|汉语
ja: japanese|japanisch|japonais|日文
ko: korean|koreanisch|coréen|韩文
ar: arabic|arabisch|arabe|árabe|арабский|阿拉伯文`)

// nobody are words for having no body.
var nobody = vocab(`words: independent|independent researcher|independent expert|independent consultant|freelance|freelancer|self-employed|retired|private|private citizen|unaffiliated|consultant|freiberuflich|im ruhestand|selbständig|indépendant|independiente|независимый эксперт|на пенсии|独立学者|独立研究者|退休
none: n/a|na|none|-|--|?|unknown|tbc|tbd|keine|aucun|ninguno|нет|无`)

// presets are what ground rules are called; what is none of these is closed.
var presets = vocab(`closed: nothing public|confidential|private|closed door|closed-door|vertraulich|geschlossen|confidentiel|confidencial|конфиденциально|закрытый|保密|不公开
details_forfeited: details forfeited|no details
chatham_house: chatham house|chatham house rule|chatham house rules|chatham|chr|ch rule|chatham-house-regel|chatham house regel|règle de chatham house|regla de chatham house|правило чатем-хауса|правило чатэм-хауса|чатем-хаус|чатэм хаус|查塔姆宫规则|查塔姆大厦规则|查塔姆守则
off_record_with_summary: off the record with summary|off the record, with a summary|off the record with a summary|off-the-record with summary
joint_statement: joint statement|joint statement only
background: on background
on_record: on the record|on record|on-the-record|public|öffentlich|public record|открытый|公开`)

// presetOf is the preset that words name, "" if none.
func presetOf(cell string) string {
	key, ok := presets.of(cell)
	if !ok {
		return ""
	}
	return key
}

// otherCountries are names and abbreviations beside those of Unicode.
var otherCountries = vocab(`US: usa|u.s|u.s.a|united states of america|america|vereinigte staaten von amerika|etats-unis|ee.uu|ee. uu|eeuu|сша|соединенные штаты|соединённые штаты америки|美国
GB: uk|u.k|great britain|britain|england|scotland|großbritannien|royaume-uni|reino unido|великобритания|соединенное королевство|英国
CN: prc|people's republic of china|p.r. china|pr china|mainland china|volksrepublik china|vr china|кнр|中国|中华人民共和国
RU: russian federation|russia|рф|российская федерация|俄罗斯|俄罗斯联邦
KR: rok|republic of korea|korea|korea (rok)|korea, republic of|korea, south|south korea|республика корея|韩国
KP: dprk|north korea|korea, north|democratic people's republic of korea|кндр|朝鲜
IR: islamic republic of iran|iran|иран
VN: viet nam|socialist republic of vietnam
TR: turkey|turkiye|türkei|turquie|turquía
CZ: czech republic|czechia
NL: holland|the netherlands
EU: european union|e.u|europäische union|union européenne|unión europea|европейский союз|ес|欧盟
UN: united nations|u.n|vereinte nationen|nations unies|naciones unidas|оон|联合国
TW: taiwan|chinese taipei|台湾
HK: hong kong|hong kong sar|香港
SY: syria
LA: laos
MD: moldova
BY: belarus|weißrussland|белоруссия
AE: uae|u.a.e|emirates
SA: ksa|saudi arabia
IN: india|republic of india|印度
PK: pakistan|巴基斯坦
JP: japan|日本
DE: germany|brd|federal republic of germany|德国
FR: france|法国`)

// countries are names of countries in six languages.
var countries = sync.OnceValue(func() vocabulary {
	all := vocabulary{}
	namers := []display.Namer{}
	for _, tag := range []string{"en", "de", "fr", "es", "ru", "zh"} {
		namers = append(namers, display.Regions(language.MustParse(tag)))
	}
	for a := 'A'; a <= 'Z'; a++ {
		for b := 'A'; b <= 'Z'; b++ {
			code := string([]rune{a, b})
			if record.CheckCountry("", code) != nil {
				continue
			}
			all[folded(code)] = code
			region, err := language.ParseRegion(code)
			if err != nil || region.String() != code {
				continue
			}
			all[folded(region.ISO3())] = code
			for _, n := range namers {
				if name := n.Name(region); name != "" && len(name) > 2 {
					all[folded(name)] = code
				}
			}
		}
	}
	delete(all, "zzz")
	for name, code := range otherCountries {
		all[name] = code
	}
	return all
})

var numberWords = regexp.MustCompile(`(?i)^(?:#|no\.?|nr\.?|round|meeting|session|runde|treffen|sitzung|réunion|reunión|ronda|раунд|встреча|第)?\s*([0-9]{1,3})\s*(?:st|nd|rd|th|\.|er|e|ère|ème|º|ª|-й|轮|届|次)?\s*(?:round|meeting|session|runde|treffen|réunion|ronda|reunión|раунд|встреча|会议|对话)?$`)

// label is the number that a cell gives for a round, as text; "" if the cell
// says something else.
func label(cell string) string {
	cell = strings.TrimSpace(cell)
	if m := numberWords.FindStringSubmatch(cell); m != nil {
		return strings.TrimLeft(m[1], "0")
	}
	return ""
}

var digits = regexp.MustCompile(`\d+`)

// number is the only number in a text, without zeros in front; else the text,
// folded.
func number(s string) string {
	if all := digits.FindAllString(s, -1); len(all) == 1 {
		return strings.TrimLeft(all[0], "0")
	}
	return record.Fold(s)
}

// parts divides a list: at semicolons, line ends and bars, in their Chinese forms
// too.
func parts(cell string) []string {
	var all []string
	for _, p := range strings.FieldsFunc(cell, func(r rune) bool { return strings.ContainsRune(";\n|；、•", r) }) {
		if p = strings.TrimSpace(strings.TrimLeft(strings.TrimSpace(p), "-–*")); p != "" {
			all = append(all, p)
		}
	}
	return all
}
