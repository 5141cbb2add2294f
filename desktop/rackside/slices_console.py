"""The slices of the console: this machine, the machines that are watched, and alerts."""

# ruff: noqa: PLC0415 - as in `slices`: the first paint needs few of these modules

from rackside.kit.panel import Panel
from rackside.kit.slices import Context, Section, Slice, View


def machine() -> Slice:
    """This machine, its network, its alerts."""

    def header(context: Context) -> Panel:
        from rackside.machine.panel_header import Header

        return Header(context)

    def tiles(context: Context) -> Panel:
        from rackside.machine.panel import MachineSection

        return MachineSection(context)

    def network(context: Context) -> Panel:
        from rackside.machine.panel import NetworkSection

        return NetworkSection(context)

    def reading(context: Context, metric: str) -> Panel:
        from rackside.machine.panel_reading import ReadingPanel

        return ReadingPanel(context, metric)

    def logs(context: Context, words: str) -> Panel:
        from rackside.machine.panel_logs import LogsPage

        return LogsPage(context, words)

    def inventory(context: Context, words: str) -> Panel:
        from rackside.machine.panel_inventory import InventoryPage

        return InventoryPage(context, words)

    return Slice(
        header=header,
        sections=(Section(10, tiles), Section(20, network)),
        views=(View("reading", reading), View("logs", logs), View("inventory", inventory)),
    )


def alerts() -> Slice:
    """What is wrong, and the log of all that happened."""

    def alert(context: Context, alert_id: str) -> Panel:
        from rackside.alerts.panel import AlertPanel

        return AlertPanel(context, alert_id)

    def all_of_them(context: Context, argument: str) -> Panel:
        from rackside.alerts.panel import AlertsPanel

        return AlertsPanel(context, argument)

    def events(context: Context, words: str) -> Panel:
        from rackside.alerts.panel_events import EventsPage

        return EventsPage(context, words)

    def delivery(context: Context, argument: str) -> Panel:
        from rackside.alerts.panel_delivery import DeliveryPage

        return DeliveryPage(context, argument)

    views = (View("alert", alert), View("alerts", all_of_them), View("events", events), View("delivery", delivery))
    return Slice(views=views)


def hosts() -> Slice:
    """The machines and services that are watched."""

    def section(context: Context) -> Panel:
        from rackside.hosts.panel import HostsSection

        return HostsSection(context)

    def overview(context: Context, words: str) -> Panel:
        from rackside.hosts.panel_overview import OverviewPage

        return OverviewPage(context, words)

    def host(context: Context, name: str) -> Panel:
        from rackside.hosts.panel_host import HostPage

        return HostPage(context, name)

    def check(context: Context, label: str) -> Panel:
        from rackside.hosts.panel_check import CheckPage

        return CheckPage(context, label)

    def maintenance(context: Context, argument: str) -> Panel:
        from rackside.hosts.panel_maintenance import MaintenancePage

        return MaintenancePage(context, argument)

    def heartbeats(context: Context, argument: str) -> Panel:
        from rackside.hosts.panel_heartbeats import HeartbeatsPage

        return HeartbeatsPage(context, argument)

    def bring(context: Context, argument: str) -> Panel:
        from rackside.hosts.panel_bring import BringPage

        return BringPage(context, argument)

    def discover(context: Context, argument: str) -> Panel:
        from rackside.hosts.panel_discover import DiscoverPage

        return DiscoverPage(context, argument)

    def secret(context: Context, name: str) -> Panel:
        from rackside.hosts.panel_secret import SecretPage

        return SecretPage(context, name)

    return Slice(
        sections=(Section(25, section, late=True),),
        views=(
            View("hosts", overview),
            View("discover", discover),
            View("secret", secret),
            View("host", host),
            View("check", check),
            View("maintenance", maintenance),
            View("heartbeats", heartbeats),
            View("bring", bring),
        ),
    )
