"""What the log commits to."""

from uuid import UUID


def signature_facts(
    *, email: str, first_name: str, last_name: str, postcode: str, country: str, petition: UUID
) -> dict[str, str]:
    """What the log commits to for one signature. `email` is the canonical one."""
    return {
        "email": email,
        "first_name": first_name,
        "last_name": last_name,
        "postcode": postcode,
        "country": country,
        "petition": str(petition),
    }
