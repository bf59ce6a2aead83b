"""Registry of every model, for Django only. Import models from their own package instead."""

from levier.foundation.accounts.models import Invitation, Membership, Organisation, User
from levier.foundation.campaigns.models import Campaign, OrganisationChoices, TeamMember, Theme
from levier.foundation.directory.models import (
    Area,
    ContactDetail,
    Mandate,
    Organization,
    PersonInOffice,
    Post,
    PostcodeRange,
)
from levier.foundation.ledger.models import Entry, TreeHead
from levier.foundation.messaging.models.delivery import Delivery, DeliveryEvent
from levier.foundation.messaging.models.message import Message
from levier.foundation.messaging.models.preflight import Preflight
from levier.foundation.messaging.models.pressure import ContactPolicy, Pressure
from levier.foundation.messaging.models.route import (
    DomainPace,
    HandedBefore,
    RouteBudget,
    RouteState,
)
from levier.foundation.messaging.models.tally import DomainTally, MessageTally
from levier.foundation.messaging.models.template import Template
from levier.foundation.people.models.activity import Activity, ActivityCursor
from levier.foundation.people.models.consent import Consent, ConsentState
from levier.foundation.people.models.export import Export
from levier.foundation.people.models.imports import SupporterImport
from levier.foundation.people.models.merge import Merge
from levier.foundation.people.models.note import Note
from levier.foundation.people.models.person import ContactPoint, Person
from levier.foundation.people.models.resemblance import Resemblance
from levier.foundation.people.models.retention import Retention
from levier.foundation.people.models.search import SearchEntry, SearchWords
from levier.foundation.people.models.segment import Segment
from levier.foundation.people.models.suppression import Suppression
from levier.foundation.people.models.tag import PersonTag, Tag, Tagging
from levier.gathering.petitions.models.advice import PostponedStep, TeamNotice
from levier.gathering.petitions.models.comment import Comment, CommentReport
from levier.gathering.petitions.models.embed_site import EmbedSite
from levier.gathering.petitions.models.launch import LaunchDraft
from levier.gathering.petitions.models.milestone import Milestone
from levier.gathering.petitions.models.partner import Partner
from levier.gathering.petitions.models.petition import Petition, Slug, Version
from levier.gathering.petitions.models.press_link import PressLink
from levier.gathering.petitions.models.removal import Removal
from levier.gathering.petitions.models.review import Review
from levier.gathering.petitions.models.share_text import ShareText
from levier.gathering.petitions.models.switch import Switch
from levier.gathering.petitions.models.territory import PublicTerritory
from levier.gathering.petitions.models.translation import Translation
from levier.gathering.petitions.models.victory import Victory
from levier.gathering.signing.models.alert import Alert
from levier.gathering.signing.models.bulk_decision import BulkDecision, BulkLine
from levier.gathering.signing.models.guard import Guard
from levier.gathering.signing.models.imports import ImportBatch
from levier.gathering.signing.models.journals import (
    AreaTally,
    DayTally,
    JournalLine,
    ReferralTally,
    SourceTally,
)
from levier.gathering.signing.models.organisation_signature import OrganisationSignature
from levier.gathering.signing.models.paper import PaperLine, PaperRun, PaperSheet
from levier.gathering.signing.models.partner_agreement import PartnerAgreement
from levier.gathering.signing.models.signature import ReferralCode, Signature
from levier.gathering.signing.models.tally import Tally
from levier.gathering.updates.models.ask import Ask
from levier.gathering.updates.models.rehearsal import Rehearsal
from levier.gathering.updates.models.response import Response
from levier.gathering.updates.models.response_use import ResponseUse
from levier.gathering.updates.models.update import Update

__all__ = [
    "Activity",
    "ActivityCursor",
    "Alert",
    "Area",
    "AreaTally",
    "Ask",
    "BulkDecision",
    "BulkLine",
    "Campaign",
    "Comment",
    "CommentReport",
    "Consent",
    "ConsentState",
    "ContactDetail",
    "ContactPoint",
    "ContactPolicy",
    "DayTally",
    "Delivery",
    "DeliveryEvent",
    "DomainPace",
    "DomainTally",
    "EmbedSite",
    "Entry",
    "Export",
    "Guard",
    "HandedBefore",
    "ImportBatch",
    "Invitation",
    "JournalLine",
    "LaunchDraft",
    "Mandate",
    "Membership",
    "Merge",
    "Message",
    "MessageTally",
    "Milestone",
    "Note",
    "Organisation",
    "OrganisationChoices",
    "OrganisationSignature",
    "Organization",
    "PaperLine",
    "PaperRun",
    "PaperSheet",
    "Partner",
    "PartnerAgreement",
    "Person",
    "PersonInOffice",
    "PersonTag",
    "Petition",
    "Post",
    "PostcodeRange",
    "PostponedStep",
    "Preflight",
    "PressLink",
    "Pressure",
    "PublicTerritory",
    "ReferralCode",
    "ReferralTally",
    "Rehearsal",
    "Removal",
    "Resemblance",
    "Response",
    "ResponseUse",
    "Retention",
    "Review",
    "RouteBudget",
    "RouteState",
    "SearchEntry",
    "SearchWords",
    "Segment",
    "ShareText",
    "Signature",
    "Slug",
    "SourceTally",
    "SupporterImport",
    "Suppression",
    "Switch",
    "Tag",
    "Tagging",
    "Tally",
    "TeamMember",
    "TeamNotice",
    "Template",
    "Theme",
    "Translation",
    "TreeHead",
    "Update",
    "User",
    "Version",
    "Victory",
]
