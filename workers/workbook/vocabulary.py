"""The closed vocabularies with the ways of writing them (``lexicon.yaml``)."""

from workers.workbook.lexicon import values_of

CATEGORIES = values_of("人员类别")
POSTS = values_of("岗位")
POSITIONS = values_of("职务")
EDUCATIONS = values_of("学历")
CERTIFICATES = values_of("证书等级")
RESULTS = values_of("等次")
TRUTHS = {word: value == "是" for word, value in values_of("truth").items()}
