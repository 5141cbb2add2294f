"""The table of slices: which panel is where, and which link opens it. Panels are imported when they are first shown."""

# ruff: noqa: PLC0415 - the first paint needs two of these modules; each of the others costs 10 to 60 ms

from rackside.kit.panel import Panel
from rackside.kit.slices import Context, Section, Slice, Tab, View
from rackside.slices_console import alerts, hosts, machine


def table() -> list[Slice]:
    """Return every slice. A tab "Deals" is left out until there are buyers' groups."""
    return [machine(), hosts(), alerts(), answers(), sponsors(), home(), threads(), ideas(), people(), accounts()]


def answers() -> Slice:
    """Answers for what is wrong now, and search."""

    def section(context: Context) -> Panel:
        from rackside.answers.panel import AnswersSection

        return AnswersSection(context)

    def search(context: Context, text: str) -> Panel:
        from rackside.answers.panel import SearchPage

        return SearchPage(context, text)

    def of_alert(context: Context, alert_id: str) -> Panel:
        from rackside.answers.panel import AlertAnswersPage

        return AlertAnswersPage(context, alert_id)

    def found(context: Context, thread_id: str) -> Panel:
        from rackside.answers.panel_beyond import FoundPage

        return FoundPage(context, thread_id)

    def first(context: Context, kind: str) -> Panel:
        from rackside.answers.panel_first import FirstStepsPage

        return FirstStepsPage(context, kind)

    def outcomes(context: Context, argument: str) -> Panel:
        from rackside.answers.panel_outcomes import OutcomesPage

        return OutcomesPage(context, argument)

    return Slice(
        sections=(Section(30, section, late=True),),
        views=(
            View("search", search),
            View("answers", of_alert),
            View("found", found),
            View("first", first),
            View("outcomes", outcomes),
        ),
    )


def sponsors() -> Slice:
    """One quiet card, and why it is there."""

    def card(context: Context) -> Panel:
        from rackside.sponsors.panel import SponsorCard

        return SponsorCard(context)

    def why(context: Context, campaign: str) -> Panel:
        from rackside.sponsors.panel import WhyPage

        return WhyPage(context, campaign)

    return Slice(sections=(Section(40, card, late=True),), views=(View("sponsor", why),))


def home() -> Slice:
    """What is worth a look now."""

    def for_you(context: Context) -> Panel:
        from rackside.home.panel import ForYouTab

        return ForYouTab(context)

    return Slice(tabs=(Tab(10, "For you", for_you),))


def threads() -> Slice:
    """Questions: the list, one of them, asking, editing."""

    def questions(context: Context) -> Panel:
        from rackside.threads.panel_list import QuestionsTab

        return QuestionsTab(context)

    def thread(context: Context, thread_id: str) -> Panel:
        from rackside.threads.panel import ThreadPage

        return ThreadPage(context, thread_id)

    def ask(context: Context, argument: str) -> Panel:
        from rackside import bridges
        from rackside.threads.panel_ask import AskPage

        alert = argument.removeprefix("alert:") if argument.startswith("alert:") else ""
        offer = bridges.offer_of(context.store, alert, context.machine(), context.snapshot())
        return AskPage(context, lambda text: bridges.threads_like(context.store, text, alert), offer)

    def me_too(context: Context, thread_id: str) -> Panel:
        from rackside import bridges
        from rackside.threads.panel_me_too import MeTooPage

        alert = bridges.alert_of(context.store, thread_id)
        offer = bridges.offer_of(context.store, alert, context.machine(), context.snapshot())
        return MeTooPage(context, thread_id, offer)

    def edit(context: Context, item: str) -> Panel:
        from rackside.threads.panel_edit import EditPage

        return EditPage(context, item)

    return Slice(
        tabs=(Tab(20, "Questions", questions),),
        views=(View("thread", thread), View("ask", ask), View("edit", edit), View("metoo", me_too)),
    )


def ideas() -> Slice:
    """Features that members propose and vote on."""

    def features(context: Context) -> Panel:
        from rackside.ideas.panel import FeaturesTab

        return FeaturesTab(context)

    def idea(context: Context, idea_id: str) -> Panel:
        from rackside.ideas.panel import IdeaPage

        return IdeaPage(context, idea_id)

    def propose(context: Context, _argument: str) -> Panel:
        from rackside.ideas.panel import ProposePage

        return ProposePage(context)

    return Slice(tabs=(Tab(30, "Features", features),), views=(View("idea", idea), View("propose", propose)))


def people() -> Slice:
    """Members."""

    def tab(context: Context) -> Panel:
        from rackside.people.panel import PeopleTab

        return PeopleTab(context)

    def member(context: Context, member_id: str) -> Panel:
        from rackside.people.panel import ProfilePage

        return ProfilePage(context, member_id)

    def profile(context: Context, _argument: str) -> Panel:
        from rackside.people.panel import EditProfilePage

        return EditProfilePage(context)

    return Slice(tabs=(Tab(40, "People", tab),), views=(View("member", member), View("profile", profile)))


def accounts() -> Slice:
    """The first page, settings, signing in, and the outbox."""

    def welcome(context: Context, _argument: str) -> Panel:
        from rackside.accounts.panel import FirstPage

        return FirstPage(context)

    def settings(context: Context, _argument: str) -> Panel:
        from rackside.accounts.panel import SettingsPage

        return SettingsPage(context)

    def sign_in(context: Context, _argument: str) -> Panel:
        from rackside.accounts.panel_signin import SignInPage

        return SignInPage(context)

    def outbox(context: Context, _argument: str) -> Panel:
        from rackside.accounts.panel import OutboxPage

        return OutboxPage(context)

    return Slice(
        views=(
            View("welcome", welcome),
            View("settings", settings),
            View("signin", sign_in),
            View("outbox", outbox),
        )
    )
