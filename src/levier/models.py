"""Registry of every model, for Django only. Import models from their own package instead."""

from levier.foundation.accounts.models import Invitation, Membership, Organisation, User
from levier.foundation.campaigns.models import Campaign, TeamMember
from levier.foundation.directory.models import Area, Mandate, Organization, PersonInOffice, Post
from levier.foundation.ledger.models import Entry, TreeHead
from levier.foundation.messaging.models import Delivery, DeliveryEvent, Message, Template
from levier.foundation.people.models.activity import Activity, ActivityCursor
from levier.foundation.people.models.consent import Consent, ConsentState
from levier.foundation.people.models.person import ContactPoint, Person
from levier.foundation.people.models.suppression import Suppression
from levier.gathering.petitions.models.comment import Comment, CommentReport
from levier.gathering.petitions.models.milestone import Milestone
from levier.gathering.petitions.models.petition import Petition, Slug, Version
from levier.gathering.signing.models.guard import Guard
from levier.gathering.signing.models.signature import ReferralCode, Signature
from levier.gathering.signing.models.tally import Tally

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
