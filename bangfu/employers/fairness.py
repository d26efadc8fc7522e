"""Does a vacancy's text ask for, or prefer, a sex, an ethnicity, a marital state or a state of childbearing?

Two steps on the plain text. First every lawful mention is taken out: equal wording (男女不限), protection and
benefits (产假, 生育保险), goods, places and people served (女装, 夫妻房, 孕妇护理), languages and
cuisines (蒙古语, 汉餐). Whatever mention then remains is a requirement or a preference. Sources: Employment
Promotion Law art. 27-28, Law on the Protection of Women's Rights and Interests art. 43, Interim Regulations
on the Human Resources Market art. 24.
"""

import re
import unicodedata

NATIONS = (
    "汉|蒙古?|回|藏|维吾尔|维|苗|彝|壮|布依|朝鲜|满|侗|瑶|白|土家|哈尼|哈萨克|傣|黎|傈僳|佤|畲|高山|拉祜|水|东乡|纳西|景颇|柯尔克孜|土|"
    "达斡尔|仫佬|羌|布朗|撒拉|毛南|仡佬|锡伯|阿昌|普米|塔吉克|怒|乌孜别克|俄罗斯|鄂温克|德昂|保安|裕固|京|塔塔尔|独龙|鄂伦春|赫哲|门巴|珞巴|基诺"
)
NATION = rf"(?:(?:{NATIONS})族|少数民族|汉人|汉民|回民|藏民|蒙民)"
AND = "[、/和及或与跟]"
ANY = (
    "(?:均可|皆可|都可以?|都行|都要|都招|亦可|也可|不限制?|不拘|不论|不分|不计|不作?做?要求|无要求|无限制|没有限制|没有要求|没要求|"
    "一律平等|平等|同等|一视同仁|皆宜|兼收|兼招|同招|通用|随意|同工同酬)"
)
NO_MATTER = "(?:不限制?|不分|无论|不论|不管|不拘|不计|不看|不问|不设|没有|无)"
MALE, FEMALE = "男(?:性|士|生|工|同志|的)?", "女(?:性|士|生|工|同志|的)?"
BOTH = rf"(?:{MALE}{AND}?(?:还是)?{FEMALE}|{FEMALE}{AND}?(?:还是)?{MALE})"
NEUTRAL = (
    f"(?:性别|{BOTH}|各?民族|族别|婚姻状况|婚育状况|婚育情况|婚姻|婚育|婚否|有无子女|是否生育|生育状况|生育情况|"
    "年龄|学历|户籍|籍贯|地域|专业|工作经验|经验|身高|政治面貌|宗教信仰|宗教)"
)
"""Names of traits, which may stand in a list with commas."""
VALUE = f"(?:已婚|未婚|离异|单身|丧偶|已生?育|未生?育|有孩|无孩|{NATION}|[蒙汉回满藏]{{2,}})"
"""Values of traits: only values side by side and right beside the equal wording are lawful."""
TRAITS = f"(?:{NEUTRAL}(?:(?:{AND}|,)?{NEUTRAL})*|{VALUE}(?:(?:{AND}|,)?{VALUE})*)"
AGES = r"\d{2}(?:周?岁)?(?:[-至~到]\d{2})?(?![名人个位\d])(?:周?岁)?(?:以[上下]|及以[上下])?"
WORKER = "(?:性)?(?:职工|员工|工作者|工友|同事|劳动者)?"
PREGNANT = "(?:怀孕|孕期|孕妇|哺乳期|产期|经期|三期)"
PART = "[^,。;!优限招勿]"
"""Within one clause, and not across a word of preference."""

LAWFUL = tuple(
    re.compile(pattern)
    for pattern in (
        # equal wording
        f"{NO_MATTER}(?:{TRAITS})(?:要求|限制|差别|歧视)?",
        f"(?:{TRAITS}){ANY}",
        rf"(?:{TRAITS})(?:方面)?(?:歧视|偏见)",
        "(?:不得?|不会|禁止|严禁|杜绝|反对|拒绝|消除)歧视[^,。;!优限招]{0,8}",
        rf"男性?满?{AGES},?女性?满?{AGES}",
        f"{BOTH}(?!优先|比例|各(?:[\\d一二两三四五六七八九十半]|招|限|占))",
        # protection and benefits
        f"[男女]{WORKER}(?={PART}{{0,10}}(?:生育[保津假补]|享受|享有|依法|产假|陪产|哺乳|权益|保护|三期|福利|特殊|专项|关爱|友好|卫生费|体检|委|两癌|假))",
        (
            f"{PREGNANT}(?:[、和及]?{PREGNANT})*"
            f"(?:女职工|女员工|员工|职工|期间|后)?(?={PART}{{0,10}}(?:享受|享有|依法|产假|权益|保护|福利|关爱|照顾|调岗|调整|保留|带薪|休息|不辞退|不解除|可申请))"
        ),
        f"(?:不因|不得因|不会因|不以|严禁因|禁止因)[^。;]{{0,24}}?(?:拒绝|拒录|辞退|解除|降低|降薪|歧视|限制|理由|条件|区别)(?:录用|[男女]{WORKER})?",
        "生育(?:保险|津贴|假|补贴|补助|福利|医疗|金|待遇|险|礼金|支持|友好|关怀|服务|登记)",
        "(?:孕产|产|陪产|产检|哺乳|育儿|婚|婚丧|婚嫁|护理)假",
        "(?:三八|3\\.?8)?妇女(?:节|儿童|权益|联合会|主任|之家|维权|干部)|妇(?:联|科|幼|产科|保)|女神节|男神节|女(?:工委|职委|职工委员会)",
        # goods, places, trades, people served, family words
        "[男女][士式性童]?(?:装|鞋|包|裤|袜|帽|裙|表|款|内衣|衬衣|衬衫|服(?!务)|西装|香水|饰|靴|衣)",
        "[男女](?:性|生|士|员工|职工|工)?(?:独立|单独|分开)?(?:的)?(?:宿舍|公寓|浴室|更衣室|厕所?|卫生间|洗手间|澡堂|监区?|子监狱|科|病房|病区|寝室|生活区)",
        "[男女]性?(?:客户|顾客|用户|消费者|会员|健康|用品|护理用品|老人|老年人|患者|病人|服饰|服装|市场|心理|宾客|住户|乘客|旅客)(?!者?优先|勿扰)",
        "[男女](?:排|篮|足|团|子组|高音|低音|中音|主角|配角)",
        "(?:子|儿|孙|外孙|侄|甥)女|女(?:儿|婿|红|贞子)|仙女|织女",
        "(?:联系人?|咨询|致电|电话|洽谈|请找|找|负责人|经理|主管):?[\u4e00-\u9fff]{1,2}(?:女士|先生|小姐)",
        "(?<!限)(?<!只招)(?<!仅招)(?<!只要)夫妻(?!(?:工|档|双方|搭档)?(?:优先|最佳|最好|为佳)(?!安排|分配|入住))",
        "婚(?:庆|礼|纱|宴|介|恋|车|姻登记|姻家庭|姻咨询|俗|房|品|博会|戒)|结婚(?:礼金|贺礼|红包|登记|慰问|祝福|补贴|庆典)|新婚",
        "单身(?:公寓|宿舍|职工宿舍|宿舍楼)|青年公寓",
        "孕(?:婴|产|妇装|妇护理|妇瑜伽|妇用品|妇摄影|妇照护|妇学校|妇及|期护理|育知识|嫂)|母婴|月子",
        "育(?:儿|婴|苗|种|秧|肥|雏|才|人|林)|[保教培体养抚繁哺化训]育",
        # languages, cuisines, customs
        f"(?:{NATION}{AND}?)+(?=语|文|话|歌|舞|餐|菜|食|医|药|服|刺绣|绣|风|传统|特色|习|节|地区|聚居|自治|乡|村|镇|乐|戏|饮|建筑|工艺|民|历史|聚集|馆|箱)",
        f"{NATION}(?=(?:生活|伙食|就业)?(?:补贴|补助|津贴)(?!者))",
        f"(?:{NATION}{AND}?)+(?=(?:群众|老人|顾客|客人|同胞|客户|服务对象|兄弟|员工餐)(?!者?优先|勿扰))",
        f"(?:尊重|团结|服务|关爱|帮助|面向)各?(?:{NATION}{AND}?)+",
    )
)
PREFERENCE = "(?:优先|最佳|最好|为佳|为宜|佳|尤佳|更佳|从优|为主)"
ONLY = "(?:仅限|只限|只招|只要|只收|仅招|仅收|限招|专招|限|招聘|诚招|招|要求|必须|须|须为|须是)"
UNFAIR = tuple(
    re.compile(pattern)
    for pattern in (
        "[男女]|妇女",
        f"(?:小伙子?|姑娘|美女|帅哥|小姐姐|小哥哥|阿姨|大姐|大妈|大嫂|大叔|先生|小姐|宝妈|宝爸|全职妈妈|妈妈)(?:们)?(?:者)?{PREFERENCE}",
        "(?:仅限|只限|只招|只要|只收|仅招|限招|专招|限)(?:小伙子?|姑娘|美女|帅哥|阿姨|大姐|大妈|大叔|先生|小姐|宝妈|宝爸|妈妈)",
        rf"(?<!无)(?<!不限)(?<!不分)性别(?:要求|限制)?[:为是]?(?:{ONLY})",
        "水族(?!馆|箱|用品)" + f"|(?!水族){NATION}",
        f"(?:{ONLY}|(?<!不)限)(?:本|同一?|单一)?民族|民族(?:要求|限制)?[:为是](?:{NATIONS})|(?:本|同)民族{PREFERENCE}",
        f"(?:{ONLY})[蒙汉回满藏维](?=[,。;!]|$)",
        "已婚|未婚|离异|离婚|丧偶|单身|未嫁|已嫁|再婚|隐婚",
        f"(?:有无?)?(?:婚史|婚姻史)|婚姻稳定|家庭稳定{PREFERENCE}|婚(?:后|育)(?:者|人士)?{PREFERENCE}",
        f"夫妻(?:工|档|双方|搭档)?{PREFERENCE}(?!安排|分配|入住)|{ONLY}夫妻",
        "(?:不|勿|未|没|无|暂不|禁止|不得|不能|不准|不可|不许|不打算)(?:得|能|准|可|许|打算|计划|考虑|想|要)?(?:结婚|怀孕|生育|生孩子|生小孩|要孩子|备孕|恋爱)",
        "已育|未育|已生育|未生育|已孕|未孕|不孕|孕妇|孕期|怀孕|备孕|哺乳期",
        f"生育(?:计划|打算|要求|经验|需求|意愿|任务|情况|状况|史|者|过|完)|{PREFERENCE}生育|生(?:过|完)(?:孩子|小孩|二胎|二孩)|(?:生|要)(?:二胎|二孩|三胎|三孩)",
        f"[无有没]有?(?:孩子?|小孩|孩童|婴幼儿|儿|娃)(?:拖累|负担|牵挂|需?要?照[顾看]|者|{PREFERENCE})",
        f"[无没有]有?(?:孩子?|小孩|娃)(?=[,。;!]|$)|(?:孩子|小孩|娃)(?:已|都|较)?(?:上学|大|成年|断奶)(?:者|的|了)?{PREFERENCE}?",
    )
)
CHILDREN = re.compile(
    rf"[无有没]有?子女(?!{PART}{{0,4}}(?:入学|入托|教育|上学|就学|就读|奖学))(?:拖累|负担|牵挂|者|,|。|;|$|{PREFERENCE})"
)
"""Before 子女 is taken out as a family word: 无子女, 有子女者优先."""


def plain(text: str) -> str:
    """The text in plain width without white space and quotes, full stops as 。, commas as such."""
    narrow = unicodedata.normalize("NFKC", text)
    return re.sub(r"[\s\"'“”‘’《》【】\[\]]", "", narrow).replace("(", ",").replace(")", ",")


def is_discriminatory(text: str) -> bool:
    """True when a text asks for or prefers a sex, an ethnicity, a marital or childbearing state."""
    return bool(unfair_words(text))


def unfair_words(text: str) -> list[str]:
    """The words that make a text discriminatory, in order and each once; empty for a lawful text."""
    rest = plain(text)
    found = [match.group() for match in CHILDREN.finditer(rest)]
    for lawful in LAWFUL:
        rest = lawful.sub(" ", rest)
    places = sorted((match.start(), match.group()) for unfair in UNFAIR for match in unfair.finditer(rest))
    found += [word for _, word in places]
    return list(dict.fromkeys(found))
