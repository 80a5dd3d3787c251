"""Tables of campaigns."""

from sillage.campaigns.models.budget import BudgetLine, ExchangeRate, Payment
from sillage.campaigns.models.campaign import ERASED, Campaign, Collaboration, Move, Note, Reminder
from sillage.campaigns.models.contracts import (
    Consideration,
    Contract,
    ContractVersion,
    ContractVoid,
    Exclusivity,
    Signature,
)
from sillage.campaigns.models.deliverables import (
    Deliverable,
    Draft,
    DraftCheck,
    DraftFile,
    DraftRemark,
    DraftThread,
    DraftVerdict,
    LiveEvidence,
    LiveLink,
    LiveMatch,
)
from sillage.campaigns.models.invitations import Invitation, InvitationPlan
from sillage.campaigns.models.seeding import (
    ClickCount,
    Conversion,
    Product,
    PromoCode,
    Shipment,
    ShippingAddress,
    ShopFeed,
    TrackedLink,
)

__all__ = [
    "ERASED",
    "BudgetLine",
    "Campaign",
    "ClickCount",
    "Collaboration",
    "Consideration",
    "Contract",
    "ContractVersion",
    "ContractVoid",
    "Conversion",
    "Deliverable",
    "Draft",
    "DraftCheck",
    "DraftFile",
    "DraftRemark",
    "DraftThread",
    "DraftVerdict",
    "ExchangeRate",
    "Exclusivity",
    "Invitation",
    "InvitationPlan",
    "LiveEvidence",
    "LiveLink",
    "LiveMatch",
    "Move",
    "Note",
    "Payment",
    "Product",
    "PromoCode",
    "Reminder",
    "Shipment",
    "ShippingAddress",
    "ShopFeed",
    "Signature",
    "TrackedLink",
]
