package disclosure

import (
	"strings"

	"track15/models/disclosure/words"
)

// speaking are verbs by which something is said to somebody.
var speaking = stems(`say tell confide hint admit warn concede insist argue suggest signal indicate claim stress acknowledge offer propose
	complain whisper murmur intimate imply assure mention explain remark reveal disclose let maintain assert urge object caution observe reply
	respond answer add agree disagree believe think fear worry doubt want expect hope promise threaten deny confirm repeat emphasise underline
	point note ask request demand recall lament grumble mutter volunteer vow swear tip leak share convey relay lean float raise put call describe
	characterise dismiss reject refuse accept question oppose support back welcome criticise blame accuse boast joke quip sigh shrug nod`)

// sure are the verbs of speaking that by themselves mean what was said at a
// table; the others do in its company.
var sure = stems(`say tell confide hint admit warn concede insist argue suggest signal indicate claim stress acknowledge complain whisper murmur
	intimate imply assure mention explain remark reveal disclose maintain assert urge object caution reply respond add lament grumble mutter
	volunteer vow convey relay emphasise underline recall deny confirm quip boast threaten promise float deplore explain fear doubt worry
	propose offer`)

// persons are nouns for somebody who sits at a table, speaks for a side or is
// asked what was said there.
var persons = stems(`official officer diplomat delegate delegation participant side expert colleague counterpart representative adviser advisor
	negotiator guest host interlocutor speaker scholar envoy attache ambassador general colonel admiral commander minister secretary
	academic professor analyst researcher scientist member team visitor insider source person man woman gentleman lady voice chair chairman
	chairwoman panellist attendee civilian soldier planner specialist engineer lawyer regulator inspector parliamentarian deputy head chief
	director fellow friend partner emissary presenter discussant commentator veteran group party table bench contingent interpreter mission
	bureaucrat functionary aide staffer captain commodore major lieutenant brigadier marshal sergeant pilot economist historian banker judge
	prosecutor governor mayor parliamentary businessman entrepreneur executive spy`)

// acts are what somebody does before everybody: naming them for it discloses
// nothing.
var acts = stems(`spokesperson spokesman spokeswoman spokesmen press publish publication communique newspaper interview speech article website
	announce announcement report tweet parliament statement treaty convention letter gazette journalist journal editorial testimony testify
	broadcast radio television tv podcast memoir book volume chapter print newsletter bulletin archive law decree regulation act budget
	legislation court verdict judgment tender brochure leaflet exhibition museum anniversary election elect resign appoint yearbook webcast
	blog column lecture op-ed oped paper magazine database register registry ratify congress senate programme video film homepage
	online media headline conference communicate`)

// acting are words that make what stands beside them public whatever else does.
var acting = stems(`public transcript annual`)

// meeting are words for a dialogue that meets.
var meeting = stems(`talk meet meeting dialogue round group circle session delegation gather gathering convene convening sit dinner lunch workshop consultation
	conversation host participant delegate attend seminar roundtable table retreat forum exchange track plenary conference reception breakfast
	hold held discussion encounter guest visit arrive venue`)

// meets are words for a meeting in Russian, and gathers characters for one in Chinese.
var (
	meets   = set(`встреча встречи встрече встречу встрече переговоры переговоров раунд раунда заседание заседания диалог диалога`)
	gathers = set(`会 谈 届 晤 轮`)
)

// taking are words for taking part in one.
var taking = stems(`attend attendance participate participant participation join present presence dialogue delegation delegate sit sat table meeting session
	round seat guest roundtable talk circle colleague member room panel moderate chair host accompany discussant dinner lunch badge
	retreat workshop travel arrive`)

// linking are words that tie somebody to the body they act for.
var linking = stems(`payroll advise adviser advisor second secondment work serve report behalf pay paid employ employee employer belong leave
	salary retain consult consultant hat detail moonlight assign attach linked affiliate affiliation officer staff represent agent commission
	contract`)

// titles stand before a family name.
var titles = set(`mr mrs ms miss mx dr prof professor ambassador minister general gen colonel col lt lieutenant major captain capt admiral commander
	cmdr commodore brigadier secretary director president chairman chairwoman chair senator sir dame lady lord baron count comrade madame madam
	mme monsieur m herr frau senor senora don dona academician attache counsellor counselor consul judge justice sheikh
	sheik imam rector dean marshal inspector engineer delegate dept deputy vice`)

// particles belong to a family name and are often left out or written otherwise.
var particles = set(`el al ul ad ar as at ash an de da di du del della dos das van von der den ter ten bin ibn ben abu bint zu la le`)

// countries are codes by the words for a country, its people and its capital, as
// tokens are folded.
var countries = nations(`
US united-states usa america american americans washington
CN china chinese beijing peking prc
RU russia russian russians moscow kremlin
GB britain british briton britons uk united-kingdom london english england scottish scotland welsh wales whitehall
FR france french frenchman frenchwoman paris
DE germany german germans berlin
NO norway norwegian norwegians oslo
SE sweden swedish swede swedes stockholm
FI finland finnish finn finns helsinki
DK denmark danish dane danes copenhagen
IS iceland icelandic icelander icelanders reykjavik
PL poland polish pole poles warsaw
CZ czechia czech czechs prague
SK slovakia slovak slovaks bratislava
HU hungary hungarian hungarians budapest
RO romania romanian romanians bucharest
BG bulgaria bulgarian bulgarians sofia
GR greece greek greeks athens
TR turkey turkish turk turks ankara turkiye
IT italy italian italians rome
ES spain spanish spaniard spaniards madrid
PT portugal portuguese lisbon
NL netherlands dutch dutchman hague
BE belgium belgian belgians brussels
LU luxembourg luxembourgish
AT austria austrian austrians vienna
CH switzerland swiss bern
IE ireland irish irishman dublin
EE estonia estonian estonians tallinn
LV latvia latvian latvians riga
LT lithuania lithuanian lithuanians vilnius
UA ukraine ukrainian ukrainians kyiv kiev
BY belarus belarusian belarusians minsk
MD moldova moldovan moldovans chisinau
GE georgia georgian georgians tbilisi
AM armenia armenian armenians yerevan
AZ azerbaijan azerbaijani azerbaijanis azeri baku
KZ kazakhstan kazakh kazakhs kazakhstani astana
UZ uzbekistan uzbek uzbeks tashkent
KG kyrgyzstan kyrgyz bishkek
TJ tajikistan tajik tajiks dushanbe
TM turkmenistan turkmen ashgabat
MN mongolia mongolian mongolians ulaanbaatar
JP japan japanese tokyo
KR south-korea south-korean korea korean koreans seoul
KP north-korea north-korean pyongyang dprk
TW taiwan taiwanese taipei
HK hong-kong hongkonger
IN india indian indians delhi
PK pakistan pakistani pakistanis islamabad
BD bangladesh bangladeshi bangladeshis dhaka
LK sri-lanka sri-lankan colombo
NP nepal nepali nepalese kathmandu
AF afghanistan afghan afghans kabul
IR iran iranian iranians tehran
IQ iraq iraqi iraqis baghdad
SY syria syrian syrians damascus
LB lebanon lebanese beirut
IL israel israeli israelis jerusalem
PS palestine palestinian palestinians ramallah
JO jordan jordanian jordanians amman
SA saudi-arabia saudi saudis riyadh
AE emirates emirati emiratis
QA qatar qatari qataris doha
KW kuwait kuwaiti kuwaitis
BH bahrain bahraini bahrainis manama
OM oman omani omanis muscat
YE yemen yemeni yemenis sanaa
EG egypt egyptian egyptians cairo
LY libya libyan libyans tripoli
TN tunisia tunisian tunisians tunis
DZ algeria algerian algerians algiers
MA morocco moroccan moroccans rabat
SD sudan sudanese khartoum
ET ethiopia ethiopian ethiopians addis-ababa
ER eritrea eritrean eritreans asmara
SO somalia somali somalis mogadishu
KE kenya kenyan kenyans nairobi
UG uganda ugandan ugandans kampala
TZ tanzania tanzanian tanzanians
RW rwanda rwandan rwandans kigali
NG nigeria nigerian nigerians abuja
GH ghana ghanaian ghanaians accra
SN senegal senegalese dakar
ZA south-africa south-african pretoria
ZW zimbabwe zimbabwean harare
AO angola angolan angolans luanda
MZ mozambique mozambican maputo
VN vietnam vietnamese hanoi
TH thailand thai thais bangkok
MY malaysia malaysian malaysians
SG singapore singaporean singaporeans
ID indonesia indonesian indonesians jakarta
PH philippines philippine filipino filipinos filipina manila
MM myanmar burma burmese
KH cambodia cambodian cambodians
LA laos lao laotian vientiane
AU australia australian australians canberra
NZ new-zealand new-zealander wellington
CA canada canadian canadians ottawa
MX mexico mexican mexicans
CU cuba cuban cubans havana
BR brazil brazilian brazilians brasilia
AR argentina argentine argentinian argentines
CL chile chilean chileans santiago
CO colombia colombian colombians bogota
PE peru peruvian peruvians lima
VE venezuela venezuelan venezuelans caracas
RS serbia serbian serb serbs belgrade
HR croatia croatian croat croats zagreb
SI slovenia slovenian slovene slovenes ljubljana
BA bosnia bosnian bosnians sarajevo
ME montenegro montenegrin podgorica
MK macedonia macedonian skopje
AL albania albanian albanians tirana
XK kosovo kosovar kosovars pristina
CY cyprus cypriot cypriots nicosia
MT malta maltese valletta
EU european-union`)

func nations(table string) map[string]string {
	all := map[string]string{}
	for line := range strings.SplitSeq(strings.TrimSpace(table), "\n") {
		fields := strings.Fields(line)
		for _, w := range fields[1:] {
			all[strings.ReplaceAll(w, "-", " ")] = fields[0]
		}
	}
	return all
}

// nicknames are short forms of given names in English and Russian, in small
// letters: each line is one name.
var nicknames = nick(`
william bill will billy willy wm
robert bob rob bobby bert robt
richard dick rick rich
james jim jimmy jamie jas
john jack johnny jon
edward ed ted eddie ned
eduard ed edi
thomas tom tommy thos
tomasz tomek
charles charlie chuck chas
henry harry hank
henrik henk rik
michael mike mick
david dave
daniel dan danny
matthew matt
andrew andy drew
anthony tony
joseph joe
samuel sam
benjamin ben
christopher chris
nicholas nick
stephen steve
steven steve
peter pete
gregory greg
timothy tim
jonathan jon
kenneth ken
ronald ron
donald don
lawrence larry
frederick fred
alexander alex sasha al
aleksandr sasha alex
aleksandra sasha
elizabeth liz beth betty lisa eliza
margaret maggie meg peggy
katherine kate kathy katie
catherine kate cathy katie
eleanor ellie nell nora
patricia pat patty
jennifer jen jenny
susan sue
deborah deb debbie
barbara barb
victoria vicky
rebecca becky
dmitry dima mitya
mikhail misha
vladimir volodya vova
nikolai kolya
ivan vanya
sergei seryozha
aleksei alyosha
yevgeny zhenya
natalia natasha
tatiana tanya
maria masha
yekaterina katya
anastasia nastya
olga olya
irina ira
yelena lena
anna anya
galina galya
lyudmila lyuda
svetlana sveta
konstantin kostya
pavel pasha
boris borya
arkady arkasha`)

func nick(table string) map[string][]string {
	all := map[string][]string{}
	for line := range strings.SplitSeq(strings.TrimSpace(table), "\n") {
		fields := strings.Fields(line)
		for _, short := range fields[1:] {
			all[short] = append(all[short], fields[0])
		}
	}
	return all
}

// stems cuts the words of a list, of which each is written as dictionaries do. It
// needs no dictionary: that is read when something is first compared.
func stems(list string) map[string]bool {
	all := map[string]bool{}
	for w := range strings.FieldsSeq(list) {
		all[words.Cut(w)] = true
	}
	return all
}
