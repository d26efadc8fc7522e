"""The columns of rosters and job ledgers, the names they go by, and the value lists behind them.

Spaces, width, and units in brackets do not matter (`intake.tables.Columns`). Sources: the national lists
(policy.md F1) and the ledger contract's list of other words, which may stand in any file.
"""

from bangfu.intake.tables import Columns

NAME = ("姓名", "成员姓名", "人员姓名", "劳动力姓名")
ID_NUMBER = (
    "证件号码",
    "身份证号",
    "身份证号码",
    "公民身份号码",
    "公民身份证号码",
    "居民身份证号码",
    "证件号",
    "身份证件号码",
    "残疾证号",
)
PHONE = ("联系电话", "手机号", "手机号码", "联系方式", "电话", "电话号码", "手机")
COUNTY = (
    "县(市、区)",
    "旗县",
    "区县",
    "县",
    "县区",
    "旗县区",
    "旗县市区",
    "县市区",
    "县(市、区、旗)",
    "区(县)",
)

SEX = {"男": "male", "女": "female"}
EDUCATION = {
    "文盲或半文盲": "illiterate",
    "小学": "primary",
    "初中": "junior",
    "高中": "senior",
    "大专": "college",
    "本科及以上": "bachelor",
}
HEALTH = {"健康": "healthy", "长期慢性病": "chronic", "患有大病": "serious", "残疾": "disabled"}
LABOUR_CAPACITY = {
    "普通劳动力": "ordinary",
    "技能劳动力": "skilled",
    "弱劳动力或半劳动力": "weak",
    "丧失劳动力": "lost",
    "无劳动力": "none",
}
CATEGORY = {
    "脱贫户": "lifted",
    "脱贫不稳定户": "unstable",
    "边缘易致贫户": "marginal",
    "突发严重困难户": "sudden",
}
YES_NO = {"是": True, "否": False}
WORKING = {"已就业": True, "未就业": False}
TEXTS = frozenset({"id_number", "household_no", "phone", "uscc", "number"})
"""Columns of digits that a spreadsheet must keep as text."""

ROSTER = Columns(
    labels={
        "province": ("省", "省(区、市)", "省份", "省(自治区、直辖市)", "省区市"),
        "city": ("市", "市(盟)", "市(州)", "盟市", "地市", "市(州、盟)", "市州"),
        "county": COUNTY,
        "town": (
            "乡镇",
            "乡(镇)",
            "镇",
            "苏木乡镇",
            "苏木镇",
            "乡镇(街道)",
            "苏木(乡镇)",
            "乡镇街道",
            "街道",
        ),
        "village": (
            "行政村",
            "村(社区)",
            "嘎查(村)",
            "村",
            "嘎查村",
            "嘎查",
            "村(居)",
            "社区",
            "村居",
            "行政村(社区)",
            "嘎查村(社区)",
        ),
        "household_no": ("户编号", "家庭编号", "户编码"),
        "name": NAME,
        "sex": ("性别",),
        "id_number": ID_NUMBER,
        "age": ("年龄", "周岁"),
        "relation": ("与户主关系", "关系"),
        "ethnicity": ("民族",),
        "education": ("文化程度", "学历"),
        "health": ("健康状况", "身体状况"),
        "labour_capacity": ("劳动技能", "劳动能力"),
        "will_work": ("就业意愿", "是否有就业意愿"),
        "will_train": ("培训意愿", "是否有培训意愿"),
        "phone": PHONE,
        "category": ("户类型", "户类别", "家庭类型"),
        "identified_on": ("识别(纳入)时间", "识别时间", "纳入时间", "识别纳入时间"),
        "risk": ("致(返)贫风险", "致贫返贫风险", "返贫风险", "致贫风险", "风险类型", "致返贫风险"),
        "income_per_head": ("人均纯收入(元)", "人均纯收入", "家庭人均纯收入"),
    },
    required=frozenset({"id_number", "name", "county", "town", "village"}),
    values={
        "sex": tuple(SEX),
        "education": tuple(EDUCATION),
        "health": tuple(HEALTH),
        "labour_capacity": tuple(LABOUR_CAPACITY),
        "will_work": tuple(YES_NO),
        "will_train": tuple(YES_NO),
        "category": tuple(CATEGORY),
    },
    dates=frozenset({"identified_on"}),
    amounts=frozenset({"income_per_head"}),
    texts=TEXTS,
    example={
        "province": "内蒙古自治区",
        "city": "通辽市",
        "county": "科尔沁左翼后旗",
        "town": "散都苏木",
        "village": "公河来村委会",
        "household_no": "9905220000001",
        "name": "示例",
        "sex": "女",
        "id_number": "990522198602140023",
        "age": "40",
        "relation": "户主",
        "ethnicity": "蒙古族",
        "education": "初中",
        "health": "健康",
        "labour_capacity": "普通劳动力",
        "will_work": "是",
        "will_train": "否",
        "phone": "13800002046",
        "category": "脱贫户",
        "identified_on": "2019-03-05",
        "income_per_head": "12000",
    },
)

JOBS = Columns(
    labels={
        "name": NAME,
        "id_number": ID_NUMBER,
        "working": ("就业状态", "就业情况"),
        "form": ("就业形式",),
        "work_province": ("务工省", "务工省份", "务工地省", "就业省"),
        "work_city": ("务工市", "务工地市", "就业市"),
        "work_county": ("务工县", "务工县区", "务工旗县", "务工县(市、区)", "务工地县", "就业县"),
        "employer": ("单位名称", "就业单位", "务工单位", "企业名称", "用人单位"),
        "uscc": ("统一社会信用代码", "社会信用代码", "信用代码"),
        "occupation": ("岗位(工种)", "岗位", "工种", "从事岗位"),
        "start": ("开始时间", "就业时间", "务工开始时间", "上岗时间"),
        "end": ("结束时间", "务工结束时间", "离岗时间"),
        "wage": ("月收入(元)", "月收入", "月工资", "工资", "月薪"),
        "industry": ("所属行业", "行业", "从事行业"),
        "channel": ("就业渠道",),
        "organised": ("是否点对点输送", "点对点输送"),
        "will_work": ("就业意愿", "是否有就业意愿"),
        "wished_occupation": ("意向岗位", "就业意向岗位"),
        "wage_floor": ("期望月薪", "期望薪资", "期望工资"),
        "reason": ("未就业原因",),
        "will_train": ("培训意愿", "是否有培训意愿"),
        "wished_trade": ("意向工种", "培训意向工种"),
    },
    required=frozenset({"id_number", "name", "working", "start"}),
    values={
        "working": tuple(WORKING),
        "organised": tuple(YES_NO),
        "will_work": tuple(YES_NO),
        "will_train": tuple(YES_NO),
    },
    dates=frozenset({"start", "end"}),
    amounts=frozenset({"wage", "wage_floor"}),
    texts=TEXTS,
    example={
        "name": "示例",
        "id_number": "990522198602140023",
        "working": "已就业",
        "form": "单位就业",
        "work_province": "浙江省",
        "work_city": "嘉兴市",
        "work_county": "桐乡市",
        "employer": "某针织有限公司",
        "occupation": "缝纫工",
        "start": "2026-03",
        "wage": "5200",
        "channel": "点对点输送",
        "organised": "是",
    },
)
