from assessment.models.annual import AnnualAssessment
from assessment.models.proposals import AssessmentProposal
from assessment.models.share import ShareException

__all__ = ["AnnualAssessment", "AssessmentProposal", "ShareException"]
