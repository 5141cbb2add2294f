"""Every kind of document and action there is, and how each is read from bytes."""

from typing import Final, TypeAlias, get_args

import msgspec

from rackside_protocol.accounts import Device, RevokeDevice
from rackside_protocol.actions import Action, action_kind
from rackside_protocol.answers import (
    AlertRecord,
    DismissHelpWanted,
    FixRecord,
    HelpWanted,
    LearnedWords,
    MyOutcome,
    PackedAnswer,
    ReportOutcome,
    WithdrawOutcome,
)
from rackside_protocol.documents import Document, kind_of
from rackside_protocol.groups import Group, JoinGroup, LeaveGroup, Membership
from rackside_protocol.heartbeats import Heartbeat, RegisterHeartbeat, RemoveHeartbeat, RenewHeartbeat
from rackside_protocol.ideas import CommentIdea, Idea, IdeaComment, Propose, SetIdeaState, VoteIdea
from rackside_protocol.people import EditProfile, Member
from rackside_protocol.sponsors import Campaign, SendReceipt, ServingKey
from rackside_protocol.standing import MyVote, Standing
from rackside_protocol.threads import (
    Accept,
    Ask,
    Delete,
    EditPost,
    EditThread,
    Evidence,
    Mark,
    MeToo,
    Post,
    Reply,
    Thread,
    VoteHelpful,
)

AnyDocument: TypeAlias = (
    AlertRecord
    | Campaign
    | Device
    | Evidence
    | FixRecord
    | Group
    | Heartbeat
    | HelpWanted
    | Idea
    | IdeaComment
    | Member
    | Membership
    | MyOutcome
    | MyVote
    | LearnedWords
    | PackedAnswer
    | Post
    | ServingKey
    | Standing
    | Thread
)
AnyAction: TypeAlias = (
    Accept
    | Ask
    | CommentIdea
    | Delete
    | DismissHelpWanted
    | EditPost
    | EditProfile
    | EditThread
    | JoinGroup
    | LeaveGroup
    | Mark
    | MeToo
    | Propose
    | RegisterHeartbeat
    | RemoveHeartbeat
    | RenewHeartbeat
    | Reply
    | ReportOutcome
    | RevokeDevice
    | SendReceipt
    | SetIdeaState
    | VoteHelpful
    | VoteIdea
    | WithdrawOutcome
)

DOCUMENTS: Final[dict[str, type[Document]]] = {kind_of(each): each for each in get_args(AnyDocument)}
ACTIONS: Final[dict[str, type[Action]]] = {action_kind(each): each for each in get_args(AnyAction)}

_documents: msgspec.json.Decoder[AnyDocument] = msgspec.json.Decoder(AnyDocument)
_actions: msgspec.json.Decoder[AnyAction] = msgspec.json.Decoder(AnyAction)
_encoder = msgspec.json.Encoder()


def encode(value: object) -> bytes:
    """Return the JSON of any struct of the protocol."""
    return _encoder.encode(value)


def read_document(data: bytes) -> AnyDocument:
    """Read one document.

    Raises:
        msgspec.ValidationError: the document is of an unknown kind or breaks its schema.
        msgspec.DecodeError: it is not JSON.
    """
    return _documents.decode(data)


def read_action(data: bytes) -> AnyAction:
    """Read one action; raises as `read_document` does."""
    return _actions.decode(data)
