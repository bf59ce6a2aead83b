"""Registry of every model, for Django only. Import models from their own package instead."""

from levier.foundation.accounts.models import Invitation, Membership, Organisation, User
from levier.foundation.campaigns.models import Campaign, TeamMember
from levier.foundation.directory.models import Area, Mandate, Organization, PersonInOffice, Post
from levier.foundation.ledger.models import Entry, TreeHead
from levier.foundation.messaging.models import Delivery, DeliveryEvent, Message, Template
from levier.foundation.people.models import (
    Activity,
    ActivityCursor,
    Consent,
    ConsentState,
    ContactPoint,
    Person,
    Suppression,
)
from levier.gathering.petitions.models import (
    Comment,
    CommentReport,
    Milestone,
    Petition,
    Slug,
    Version,
)
from levier.gathering.signing.models import Guard, ReferralCode, Signature, Tally

__all__ = [
    "Activity",
    "ActivityCursor",
    "Area",
    "Campaign",
    "Comment",
    "CommentReport",
    "Consent",
    "ConsentState",
    "ContactPoint",
    "Delivery",
    "DeliveryEvent",
    "Entry",
    "Guard",
    "Invitation",
    "Mandate",
    "Membership",
    "Message",
    "Milestone",
    "Organisation",
    "Organization",
    "Person",
    "PersonInOffice",
    "Petition",
    "Post",
    "ReferralCode",
    "Signature",
    "Slug",
    "Suppression",
    "Tally",
    "TeamMember",
    "Template",
    "TreeHead",
    "User",
    "Version",
]
