"""Who a petition is addressed to, in the words the public reads."""

from dataclasses import dataclass

from levier.gathering.petitions.models.petition import Petition


@dataclass(frozen=True, kw_only=True)
class Addressee:
    """The parts of « Mme Diallo, 3e adjointe au maire (mobilités), Ville de Valmont »."""

    short: str  # « Mme Diallo », or the post when nobody holds it
    name: str  # « Mme Khady Diallo »
    post: str
    responsibility: str
    institution: str

    @property
    def post_names_the_place(self) -> bool:
        """« maire de Valmont » needs no « Ville de Valmont » after it."""
        place = self.institution.split(" ")[-1]
        return bool(place) and place in self.post.split(" ")

    @property
    def role(self) -> str:
        """« 3e adjointe au maire, mobilités. Ville de Valmont. », under the name."""
        duty = ", ".join(part for part in (self.name and self.post, self.responsibility) if part)
        place = "" if self.post_names_the_place else self.institution
        return " ".join(f"{part}." for part in (duty, place) if part)

    @property
    def in_full(self) -> str:
        """« Mme Khady Diallo, 3e adjointe au maire, mobilités, Ville de Valmont »; may be empty."""
        place = "" if self.post_names_the_place else self.institution
        parts = (self.name, self.post, self.responsibility, place)
        return ", ".join(part for part in parts if part)


def addressee_of(petition: Petition) -> Addressee:
    """The addressee of a petition, from the directory, else its free words."""
    person, post = petition.addressee_person, petition.addressee_post
    short = name = ""
    if person is not None:
        name = str(person)
        short = f"{person.honorific_prefix} {person.family_name or person.name}".strip()
    return Addressee(
        short=short or (post.label if post else petition.addressee_text),
        name=name,
        post=post.label if post else ("" if person else petition.addressee_text),
        responsibility=post.responsibility if post else "",
        institution=post.organization.name if post else "",
    )
