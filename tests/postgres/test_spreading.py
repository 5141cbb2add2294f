"""Hot tables can be spread over a cluster of PostgreSQL servers by the column that they carry for it.

Citus takes a unique index of a distributed table only when it holds the distribution column; docs/scale.md says what
stands in the way, and this test that nothing else does.
"""

import pytest

from tests.postgres.cluster import Cluster
from tests.postgres.servers import run

SPREAD_BY = {
    "feed_channel": "id",
    "feed_feedrow": "channel_id",
    "feed_versiontag": "channel_id",
    "feed_receivedaction": "member_id",
}
IN_THE_WAY = {("feed_channel", "name"), ("feed_receivedaction", "id")}
UNIQUE = """
    SELECT tables.relname, string_agg(attname, ',' ORDER BY attname)
    FROM pg_index JOIN pg_class AS tables ON tables.oid = indrelid
    JOIN pg_attribute ON attrelid = indrelid AND attnum = ANY (indkey)
    WHERE indisunique AND tables.relname LIKE 'feed\\_%' GROUP BY tables.relname, indexrelid
"""


@pytest.fixture
def migrated(cluster: Cluster, tmp_path_factory: pytest.TempPathFactory) -> Cluster:
    """One with our tables."""
    run(tmp_path_factory.mktemp("server"), cluster.url, "rackside_server", "migrate")
    return cluster


def test_each_unique_index_of_a_hot_table_holds_the_column_that_it_is_spread_by(migrated: Cluster) -> None:
    found = {(table, columns) for table, _, columns in (line.partition("|") for line in migrated.sql(UNIQUE))}
    assert {table for table, _ in found} == set(SPREAD_BY)
    assert {(table, columns) for table, columns in found if SPREAD_BY[table] not in columns.split(",")} == IN_THE_WAY
