from levier.gathering.petitions.models.petition import Petition
from levier.gathering.petitions.rules.addressees import Addressee, addressee_of

DIALLO = Addressee(
    short="Mme Diallo",
    name="Mme Khady Diallo",
    post="3e adjointe au maire",
    responsibility="mobilités",
    institution="Ville de Valmont",
)


def test_comes_from_the_directory(lilas: Petition) -> None:
    assert addressee_of(lilas) == DIALLO
    assert DIALLO.role == "3e adjointe au maire, mobilités. Ville de Valmont."


def test_a_post_may_name_the_place(lilas: Petition) -> None:
    assert lilas.addressee_post is not None
    lilas.addressee_post.label = "Maire de Valmont"
    lilas.addressee_post.responsibility = ""
    assert addressee_of(lilas).role == "Maire de Valmont."


def test_a_post_nobody_holds(lilas: Petition) -> None:
    lilas.addressee_person = None
    addressee = addressee_of(lilas)
    assert (addressee.short, addressee.name) == ("3e adjointe au maire", "")
    assert addressee.role == "mobilités. Ville de Valmont."


def test_somebody_without_a_post(lilas: Petition) -> None:
    lilas.addressee_post = None
    addressee = addressee_of(lilas)
    assert (addressee.short, addressee.post, addressee.role) == ("Mme Diallo", "", "")


def test_a_draft_has_free_words_only() -> None:
    addressee = addressee_of(Petition(addressee_text="Le maire"))
    assert (addressee.short, addressee.name, addressee.post) == ("Le maire", "", "Le maire")


def test_in_full_names_the_place_once(lilas: Petition) -> None:
    said = "Mme Khady Diallo, 3e adjointe au maire, mobilités, Ville de Valmont"
    assert addressee_of(lilas).in_full == said
    assert lilas.addressee_post is not None
    lilas.addressee_post.label = "Maire de Valmont"
    assert addressee_of(lilas).in_full == "Mme Khady Diallo, Maire de Valmont, mobilités"
    assert addressee_of(Petition()).in_full == ""
