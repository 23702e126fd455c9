"""Threads and posts."""

from __future__ import annotations

from sqlalchemy import ColumnElement, Connection, and_, delete, func, insert, select, update

from storage.ports import Conflict, NotFound
from storage.records import FollowedThread, Post, PostVersion, Thread, ThreadId, TwinspaceId, UserId
from storage.sql.database import Database
from storage.sql.rows import add, columns, lock, many, one
from storage.sql.tables import post_versions, posts, thread_followers, threads

_follower = thread_followers.c


class SqlForum:
    def __init__(self, database: Database) -> None:
        self._database = database

    async def add_thread(self, thread: Thread, text: str) -> None:
        def work(db: Connection) -> None:
            add(threads, thread)(db)
            add(posts, Post(thread.id, 1, "first", thread.created_by, text, thread.created_at_ms))(db)
            _follow(db, thread.id, thread.created_by, 1)

        await self._database.write(work)

    async def thread(self, thread_id: ThreadId) -> Thread:
        return await self._database.read(lambda db: _thread(db, thread_id))

    async def threads(self, twinspace_id: TwinspaceId | None, limit: int, offset: int = 0) -> list[Thread]:
        here = threads.c.twinspace_id.is_(None) if twinspace_id is None else threads.c.twinspace_id == twinspace_id
        order = (threads.c.is_pinned.desc(), threads.c.latest_at_ms.desc(), threads.c.id)
        statement = columns(threads, Thread).where(here).order_by(*order).limit(limit).offset(offset)
        return await self._database.read(lambda db: many(db, Thread, statement))

    async def set_thread(
        self, thread_id: ThreadId, *, is_pinned: bool | None = None, is_closed: bool | None = None
    ) -> Thread:
        row = {name: value for name, value in (("is_pinned", is_pinned), ("is_closed", is_closed)) if value is not None}

        def work(db: Connection) -> Thread:
            if row:
                db.execute(update(threads).where(threads.c.id == thread_id).values(row))
            return _thread(db, thread_id)

        return await self._database.write(work)

    async def remove_thread(self, thread_id: ThreadId) -> None:
        def work(db: Connection) -> None:
            lock(db, threads.c.id == thread_id, threads.c.id)
            for table in (post_versions, posts, thread_followers):
                db.execute(delete(table).where(table.c.thread_id == thread_id))
            db.execute(delete(threads).where(threads.c.id == thread_id))

        await self._database.write(work)

    async def add_post(
        self, thread_id: ThreadId, *, client_post_id: str, user_id: UserId, text: str, at_ms: int
    ) -> tuple[Post, bool]:
        same = columns(posts, Post).where(
            posts.c.thread_id == thread_id, posts.c.user_id == user_id, posts.c.client_post_id == client_post_id
        )

        def work(db: Connection) -> tuple[Post, bool]:
            lock(db, threads.c.id == thread_id, threads.c.id)
            if stored := many(db, Post, same):
                return stored[0], False
            thread = _thread(db, thread_id)
            if thread.is_closed:
                raise Conflict("This thread is closed.")
            post = Post(thread_id, thread.post_count + 1, client_post_id, user_id, text, at_ms)
            add(posts, post)(db)
            latest = {"post_count": post.seq, "latest_at_ms": max(thread.latest_at_ms, at_ms)}
            db.execute(update(threads).where(threads.c.id == thread_id).values(latest))
            _read_to(db, thread_id, user_id, post.seq)
            return post, True

        return await self._database.write(work)

    async def post(self, thread_id: ThreadId, seq: int) -> Post:
        return await self._database.read(lambda db: _post(db, thread_id, seq))

    async def posts(self, thread_id: ThreadId, after_seq: int, limit: int) -> list[Post]:
        statement = (
            columns(posts, Post)
            .where(posts.c.thread_id == thread_id, posts.c.seq > after_seq)
            .order_by(posts.c.seq)
            .limit(limit)
        )
        return await self._database.read(lambda db: many(db, Post, statement))

    async def edit_post(self, thread_id: ThreadId, seq: int, text: str, at_ms: int) -> Post:
        def work(db: Connection) -> Post:
            lock(db, _is(thread_id, seq), posts.c.thread_id)
            former = _post(db, thread_id, seq)
            if former.is_removed:
                raise NotFound(thread_id)
            count = select(func.count()).select_from(post_versions).where(_version_of(thread_id, seq))
            version = PostVersion(former.text, former.edited_at_ms or former.posted_at_ms)
            add(post_versions, version, thread_id=thread_id, seq=seq, version=db.execute(count).scalar_one() + 1)(db)
            db.execute(update(posts).where(_is(thread_id, seq)).values(text=text, edited_at_ms=at_ms))
            return _post(db, thread_id, seq)

        return await self._database.write(work)

    async def remove_post(self, thread_id: ThreadId, seq: int) -> Post:
        def work(db: Connection) -> Post:
            db.execute(delete(post_versions).where(_version_of(thread_id, seq)))
            db.execute(update(posts).where(_is(thread_id, seq)).values(text="", edited_at_ms=None, is_removed=True))
            return _post(db, thread_id, seq)

        return await self._database.write(work)

    async def versions(self, thread_id: ThreadId, seq: int) -> list[PostVersion]:
        statement = columns(post_versions, PostVersion).where(_version_of(thread_id, seq))
        ordered = statement.order_by(post_versions.c.version)
        return await self._database.read(lambda db: many(db, PostVersion, ordered))

    async def follow(self, thread_id: ThreadId, user_id: UserId, follows: bool) -> None:
        def work(db: Connection) -> None:
            if follows:
                _follow(db, thread_id, user_id, _thread(db, thread_id).post_count)
            else:
                db.execute(delete(thread_followers).where(_follows(thread_id, user_id)))

        await self._database.write(work)

    async def followers(self, thread_id: ThreadId) -> list[UserId]:
        statement = select(_follower.user_id).where(_follower.thread_id == thread_id)
        return sorted(await self._database.read(lambda db: list(db.execute(statement).scalars())))

    async def mark_read(self, thread_id: ThreadId, user_id: UserId, seq: int) -> None:
        def work(db: Connection) -> None:
            _read_to(db, thread_id, user_id, min(seq, _thread(db, thread_id).post_count))

        await self._database.write(work)

    async def followed(self, user_id: UserId) -> list[FollowedThread]:
        statement = (
            columns(threads, Thread)
            .add_columns(_follower.read_seq)
            .join(thread_followers, _follower.thread_id == threads.c.id)
            .where(_follower.user_id == user_id)
            .order_by(threads.c.latest_at_ms.desc(), threads.c.id)
        )
        return await self._database.read(
            lambda db: [FollowedThread(Thread(*row[:-1]), row[-1]) for row in db.execute(statement)]
        )


def _is(thread_id: ThreadId, seq: int) -> ColumnElement[bool]:
    return and_(posts.c.thread_id == thread_id, posts.c.seq == seq)


def _version_of(thread_id: ThreadId, seq: int) -> ColumnElement[bool]:
    return and_(post_versions.c.thread_id == thread_id, post_versions.c.seq == seq)


def _follows(thread_id: ThreadId, user_id: UserId) -> ColumnElement[bool]:
    return and_(_follower.thread_id == thread_id, _follower.user_id == user_id)


def _thread(db: Connection, thread_id: ThreadId) -> Thread:
    return one(db, Thread, columns(threads, Thread).where(threads.c.id == thread_id))


def _post(db: Connection, thread_id: ThreadId, seq: int) -> Post:
    return one(db, Post, columns(posts, Post).where(_is(thread_id, seq)))


def _follow(db: Connection, thread_id: ThreadId, user_id: UserId, read_seq: int) -> None:
    if db.execute(select(_follower.user_id).where(_follows(thread_id, user_id))).first() is None:
        db.execute(insert(thread_followers).values(thread_id=thread_id, user_id=user_id, read_seq=read_seq))


def _read_to(db: Connection, thread_id: ThreadId, user_id: UserId, seq: int) -> None:
    further = and_(_follows(thread_id, user_id), _follower.read_seq < seq)
    db.execute(update(thread_followers).where(further).values(read_seq=seq))
