"""Texts of the news sent to the signatories of the demonstration. Everything is fictional."""

from dataclasses import dataclass

from levier.gathering.updates.enums import ResponseState


@dataclass(frozen=True, kw_only=True)
class TestimonyTold:
    nth: int  # which signature's owner writes
    words: str
    hours: int  # after the news
    state: ResponseState = ResponseState.WAITING
    for_page: bool = False
    for_press: bool = False
    show_name: bool = False


STREET_DAYS, STREET_TITLE = 16, "Racontez-nous votre rue des Lilas"
STREET_BODY = (
    "<p>La mairie compte des voitures. Elle ne compte ni les détours, ni les frayeurs, ni les "
    "vélos que l’on laisse au garage.</p>"
    "<p>Un accident évité, un trajet abandonné, un enfant que l’on n’ose plus laisser partir : "
    "<strong>ce que vous vivez pèse plus qu’un chiffre.</strong></p>"
)
STREET_PICTURE = "Une rue de Valmont sans piste cyclable, vue du trottoir."

ARTICLE_DAYS, ARTICLE_TITLE = 6, "Le journal parle de nous : faites-le lire"
ARTICLE_BODY = (
    "<p>Une page entière, et la promesse d’une réponse de la mairie avant la fin du mois. Un "
    "article que personne ne lit ne fait bouger personne : envoyez-le à une personne du "
    "quartier.</p>"
)
ARTICLE_SHARED = 212

DRAFT_TITLE = "Mme Diallo accepte de nous recevoir"
DRAFT_BODY = "<p>Rendez-vous en mairie la semaine prochaine, à quatre. Nous y portons vos mots.</p>"

TESTIMONIES = (
    TestimonyTold(
        nth=120,
        words="J’accompagne mes deux enfants à pied, vélo à la main : vingt minutes au lieu de "
        "sept, parce que le virage de la boulangerie nous fait peur.",
        hours=1,
        state=ResponseState.KEPT,
        for_page=True,
        for_press=True,
        show_name=True,
    ),
    TestimonyTold(
        nth=640,
        words="Je soigne à domicile, et ma tournée se fait à vélo partout, sauf rue des Lilas.",
        hours=2,
        state=ResponseState.KEPT,
        for_page=True,
    ),
    TestimonyTold(
        nth=1_310,
        words="Un rétroviseur m’a heurté le coude en mars. Rien de cassé, mais je prends la "
        "voiture depuis.",
        hours=5,
        state=ResponseState.KEPT,
        for_press=True,
    ),
    TestimonyTold(
        nth=2_075,
        words="Au collège, sur vingt-six élèves de la classe de mon fils, trois viennent à vélo. "
        "Tous ont demandé une piste au conseil des délégués.",
        hours=20,
        for_page=True,
        show_name=True,
    ),
    TestimonyTold(
        nth=3_402,
        words="Je tiens la mercerie : des clientes me disent qu’elles "
        "viendraient plus souvent si elles pouvaient attacher un vélo.",
        hours=30,
    ),
    TestimonyTold(
        nth=4_150,
        words="Et les trottoirs, quelqu’un y pense ?",
        hours=44,
        state=ResponseState.SET_ASIDE,
    ),
)
