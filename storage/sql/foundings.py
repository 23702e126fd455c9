"""Projects as two teachers propose, sign and open them."""

from __future__ import annotations

from sqlalchemy import Connection, Select, and_, func, or_, select, update

from storage.ports import NotFound
from storage.records import Founding, KeptAgreement, Signature, TwinspaceId, UserId, Verdict
from storage.sql.database import Database
from storage.sql.rows import add, columns, last_seq, lock, many, one, values
from storage.sql.tables import doc_heads, foundings, kept_agreements, signatures, twinspaces, verdicts

FIXED = ("twinspace_id", "agreement_id", "proposed_by", "partner_id", "proposed_at_ms")


class SqlFoundings:
    def __init__(self, database: Database) -> None:
        self._database = database

    async def add(self, founding: Founding) -> None:
        await self._database.write(add(foundings, founding))

    async def get(self, twinspace_id: TwinspaceId) -> Founding:
        statement = columns(foundings, Founding).where(foundings.c.twinspace_id == twinspace_id)
        return await self._database.read(lambda db: one(db, Founding, statement))

    async def change(self, founding: Founding) -> None:
        row = {name: value for name, value in values(founding).items() if name not in FIXED}

        def work(db: Connection) -> None:
            here = foundings.c.twinspace_id == founding.twinspace_id
            if db.execute(update(foundings).where(here).values(row)).rowcount == 0:
                raise NotFound(founding.twinspace_id)

        await self._database.write(work)

    async def of_user(self, user_id: UserId) -> list[Founding]:
        mine = or_(foundings.c.proposed_by == user_id, foundings.c.partner_id == user_id)
        statement = columns(foundings, Founding).where(mine)
        return await self._list(statement.order_by(foundings.c.proposed_at_ms.desc(), foundings.c.twinspace_id))

    async def unopened(self) -> list[Founding]:
        not_open = and_(twinspaces.c.id == foundings.c.twinspace_id, twinspaces.c.phase == "founding")
        statement = columns(foundings, Founding).join(twinspaces, not_open)
        return await self._list(statement.order_by(foundings.c.proposed_at_ms, foundings.c.twinspace_id))

    async def _list(self, statement: Select[Founding]) -> list[Founding]:
        return await self._database.read(lambda db: many(db, Founding, statement))

    async def sign(self, signature: Signature) -> bool:
        same = and_(
            signatures.c.twinspace_id == signature.twinspace_id,
            signatures.c.user_id == signature.user_id,
            signatures.c.agreement == signature.agreement,
        )

        def work(db: Connection) -> bool:
            lock(db, foundings.c.twinspace_id == signature.twinspace_id, foundings.c.twinspace_id)
            if db.execute(select(signatures.c.user_id).where(same)).first() is not None:
                return False
            add(signatures, signature)(db)
            return True

        return await self._database.write(work)

    async def signatures(self, twinspace_id: TwinspaceId) -> list[Signature]:
        statement = (
            columns(signatures, Signature)
            .where(signatures.c.twinspace_id == twinspace_id)
            .order_by(signatures.c.signed_at_ms, signatures.c.user_id)
        )
        return await self._database.read(lambda db: many(db, Signature, statement))

    async def kept_agreement(self, twinspace_id: TwinspaceId) -> tuple[int, KeptAgreement | None]:
        here = foundings.c.twinspace_id == twinspace_id
        head = select(doc_heads.c.last_seq).where(doc_heads.c.content_id == foundings.c.agreement_id).scalar_subquery()
        kept = columns(kept_agreements, KeptAgreement).where(kept_agreements.c.twinspace_id == twinspace_id)

        def work(db: Connection) -> tuple[int, KeptAgreement | None]:
            row = db.execute(select(func.coalesce(head, 0)).select_from(foundings).where(here)).first()
            if row is None:
                raise NotFound(twinspace_id)
            found = many(db, KeptAgreement, kept)
            return int(row[0]), found[0] if found else None

        return await self._database.read(work)

    async def keep_agreement(self, kept: KeptAgreement) -> None:
        here = kept_agreements.c.twinspace_id == kept.twinspace_id

        def work(db: Connection) -> None:
            lock(db, foundings.c.twinspace_id == kept.twinspace_id, foundings.c.twinspace_id)
            if db.execute(update(kept_agreements).where(here).values(**values(kept))).rowcount == 0:
                add(kept_agreements, kept)(db)

        await self._database.write(work)

    async def decide(
        self,
        twinspace_id: TwinspaceId,
        *,
        agreement: str,
        country: str,
        decided_by: UserId,
        approved: bool,
        reason: str,
        at_ms: int,
    ) -> Verdict:
        def work(db: Connection) -> Verdict:
            lock(db, foundings.c.twinspace_id == twinspace_id, foundings.c.twinspace_id)
            seq = last_seq(db, verdicts.c.seq, verdicts.c.twinspace_id, twinspace_id) + 1
            verdict = Verdict(twinspace_id, seq, agreement, country, decided_by, approved, reason, at_ms)
            add(verdicts, verdict)(db)
            return verdict

        return await self._database.write(work)

    async def verdicts(self, twinspace_id: TwinspaceId) -> list[Verdict]:
        statement = columns(verdicts, Verdict).where(verdicts.c.twinspace_id == twinspace_id).order_by(verdicts.c.seq)
        return await self._database.read(lambda db: many(db, Verdict, statement))
