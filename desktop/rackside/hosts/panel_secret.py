"""The page that keeps what devices are asked with, by name: the community of SNMP 2c, or the user of version 3."""

from functools import partial
from typing import ClassVar, Final

from PySide6.QtWidgets import QComboBox, QFormLayout, QLineEdit

from rackside.kit import background
from rackside.kit.cards import button, column, row
from rackside.kit.panel import Panel
from rackside.kit.slices import Context
from rackside.kit.text import PlainLabel
from rackside.watch.checks.secrets import SnmpCredentials, keep_secret

AUTHENTICATION: Final = ("SHA", "SHA-256", "SHA-512", "MD5")
PRIVACY: Final = ("AES", "AES-256", "DES")
ABOUT: Final = (
    "It is kept in the keyring of this desktop, or in a file that only you can read. A check has nothing but its name."
)


class SecretPage(Panel):
    """One form; what is typed is gone from it when it is kept."""

    TOPICS: ClassVar[frozenset[str]] = frozenset()

    def __init__(self, context: Context, name: str = "") -> None:
        super().__init__()
        self._context = context
        self._name, self._user = QLineEdit(name), QLineEdit()
        self._community, self._auth_key, self._privacy_key = QLineEdit(), QLineEdit(), QLineEdit()
        for each in (self._community, self._auth_key, self._privacy_key):
            each.setEchoMode(QLineEdit.EchoMode.Password)
        self._auth, self._privacy = QComboBox(), QComboBox()
        self._auth.addItems(AUTHENTICATION)
        self._privacy.addItems(PRIVACY)
        form = QFormLayout()
        for label, control in (
            ("Name", self._name),
            ("Community (2c)", self._community),
            ("User (3)", self._user),
            ("Authentication", self._auth),
            ("Authentication key", self._auth_key),
            ("Privacy", self._privacy),
            ("Privacy key", self._privacy_key),
        ):
            control.setAccessibleName(label)
            form.addRow(PlainLabel(label, tone="dim"), control)
        self._said = PlainLabel(ABOUT, tone="dim", wrap=True)
        acts = row(button("Keep it", self._keep, kind="primary"), button("Forget it", self._forget), None)
        title = PlainLabel("A secret of SNMP", role="title")
        self.setLayout(column(title, form, acts, self._said, None, gap=12, margins=(24, 20, 24, 20)))

    def title(self) -> str:
        """Return where one is."""
        return "Machines \N{SINGLE RIGHT-POINTING ANGLE QUOTATION MARK} A secret"

    def _keep(self) -> None:
        auth_key, privacy_key = self._auth_key.text(), self._privacy_key.text()
        try:
            held = SnmpCredentials(
                community=self._community.text(),
                user=self._user.text().strip(),
                auth_protocol=self._auth.currentText(),  # type: ignore[arg-type] # one of the listed
                auth_key=auth_key,
                privacy_protocol=self._privacy.currentText(),  # type: ignore[arg-type] # as above
                privacy_key=privacy_key,
            )
        except ValueError as error:
            self._said.setText(f"This cannot be kept: {error}.")
            return
        self._put(held)

    def _forget(self) -> None:
        self._put(None)

    def _put(self, held: SnmpCredentials | None) -> None:
        background.run(partial(keep_secret, self._name.text().strip(), held), self._kept, self._fail)

    def _kept(self, where: str) -> None:
        for each in (self._community, self._auth_key, self._privacy_key):
            each.clear()
        self._said.setText(f"It is kept {where}.")

    def _fail(self, error: Exception) -> None:
        self._said.setText(f"This cannot be kept: {error}.")
