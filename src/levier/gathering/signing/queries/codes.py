"""Personal share codes (P45)."""

from levier.gathering.signing.models.signature import ReferralCode


def petition_of_code(code: str) -> int | None:
    """The petition a personal link leads to, or None for a code never given."""
    return (
        ReferralCode.objects.filter(code=code).values_list("signature__petition", flat=True).first()
    )
