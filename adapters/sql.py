"""A front database that is asked for what is new: PostgreSQL or MySQL, read only, in the order of a cursor.

Options of a source: ``url`` (``postgresql://user@host:5432/db`` or ``mysql://…``, without a password);
``password_env`` or ``password_file``; ``from`` (a table) or ``query``; ``cursor`` (columns that together order the
rows and tell them apart: ``["updated_at", "id"]``); ``start`` (first value of the cursor; from the beginning);
``overlap`` 5 (re-read so many seconds, for transactions that end late; so many numbers, if the cursor is one);
``table`` (``reading`` or an exchange table); ``columns`` (ours = theirs); ``zone`` of times without offset; ``crs``;
``page_rows`` 5,000; ``every_s`` 5; ``timeout_s`` 30 of one question.
"""

from __future__ import annotations

from twin.registry import later
from twin.source import ProtocolMaker

PROTOCOL = ProtocolMaker("sql", later("adapters._sql", "sources"))
