"""Invented names as they are heard in Chifeng: Han mostly, and a Mongolian share; none is taken from a real list."""

from random import Random

# The frequent ones first: a surname is drawn with a weight that falls along the list.
SURNAMES = (
    "王李张刘陈杨赵孙周吴徐马朱胡郭林高梁郑宋唐于董萧程曹袁邓许傅沈曾彭吕苏卢蒋蔡贾丁魏薛叶阎余潘杜戴夏钟汪田任姜范"
    "方石姚谭廖邹熊金陆郝孔白崔康毛邱秦江史顾侯邵孟龙万段雷钱汤尹黎易常武乔贺赖龚文包鲍韩冯付谢罗穆栾纪佟关那宝"
)
COMPOUND_SURNAMES = ("欧阳", "司马", "上官", "慕容", "诸葛")

FEMALE_CHARACTERS = (
    "丽敏静秀英娟霞艳玲芳燕红梅洁颖晶莹雪琳慧巧美娜彤萍华云凤兰春菊琴素珍贞莉桂娣璧璐娅琦婷姣婉娴瑾蕊薇菁梦岚苑筠柔竹"
    "霭凝晓欢霄枫芸菲寒欣滢亚宜可姬舒影荔枝思佳怡涵雅诗媛蓉"
)
MALE_CHARACTERS = (
    "伟刚勇毅俊峰强军平保东文辉力明永健世广志义兴良海山仁波宁贵福生龙元全国胜学祥才发武新利清飞彬富顺信子杰涛昌成康星光"
    "天达安岩中茂进林有坚和彪博诚先敬震振壮会思群豪心邦承乐绍功松善厚庆磊民友裕河哲江超浩亮政谦亨奇固之轮翰朗伯宏言若"
)
FEMALE_PAIRS = ("建华", "志红", "晓燕", "春梅", "玉兰", "桂芝", "淑华", "秀兰", "海燕", "雅静", "文静", "梓涵", "思雨")
MALE_PAIRS = ("建国", "国庆", "志强", "建军", "春雨", "海峰", "立军", "永刚", "文博", "宇轩", "浩然", "国栋", "振东")

MONGOLIAN_FEMALE = (
    "乌云其木格", "萨日娜", "其其格", "乌日娜", "娜仁花", "斯琴高娃", "托娅", "阿拉坦花", "乌兰", "格根塔娜",
    "苏日娜", "白音其木格", "敖登", "哈斯其木格", "娜日苏", "图雅", "乌仁图雅", "萨如拉", "其木格", "通拉嘎",
    "阿如娜", "海棠", "塔娜", "诺敏", "牡丹", "高娃", "查干其其格", "乌日汗", "红格尔", "斯日古楞花",
)  # fmt: skip
MONGOLIAN_MALE = (
    "巴特尔", "布和", "朝鲁", "额尔德尼", "苏和", "那顺", "宝音", "阿木古楞", "吉日嘎拉", "敖特根", "青格勒",
    "哈斯", "乌力吉", "巴雅尔", "斯琴巴图", "格日勒图", "满都拉", "照日格图", "图门", "孟和", "布仁", "呼格吉勒",
    "特木尔", "阿拉腾", "达来", "毕力格", "乌恩", "恩和", "扎那", "朝格图",
)  # fmt: skip

ETHNICITIES = ("汉族", "蒙古族", "满族", "回族", "达斡尔族")
ETHNICITY_WEIGHTS = (760, 185, 40, 12, 3)
SURNAME_WEIGHTS = [len(SURNAMES) * 2 - place for place in range(len(SURNAMES))]


def draw_ethnicity(rng: Random) -> str:
    return rng.choices(ETHNICITIES, ETHNICITY_WEIGHTS)[0]


def draw_name(rng: Random, ethnicity: str, female: bool) -> str:
    """A name of two to seven characters; two people may well share one."""
    if ethnicity == "蒙古族" and rng.random() < 0.6:
        return rng.choice(MONGOLIAN_FEMALE if female else MONGOLIAN_MALE)
    rare = rng.random() < 0.004
    surname = rng.choice(COMPOUND_SURNAMES) if rare else rng.choices(SURNAMES, SURNAME_WEIGHTS)[0]
    return surname + _given(rng, FEMALE_CHARACTERS if female else MALE_CHARACTERS, female)


def _given(rng: Random, characters: str, female: bool) -> str:
    kind = rng.random()
    if kind < 0.25:
        return rng.choice(characters)
    if kind < 0.40:
        return rng.choice(FEMALE_PAIRS if female else MALE_PAIRS)
    return rng.choice(characters) + rng.choice(characters)
