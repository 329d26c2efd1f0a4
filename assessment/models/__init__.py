from assessment.models.annual import AnnualAssessment, AssessmentProposal, ShareException

__all__ = ["AnnualAssessment", "AssessmentProposal", "ShareException"]
