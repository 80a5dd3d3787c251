import pytest

from sillage.adapters.database.external import (
    AddressMalformed,
    EncodingNotUtf8,
    ExternalServer,
    PgvectorMissing,
    PgvectorTooOld,
    PostgresTooOld,
    check_external,
    judge_external,
)
from sillage.lib.errors import OutsideError


def server(
    version: int = 160004, encoding: str = "UTF8", offered: str | None = "0.8.0", installed: str | None = "0.8.0"
) -> ExternalServer:
    return ExternalServer(version, encoding, offered, installed)


@pytest.mark.parametrize(
    "good", [server(), server(version=150000), server(installed=None), server(offered="0.10.1", installed="0.8.5")]
)
def test_a_recent_server_with_pgvector_is_accepted(good: ExternalServer) -> None:
    judge_external(good)


def test_postgresql_14_is_refused_with_the_version_that_is_needed() -> None:
    with pytest.raises(PostgresTooOld, match="PostgreSQL 14; Sillage needs 15"):
        judge_external(server(version=140012))


def test_a_server_without_pgvector_is_refused_with_the_package_and_the_sql() -> None:
    with pytest.raises(PgvectorMissing) as refused:
        judge_external(server(offered=None, installed=None))
    assert "postgresql-16-pgvector" in refused.value.hint
    assert "CREATE EXTENSION vector;" in refused.value.hint


def test_an_old_pgvector_in_the_database_asks_for_the_update_that_the_server_offers() -> None:
    with pytest.raises(PgvectorTooOld, match=r"pgvector 0\.7\.4") as refused:
        judge_external(server(offered="0.8.1", installed="0.7.4"))
    assert refused.value.hint == "run in this database: ALTER EXTENSION vector UPDATE;"


def test_an_old_pgvector_on_the_server_asks_for_a_newer_one_first() -> None:
    with pytest.raises(PgvectorTooOld) as refused:
        judge_external(server(offered="0.7.4", installed=None))
    assert refused.value.hint.startswith("Install a newer pgvector")


def test_a_database_that_is_not_utf8_is_refused() -> None:
    with pytest.raises(EncodingNotUtf8, match="LATIN1"):
        judge_external(server(encoding="LATIN1"))


def test_an_address_that_cannot_be_read_is_refused_without_its_password() -> None:
    with pytest.raises(AddressMalformed) as refused:
        check_external("postgresql://ada:s3cret@localhost/sillage?colour=blue")
    assert "s3cret" not in refused.value.message


def test_a_server_that_does_not_answer_is_an_outside_error_that_may_pass(tmp_path_factory) -> None:
    nowhere = tmp_path_factory.mktemp("nowhere")
    with pytest.raises(OutsideError) as failed:
        check_external(f"postgresql://ada@/sillage?host={nowhere}")
    assert not failed.value.permanent
    assert "SILLAGE_DATABASE_URL" in failed.value.hint
