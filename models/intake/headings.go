package intake

import (
	"slices"
	"strings"
	"sync"
	"unicode"

	"track15/models/record"
)

// headings are what columns are called, in English, German, French, Spanish,
// Russian and Chinese, folded; those of one field for all kinds of table.
var headings = map[Field]string{
	Name:       "name|full name|participant|participant name|name of participant|person|delegate|expert|attendee|speaker|name und vorname|vollständiger name|teilnehmer|teilnehmende|nom complet|nom et prénom|participants|nom du participant|nombre completo|nombre y apellidos|participante|фио|ф.и.о.|имя и фамилия|участник|姓名|名字|与会者|参加者|名称",
	Given:      "given|given name|given names|first name|first names|forename|vorname|prénom|prenom|nombre|nombres|имя|имя отчество|名",
	Family:     "family|family name|last name|surname|familienname|nachname|nom|nom de famille|apellido|apellidos|фамилия|姓",
	Honorific:  "title|titles|honorific|salutation|prefix|anrede|akademischer titel|titre|civilité|tratamiento|título|обращение|звание|称谓|头衔",
	Native:     "native name|native script|name in native script|original name|chinese name|russian name|name (original)|name in chinese|name in original script|originalname|name in originalschrift|nom original|nom d'origine|nombre original|имя на родном языке|оригинальное имя|中文名|中文姓名|本国文字姓名|原名",
	Aliases:    "alias|aliases|also known as|other names|aka|andere namen|weitere namen|autres noms|otros nombres|другие имена|псевдонимы|别名|其他名称",
	Acronym:    "acronym|abbreviation|abbr|short name|short|abkürzung|kürzel|akronym|sigle|acronyme|siglas|sigla|acrónimo|аббревиатура|сокращение|缩写|简称",
	Country:    "country|nationality|nation|state (country)|land|staat|nationalität|staatsangehörigkeit|pays|nationalité|país|pais|nacionalidad|страна|гражданство|国家|国籍|国别",
	BodyKind:   "kind|type|kind of body|category|type of organisation|type of organization|art|typ|type d'organisation|tipo|tipo de organización|вид|тип|тип организации|类型|类别|机构类型",
	Parent:     "parent|parent body|parent organisation|parent organization|part of|belongs to|übergeordnet|gehört zu|organisme de tutelle|dependencia|вышестоящая организация|входит в|上级机构|上级单位",
	BodyName:   "organisation|organization|affiliation|institution|institute|institutional affiliation|employer|company|body|agency|organisation (badge)|badge|einrichtung|institut|firma|arbeitgeber|affiliation institutionnelle|organisme|établissement|institución|organización|organismo|afiliación|организация|учреждение|место работы|ведомство|单位|机构|工作单位|所属单位|组织",
	ActingFor:  "true affiliation|acting for|actual affiliation|real affiliation|attends through|behind|tatsächliche zugehörigkeit|handelt für|affiliation réelle|agit pour|afiliación real|actúa por|фактическая принадлежность|действует от имени|真实单位|实际单位",
	Side:       "side|delegation|party|seite|partei|côté|partie|délégation|lado|parte|delegación|сторона|делегация|方|代表团",
	Track:      "track|schiene|piste|pista|vía|трек|轨道|轨",
	Role:       "role of organisation|role of organization|organisation role|rolle der einrichtung|rôle de l'organisme|роль организации|机构角色",
	Capacity:   "capacity|role|function at the meeting|participates as|in what capacity|eigenschaft|rolle|teilnahme als|qualité|rôle|en qualité de|capacidad|calidad|rol|в качестве|роль|статус участника|身份|角色",
	Post:       "position|post|job title|function|designation|title/position|title and position|rank|funktion|stellung|amt|fonction|poste|cargo|puesto|função|должность|职务|职位",
	Head:       "head of delegation|head|hod|delegation head|leader|leiter|delegationsleiter|delegationsleitung|chef de délégation|chef|jefe de delegación|jefe|глава делегации|团长",
	Attendance: "attendance|attended|status|rsvp|response|invited|confirmed|participation|teilnahme|zusage|présence|réponse|asistencia|respuesta|участие|присутствие|ответ|出席|出席情况|回复",
	SeriesName: "series|dialogue|dialog|name of dialogue|dialogue series|programme|reihe|dialogreihe|série|serie|diálogo|серия|диалог|系列|对话",
	RoundName:  "round|meeting|round no|round number|no of round|session no|number|no|nr|event|runde|treffen|sitzung|tagung|runde nr|cycle|réunion|session|numéro|ronda|reunión|encuentro|número|раунд|встреча|заседание|номер|№|轮次|轮|会议|届",
	Title:      "title|internal title|heading|name of text|titel|überschrift|titre|intitulé|título|titulo|название|заголовок|标题|题目|名称",
	Opens:      "date|dates|from|start|start date|begin|begins|opens|opening|first day|when|round date|datum|beginn|von|anfang|dates de la réunion|début|du|date de début|fecha|fechas|inicio|desde|fecha de inicio|дата|даты|начало|с|дата начала|日期|时间|开始|开始日期",
	Closes:     "to|end|end date|ends|closes|until|last day|ende|bis|enddatum|fin|au|date de fin|hasta|fecha de fin|конец|окончание|по|дата окончания|结束|结束日期",
	City:       "city|place|location|town|venue city|ort|stadt|tagungsort|ville|lieu|ciudad|lugar|город|место|место проведения|城市|地点",
	Venue:      "venue|hotel|address of venue|building|veranstaltungsort|lieu précis|salle|sede|recinto|площадка|адрес проведения|会场|场地",
	Format:     "format|mode|form|modalité|modalidad|формат|形式",
	State:      "state|status|stand|stage|état|statut|estado|состояние|статус|状态",
	Topics:     "topics|topic|subjects|subject|themes|agenda|themen|thema|schwerpunkte|thèmes|sujets|temas|asuntos|темы|тема|повестка|议题|主题",
	Rules:      "ground rule|ground rules|rules|rule|confidentiality|regel|regeln|grundregel|vertraulichkeit|règle|règles|confidentialité|regla|reglas|confidencialidad|правила|правило|конфиденциальность|规则|保密规则",
	Conveners:  "convener|conveners|convenor|convenors|organiser|organisers|organizer|organizers|veranstalter|organisateur|organisateurs|convocante|organizador|organizadores|организатор|организаторы|主办方|召集方",
	Hosts:      "host|hosts|hosted by|gastgeber|hôte|hôtes|anfitrión|принимающая сторона|хозяин|东道主|承办方",
	Bodies:     "organisations|organizations|institutions|participating organisations|participating organizations|bodies|agencies|attending bodies|einrichtungen|institutionen|organismes|organisations participantes|organizaciones|instituciones|организации|участвующие организации|参加单位|参会机构|机构",
	Summary:    "summary|abstract|public summary|zusammenfassung|résumé|resumen|резюме|краткое содержание|摘要|概要",
	Address:    "url|link|address|web address|website|source|public at|webseite|quelle|lien|site web|adresse web|enlace|sitio web|fuente|ссылка|адрес|сайт|источник|链接|网址|来源",
	OutputKind: "kind|type|kind of text|output type|kind of output|art|textart|type de texte|tipo|tipo de texto|вид|тип|жанр|类型|文体",
	Authors:    "author|authors|by|written by|autor|autoren|verfasser|auteur|auteurs|autores|автор|авторы|作者",
	Outlet:     "outlet|publisher|journal|published in|medium|verlag|erschienen in|éditeur|publié dans|revista|publicado en|editorial|издание|издатель|опубликовано в|出版物|发表于|媒体|出版社",
	Published:  "date|published|publication date|date of publication|year|datum|erschienen|erscheinungsdatum|date de publication|publié le|fecha|fecha de publicación|дата|дата публикации|год|日期|发表日期|出版日期",
	Language:   "language|lang|sprache|langue|idioma|язык|语言",
}

var headingSigns = strings.NewReplacer("_", " ", "*", "", "’", "'")

// folded writes a heading for comparing: in small letters, without points and
// what stands in brackets behind it.
func folded(s string) string {
	s = headingSigns.Replace(s)
	return strings.Join(strings.Fields(strings.TrimRight(record.Fold(s), " .:*#?")), " ")
}

type kindHeading struct {
	kind Kind
	word string
}

// fieldsByHeading are the fields by heading; of several the first in the order
// of Fields.
var fieldsByHeading = sync.OnceValue(func() map[kindHeading]Field {
	all := map[kindHeading]Field{}
	for kind, list := range fields {
		add := func(word string, f Field) {
			key := kindHeading{kind, folded(word)}
			if _, taken := all[key]; !taken {
				all[key] = f
			}
		}
		for _, f := range list {
			for word := range strings.SplitSeq(headings[f], "|") {
				// A bare number counts rounds only in a table of rounds.
				if kind == Rounds || !slices.Contains(bareNumbers, word) {
					add(word, f)
				}
			}
		}
		for _, f := range list {
			add(string(f), f)
		}
		if kind == Organisations {
			for word := range strings.SplitSeq(headings[BodyName]+"|"+headings[Bodies], "|") {
				add(word, Name)
				add(word+" name", Name)
			}
		}
	}
	return all
})

var bareNumbers = strings.Split("number|no|nr|numéro|número|номер|№|届", "|")

// fieldOf is the field that a heading names, and how much it says so: 2 for the
// very words, 1 for words among others, 0 for nothing.
func fieldOf(kind Kind, heading string) (Field, int) {
	by := fieldsByHeading()
	key := folded(heading)
	if f, ok := by[kindHeading{kind, key}]; ok {
		return f, 2
	}
	before, inner, _ := strings.Cut(key, "(")
	if f, ok := by[kindHeading{kind, folded(before)}]; ok && before != "" {
		return f, 2
	}
	if f, ok := by[kindHeading{kind, folded(strings.TrimRight(inner, ")"))}]; ok && inner != "" {
		return f, 1
	}
	for _, sep := range []string{"/", " - ", ",", ";", "\n"} {
		for part := range strings.SplitSeq(key, sep) {
			if f, ok := by[kindHeading{kind, folded(part)}]; ok && strings.Contains(key, sep) {
				return f, 1
			}
		}
	}
	// The longest run of words that is a heading: "Participant's family name".
	words := strings.FieldsFunc(key, func(r rune) bool { return !unicode.IsLetter(r) && r != '\'' })
	for n := len(words) - 1; n > 0 && len(words) <= 6; n-- {
		for i := len(words) - n; i >= 0; i-- {
			phrase := strings.Join(words[i:i+n], " ")
			if f, ok := by[kindHeading{kind, phrase}]; ok && len(phrase) > 3 && !slices.Contains([]string{"name", "date", "title", "type"}, phrase) {
				return f, 1
			}
		}
	}
	return NoField, 0
}
