"""Our readings of passages that are silent or ambiguous, each named and cited so that pages can show them."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType


@dataclass(frozen=True, slots=True)
class Reading:
    """One reading. ``clause`` is the passage it reads: Songshan's, or Ordos' where it begins with 第."""

    code: str
    title: str
    text: str
    clause: str

    @property
    def source(self) -> str:
        """Return document and passage, since a reading of one document may be shown where another is in force."""
        return f"鄂尔多斯办法{self.clause}" if self.clause.startswith("第") else f"松山方案{self.clause}"


# Credited service and grades

LADDER = Reading(
    "LADDER",
    "各档所需年限",
    "文件只写明第2、3、4档为4、7、10年；其余各档按每档3年顺延（第12档34年），以系数表所载为准。",
    "二(五)4(3)",
)
FIRST_APPOINTMENT = Reading(
    "FIRST_APPOINTMENT",
    "首次任职当月起算",
    "岗位变动次月起算，首次任职没有原岗位可言，按聘用当月起套入等级。",
    "二(五)4(2)",
)
ENTRY_BEFORE_SCHEME = Reading(
    "ENTRY_BEFORE_SCHEME",
    "方案施行前入职的学历年限",
    "方案施行前入职的人员，入职学历同样折算4、7、10年。",
    "二(五)4(3)",
)
YEARS_BEFORE_SCHEME = Reading(
    "YEARS_BEFORE_SCHEME",
    "方案施行前的年度",
    "2022年以前的年度不要求有考核结果，按在岗月数计入年限，也不加半年。",
    "二(五)4(1)",
)
SERVICE_MONTH = Reading(
    "SERVICE_MONTH",
    "按月末在岗计月",
    "一个月的最后一天在岗，这个月计入工作年限；否则不计。",
    "二(五)4(1)",
)
INTERRUPTION = Reading(
    "INTERRUPTION",
    "中断服务",
    "中断的首日和末日都不算在岗；中断前积累的年限保留，恢复后接着累计。",
    "二(五)4(1)",
)
UNFINISHED_LAST_DAY = Reading(
    "UNFINISHED_LAST_DAY",
    "离职当日",
    "离职当日仍算在岗，月末最后一天离职的，当月计入年限。",
    "二(五)4(2)",
)
DEGREE_MONTH = Reading(
    "DEGREE_MONTH",
    "在职学历起算月",
    "在职取得学历的，自取得日期的次月起补足相应年限；已达到的不变。",
    "二(五)4(3)",
)
DEGREE_BEFORE_HIRING = Reading(
    "DEGREE_BEFORE_HIRING",
    "聘用前取得的学历",
    "聘用前已取得的学历应登记为入职学历；若登记为学历提升，则自聘用当月起计。",
    "二(五)4(3)",
)
PLACEMENT_YEAR = Reading(
    "PLACEMENT_YEAR",
    "核定当年的月数",
    "核定的年限已含当年此前的月份；次年1月按考核结果，只加核定当月起的在岗月数。",
    "二(三)2",
)
BONUS_WITHOUT_MONTHS = Reading(
    "BONUS_WITHOUT_MONTHS",
    "优秀加计与在岗月数",
    "年度考核优秀加计6个月，不因当年在岗月数少而折减；全年没有一个在岗月份的，不加计。",
    "二(五)4(4)",
)

AREA_OF_SERVICE = Reading(
    "AREA_OF_SERVICE",
    "本辖区社区的年限",
    "只计在本方案适用地区的社区任职的月份，以当月任职的社区为准，不论当时的人员类别；外地的社区工作不计，可由定级核定认定。",
    "二(五)1",
)

# Pay

HIRING_MONTH = Reading(
    "HIRING_MONTH",
    "聘用当月工资",
    "聘用当月不论哪天到岗，都按整月发放。",
    "二(五)2(1)",
)
TAKEN_IN_MONTH = Reading(
    "TAKEN_IN_MONTH",
    "纳入和退出当月工资",
    "人员类别自某日起纳入体系的，当月按整月发放，此前月份不补；退出体系的，发到在体系内最后一天所在的月份。",
    "二(一)",
)
ALLOWANCE_BEFORE_SCHEME = Reading(
    "ALLOWANCE_BEFORE_SCHEME",
    "方案施行前取得的证书",
    "方案施行前已批准的职业资格，自2022年1月起发放津贴，不追溯此前月份。",
    "二(五)4(3)",
)
CERTIFICATE_END = Reading(
    "CERTIFICATE_END",
    "证书失效当月",
    "证书注销或失效的，津贴发到失效日期所在的月份；此前已发的不扣回。",
    "二(五)2(3)",
)
ARREARS_MONTHS = Reading(
    "ARREARS_MONTHS",
    "补发扣回的范围",
    "只复核工资批次已审核通过的月份；从未发过工资批次的月份，不作补发。",
    "二(五)4",
)
POOL_STREET = Reading(
    "POOL_STREET",
    "更正金额归属的街道",
    "以前月份计提的更正，归该月任职的街道当年的绩效总量，不论由哪个街道的批次带出。",
    "二(五)2(2)",
)
PERFORMANCE_WEIGHTS = Reading(
    "PERFORMANCE_WEIGHTS",
    "绩效分配系数",
    "街道没有另定时，优秀1.2、合格1.0、基本合格0.6、不合格0。",
    "二(五)2(2)",
)
WEIGHT_BOUNDS = Reading(
    "WEIGHT_BOUNDS",
    "绩效权重的范围",
    "民政局没有另定时，街道设定的权重在0至1.5之间。",
    "二(五)2(2)",
)
SUPPLEMENT = Reading(
    "SUPPLEMENT",
    "绩效发放后的更正",
    "绩效批次审核后，计提的变动按金额、考核或权重的变动按原批次每元加权计提的分配额，只补给或扣回本人。",
    "二(五)2(2)",
)
AVERAGE_PAY = Reading(
    "AVERAGE_PAY",
    "平均待遇",
    "按当年十二个月都已审核发放的人员平均：这些月份的基本工资、职业津贴、补发扣回与绩效计提之和，与上一年度的人均可支配收入比较。",
    "二(五)2",
)
BUDGET_ASSESSMENT = Reading(
    "BUDGET_ASSESSMENT",
    "测算中的考核等次",
    "测算预算和预计晋级时，尚未结束且没有考核结果的年度一律按合格；已结束的年度以实际结果为准。",
    "三(二)",
)
BUDGET_INSURANCE = Reading(
    "BUDGET_INSURANCE",
    "测算中的单位缴费",
    "以街道当月的基本工资、职业津贴与绩效计提之和为缴费基数，乘以民政局录入的单位缴费比例。",
    "二(五)3(1)",
)
BUDGET_PEOPLE = Reading(
    "BUDGET_PEOPLE",
    "测算中的人数",
    "按已登记的在岗人员测算，不预计新聘和合同期满；培训经费按年内首个计薪月所在街道，每人计一次。",
    "三(二)",
)

# Assessment and limits

EXCELLENT_ROUNDED_DOWN = Reading(
    "EXCELLENT_ROUNDED_DOWN",
    "优秀名额取整",
    "优秀名额为人数乘以比例，不足一人的零头舍去。",
    "二(四)4",
)
ABSENCE_DAYS = Reading(
    "ABSENCE_DAYS",
    "旷工天数的算法",
    "文件写“天”而未写工作日，按日历日计算：连续满15天，或一年内累计超过30天。",
    "二(四)5",
)
TRANSFER_TERM = Reading(
    "TRANSFER_TERM",
    "调入人员的聘期",
    "文件没有单列调入人员的聘期，按专职工作人员3年。",
    "二(四)5",
)
GOVERNMENT_APPROVAL = Reading(
    "GOVERNMENT_APPROVAL",
    "区政府批准的登记",
    "区政府不在系统内办理，由区民政局依批准文件登记这一道审批。",
    "二(四)2",
)
ARCHIVE_PARTS = Reading(
    "ARCHIVE_PARTS",
    "档案的组成",
    "文件没有列出档案内容，按基本情况、合同、经历、岗位变化、考核、培训表彰六类归档。",
    "二(四)6",
)
DUE_DAYS = Reading(
    "DUE_DAYS",
    "合同到期提醒",
    "到期前90、60、30天提醒是为办理续聘留出时间，不是文件的规定。",
    "二(四)5",
)

EXCELLENT_COUNTED = Reading(
    "EXCELLENT_COUNTED",
    "优秀人数的归属",
    "基数为12月31日在岗（不在中断期）的体系内人员；优秀按当年最后所在的街道计，当年离职的也计入。",
    "二(四)4",
)
SCORES_EQUAL = Reading(
    "SCORES_EQUAL",
    "考核总分",
    "文件没有写比重的，日常考核、年度考核、居民满意度三项取平均；写明满意度比重的，其余两项平分余下部分。",
    "二(四)4",
)
SECONDED_FROM = Reading(
    "SECONDED_FROM",
    "借调人数归属的社区",
    "按借调首日所在的社区计入人数；导入的历史借调视为已批准。",
    "二(四)2",
)
CONTRACT_BEFORE_POLICY = Reading(
    "CONTRACT_BEFORE_POLICY",
    "施行前签订的合同",
    "聘期长短只核对文件施行后起始的合同，此前签订的执行到期满。",
    "二(四)5",
)
TERM_YEARS = Reading(
    "TERM_YEARS",
    "年度归属的聘期",
    "一个年度归入其12月31日所在的聘期；没有登记合同的，先按同一聘期列出，请核对。已续签新合同的不再列出。",
    "二(四)5",
)
ABSENCE_RUNNING = Reading(
    "ABSENCE_RUNNING",
    "跨年的连续旷工",
    "连续旷工跨元旦不断开；按工作日计的，中间只隔休息日也算连续，休息日不计天数。",
    "二(四)5",
)
ABSENCE_YEAR = Reading(
    "ABSENCE_YEAR",
    "一年内累计旷工",
    "“一年内”指任意连续十二个月，不限自然年度。",
    "二(四)5",
)
TRAINING_FULL_YEAR = Reading(
    "TRAINING_FULL_YEAR",
    "培训要求的对象",
    "全年在岗、没有中断的体系内人员适用全年要求，职务以12月31日为准；年中到岗、离岗的不作要求。",
    "二(四)1",
)
TRAINING_DAYS = Reading(
    "TRAINING_DAYS",
    "培训天数",
    "培训从首日到末日逐日计算，同一天不重复；按学时要求的，以登记的学时为准。",
    "二(四)1",
)
STAFF_COUNTED = Reading(
    "STAFF_COUNTED",
    "在岗人数",
    "社区人数只计体系内在岗人员，借调在外的也计，中断期内的不计；领导职数计全部在岗的正职和副职。",
    "二(三)1",
)
LEADING_POSTS = Reading(
    "LEADING_POSTS",
    "两委领导职数",
    "正职和副职为领导职数，一人兼两职按一人计。",
    "二(三)1",
)
PARTY_WORKER = Reading(
    "PARTY_WORKER",
    "专职党务工作者",
    "在岗的党组织副书记，或街道登记为专职党务工作者的人员。",
    "二(三)1",
)
HOUSEHOLDS_ABOUT = Reading(
    "HOUSEHOLDS_ABOUT",
    "按户数定员",
    "建议人数为户数除以每人户数，有零头进一；给出区间的，低于区间下限才提示。",
    "二(三)1",
)
FIRST_WORKING_DAY = Reading(
    "FIRST_WORKING_DAY",
    "年休假的工作年限",
    "按累计工作年限；没有登记参加工作时间的，从参加社区工作时间起算。",
    "二(五)3(2)",
)

# Ordos

HIRING_METHODS = Reading(
    "HIRING_METHODS",
    "录用方式",
    "招聘方式依文件；选举任职、调入、施行前在岗经培训考核纳入、机关事业单位下派另列，只登记，不按招聘条件核对。",
    "二(三)2",
)
ORDOS_LADDER = Reading(
    "ORDOS_LADDER",
    "鄂尔多斯的岗位等级",
    "岗位职级和薪酬由另一份实施方案规定，未随文件提供；导入系数表后，暂按同一自治区试点体系的三岗十八级、年限和九一比例计算。",
    "第11条",
)
ORDOS_ASSESSED_YEAR = Reading(
    "ORDOS_ASSESSED_YEAR",
    "鄂尔多斯的首个考核年度",
    "2021年只施行了四个月，不要求考核结果；自2022年度起，合格及以上才计入年限。",
    "第18条",
)
ORDOS_ALLOWANCE = Reading(
    "ORDOS_ALLOWANCE",
    "鄂尔多斯的职业津贴",
    "文件规定给予津贴而未写金额，暂按每月200、300、500元，自施行后第一个整月（2021年9月）起；当地标准下达后以其为准。",
    "第17条",
)
ORDOS_PROBATION_PAY = Reading(
    "ORDOS_PROBATION_PAY",
    "鄂尔多斯试用期工资",
    "文件写明试用期3个月而未写折扣，按100%发放。",
    "第9条",
)
ORDOS_POSTED_STAFF = Reading(
    "ORDOS_POSTED_STAFF",
    "下派人员与其他人员",
    "机关事业单位下派人员由原单位发放工资，其他人员按原身份管理，都只登记、不进入工资批次。",
    "第2条",
)
ORDOS_TERM = Reading(
    "ORDOS_TERM",
    "鄂尔多斯各类人员的聘期",
    "聘期3年原为新录用人员所写；文件没有另定选任和调入人员的聘期，同样按3年。",
    "第9条",
)
ORDOS_PROPOSAL = Reading(
    "ORDOS_PROPOSAL",
    "鄂尔多斯的考核建议",
    "文件只写由街道党工委组织实施；与松山一样，由社区提出建议、街道确定、报旗区备案。",
    "第19条",
)
ORDOS_ARCHIVE = Reading(
    "ORDOS_ARCHIVE",
    "鄂尔多斯的档案备案",
    "档案由街道管理；社区党组织书记的档案标记为已向旗区党委组织部备案，其他人员的登记备案由街道办理。",
    "第13条",
)
ORDOS_LEAVE = Reading(
    "ORDOS_LEAVE",
    "鄂尔多斯的休假",
    "文件没有写休假天数，按国家职工带薪年休假的规定执行。",
    "第5条(二)",
)

READINGS: Mapping[str, Reading] = MappingProxyType(
    {value.code: value for value in list(globals().values()) if isinstance(value, Reading)}
)
