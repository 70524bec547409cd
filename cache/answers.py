"""Answers already given: a batch sent again gets the same one. Also keeps what was refused."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC
from hashlib import blake2b
from uuid import UUID

import orjson
import polars as pl

from cache.database import Database
from twin.moment import Moment
from twin.reading import Batch, Commit, Reject

_RAW_LENGTH = 2048
_ONE = "SELECT key, known, answer FROM batch WHERE key = $key"
_SOME = "SELECT key, known, answer FROM batch WHERE key IN (SELECT unnest($keys))"
_GIVE = "INSERT INTO batch SELECT unnest($keys), unnest($sources), unnest($ids), $known, unnest($answers)"
_REFUSE = "INSERT INTO reject SELECT $known, * FROM refused"
_REFUSED = pl.Schema(
    {
        "source": pl.String(),
        "batch_id": pl.String(),
        "table_name": pl.String(),
        "index": pl.Int64(),
        "code": pl.String(),
        "message": pl.String(),
        "field": pl.String(),
        "raw": pl.String(),
    }
)


def key_of(batch: Batch) -> UUID:
    """What tells a batch from all others: its source and its id."""
    return UUID(bytes=blake2b(f"{batch.source}\0{batch.batch_id}".encode(), digest_size=16).digest())


class Answers:
    """Reads and writes answers and rejects inside the caller's transaction."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def given(self, keys: Sequence[UUID]) -> dict[UUID, Commit]:
        """The answers that were given before."""
        if not keys:
            return {}
        one = len(set(keys)) == 1
        rows = self._database.execute(_ONE if one else _SOME, {"key": keys[0]} if one else {"keys": list(set(keys))})
        return {key: _recalled(answer, known.replace(tzinfo=UTC)) for key, known, answer in rows}

    def give(self, batches: Mapping[UUID, Batch], answers: Mapping[UUID, Commit], known: Moment) -> None:
        """Keep the answers of new batches, and their rejects."""
        given = {
            "keys": list(batches),
            "sources": [each.source for each in batches.values()],
            "ids": [each.batch_id for each in batches.values()],
            "answers": [_written(answers[key]) for key in batches],
        }
        self._database.execute(_GIVE, given | {"known": known})
        refused = [_refused(batches[key], each) for key, answer in answers.items() for each in answer.rejected]
        if refused:
            self._database.execute(
                _REFUSE, {"known": known}, {"refused": pl.DataFrame(refused, _REFUSED, orient="row")}
            )


def _refused(batch: Batch, reject: Reject) -> tuple[str, str, str, int, str, str, str | None, str]:
    raw = reject.raw[:_RAW_LENGTH]
    return batch.source, batch.batch_id, batch.table, reject.index, reject.code, reject.message, reject.field, raw


def _written(commit: Commit) -> str:
    said = commit.as_json() | {"late": commit.late, "corrections": commit.corrections}
    return orjson.dumps(said).decode()


def _recalled(answer: str, known: Moment) -> Commit:
    said = orjson.loads(answer)
    rejected = tuple(Reject(**each) for each in said["rejected"])
    return Commit(said["accepted"], said["duplicates"], rejected, known, said["late"], said["corrections"])
