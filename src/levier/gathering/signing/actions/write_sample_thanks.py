from datetime import datetime

from levier.foundation.common.typography import day
from levier.foundation.messaging.mails.compiled import Rendered, compiled
from levier.foundation.messaging.mails.sources import source_of
from levier.foundation.messaging.models.template import Template
from levier.foundation.messaging.rules.addresses import absolute, share_link
from levier.gathering.petitions.models.petition import Petition
from levier.gathering.signing.queries.for_mails import how_far, what_is_asked

THANKS = "signing/thanks"


def write_sample_thanks(
    *, petition: Petition, slug: str, first_name: str, language: str = "fr", now: datetime
) -> Rendered:
    """The thanks that the first signatory will receive, written to somebody of that name (P7).

    The petition need not be published, nor even be a row; its `version` is the one to quote.
    Nothing is written down, nothing leaves, and its links lead to the site's first page.
    """
    source = source_of(THANKS)
    template = Template(
        key=THANKS,
        language=language,
        subject=source.subject,
        mjml=source.mjml,
        text=source.text,
    )
    home = absolute("/")
    return compiled(template).fill(
        {
            **what_is_asked(petition, slug),
            **how_far(1, petition.fixed_goal),
            "share_code": "",
            "share_url": share_link("exemple0"),
            "confirm_url": home,
            "my_url": home,
            "first_name": first_name,
            "number": 1,
            "signed_on": day(now),
            "wants_updates": True,
        }
    )
