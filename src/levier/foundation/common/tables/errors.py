"""Why a file cannot be read as a table. `str()` is a French sentence that tells how to mend it."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


class UnreadableTable(Exception):
    """The file is not a table that can be read here."""

    message: str | Promise = _(
        "Ce fichier n’a pas pu être lu. Enregistrez-le en CSV, puis déposez-le de nouveau."
    )

    def __str__(self) -> str:
        return str(self.message)


class EmptyTable(UnreadableTable):
    message = _("Ce fichier ne contient aucune ligne. Exportez-le de nouveau, puis déposez-le.")


class TooHeavy(UnreadableTable):
    message = _(
        "Ce fichier dépasse 200\u00a0Mo. Coupez-le en plusieurs fichiers, chacun avec la ligne des "
        "titres."
    )


class NotATable(UnreadableTable):
    """Something else altogether; `found` says what."""

    def __init__(self, found: str | Promise) -> None:
        super().__init__(found)
        self.message = _(
            "Ce fichier est %(found)s, pas un tableau. Déposez un fichier CSV, Excel (.xlsx, .xls) "
            "ou LibreOffice (.ods)."
        ) % {"found": found}


class Garbled(UnreadableTable):
    message = _(
        "Ce fichier n’est ni un texte ni un classeur. Ouvrez-le dans un tableur, enregistrez-le en "
        "CSV, puis déposez ce fichier."
    )


class Swollen(UnreadableTable):
    """A workbook that unfolds to more than a table needs: a bomb, or too many cells."""

    message = _(
        "Ce classeur, une fois déplié, est trop grand pour être ouvert ici. Enregistrez sa feuille "
        "en CSV, puis déposez ce fichier."
    )


class CutShort(UnreadableTable):
    message = _(
        "Ce classeur est incomplet ou abîmé. Il a peut-être été coupé en chemin : téléchargez-le "
        "de nouveau, ou enregistrez-le en CSV."
    )


class Locked(UnreadableTable):
    message = _(
        "Ce classeur est protégé par un mot de passe. Enlevez la protection, puis déposez-le."
    )


class TooManyColumns(UnreadableTable):
    message = _(
        "Ce fichier a plus de 300 colonnes. Gardez celles qui servent, puis déposez-le de nouveau."
    )


class OpenQuote(UnreadableTable):
    """A quotation mark that is never closed swallows the rest of the file."""

    def __init__(self, row: int) -> None:
        super().__init__(row)
        self.message = _(
            "Vers la ligne %(row)s, un guillemet ouvert n’est jamais refermé, ou une ligne ne "
            "finit pas. Corrigez-la dans un tableur, enregistrez en CSV, puis déposez ce fichier."
        ) % {"row": row}
