"""Which services ended with an error, of what `sc query` prints as its documentation has it."""

from rackside.watch.collectors.services_windows import Collector, ended_badly

SAID = """
SERVICE_NAME: AppMgmt
DISPLAY_NAME: Application Management
        TYPE               : 20  WIN32_SHARE_PROCESS
        STATE              : 1  STOPPED
        WIN32_EXIT_CODE    : 1077  (0x435)
        SERVICE_EXIT_CODE  : 0  (0x0)
        CHECKPOINT         : 0x0
        WAIT_HINT          : 0x0

SERVICE_NAME: MSSQLSERVER
DISPLAY_NAME: SQL Server (MSSQLSERVER): production
        TYPE               : 10  WIN32_OWN_PROCESS
        STATE              : 1  STOPPED
                                (NOT_STOPPABLE, NOT_PAUSABLE, IGNORES_SHUTDOWN)
        WIN32_EXIT_CODE    : 1067  (0x42b)
        SERVICE_EXIT_CODE  : 0  (0x0)
        CHECKPOINT         : 0x0
        WAIT_HINT          : 0x0

SERVICE_NAME: Backup
DISPLAY_NAME: Sicherung
        TYP                : 10  WIN32_OWN_PROCESS
        STATUS             : 1  STOPPED
        WIN32_BEENDIGUNGSCODE    : 1066  (0x42a)
        DIENST_BEENDIGUNGSCODE  : 3  (0x3)
        PRÜFPUNKT         : 0x0
        WARTEHINWEIS          : 0x0

SERVICE_NAME: sppsvc
DISPLAY_NAME: Software Protection
        TYPE               : 10  WIN32_OWN_PROCESS
        STATE              : 1  STOPPED
        WIN32_EXIT_CODE    : 0  (0x0)
        SERVICE_EXIT_CODE  : 0  (0x0)
        CHECKPOINT         : 0x0
        WAIT_HINT          : 0x0
"""


def test_what_ended_with_an_error_is_told_in_whatever_language() -> None:
    assert list(ended_badly(SAID)) == list(ended_badly(SAID.replace("\n", "\r\n"))) == ["MSSQLSERVER", "Backup"]


def test_what_is_no_such_list_tells_nothing() -> None:
    assert not list(
        ended_badly("[SC] EnumQueryServicesStatus:OpenService FAILED 5:\n\nAccess is denied.\n\n" + ":" * 99)
    )


def test_that_a_service_recovered_is_told_too() -> None:
    collector = Collector()
    assert [(each.key, each.value) for each in collector.told({"Backup"})] == [("service.failed Backup", 1.0)]
    assert [(each.key, each.value) for each in collector.told(set())] == [("service.failed Backup", 0.0)]
