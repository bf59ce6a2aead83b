from levier.foundation.people.models.person import Person


def living_card(pk: int) -> Person | None:
    """A person with their organisation, as a link made for them finds them today: under the card
    that theirs was merged into, if it was; None once they were erased."""
    everyone = Person.objects.select_related("organisation", "merged_into__organisation")
    found = everyone.filter(pk=pk).first()
    if found is not None and found.merged_into is not None:
        found = found.merged_into
    return None if found is None or found.erased_at is not None else found
