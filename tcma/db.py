"""Database: engine, session, transaction. One of the two files that commit."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cache, lru_cache
from typing import Any, ClassVar, cast

from sqlalchemy import ClauseElement, Engine, MetaData, Table, create_engine, event, make_url, text
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine import Connection
from sqlalchemy.orm import (
    DeclarativeBase,
    LoaderCriteriaOption,
    ORMExecuteState,
    Session,
    with_loader_criteria,
)
from sqlalchemy.pool import QueuePool
from sqlalchemy.sql import visitors

from tcma.tenancy import SETTING, Tenancy, readable, rules_of

NAMES = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}


class Base(DeclarativeBase):
    """Every model; each declares `__tenancy__`, and `__append_only__` where rows never change."""

    metadata = MetaData(naming_convention=NAMES)
    __tenancy__: ClassVar[Tenancy]
    __append_only__: ClassVar[bool] = False
    __inserted_by__: ClassVar[tuple[str, ...]] = ()  # whose organisation may insert; empty: as the class says
    __updated_by__: ClassVar[tuple[str, ...]] = ()
    __web_rights__: ClassVar[str] = "SELECT, INSERT, UPDATE, DELETE"  # of the role that serves people


class Database:
    """One address seen with one role.

    `guarded` databases serve people: every ORM statement is narrowed to the tenant of its
    transaction, and PostgreSQL is told the tenant so that its policies do the same below it.
    Unguarded ones serve workers and migrations, whose SQL names the tenant.
    """

    def __init__(
        self,
        url: str,
        *,
        guarded: bool,
        movable_clock: bool = False,
        pool_size: int = 10,
    ) -> None:
        self.url = make_url(url)
        self.guarded = guarded
        self.movable_clock = movable_clock
        self.engine = _engine(url, pool_size)
        self.memory: dict[str, Any] = {}  # what modules keep of it in this process

    @contextmanager
    def transaction(self, tenant: int | None = None) -> Iterator[Session]:
        """A session whose work is kept when the block ends and forgotten when it raises.

        What was to be done before the commit (`before_commit`) is done at the end of the block; jobs enqueued
        in the block leave after the commit.
        """
        with self._session(tenant) as session:
            session.connection(execution_options={"tcma_write": True})
            _act_for(session, tenant)
            yield session
            session.flush()
            for _, last in sorted(session.info.pop("before_commit", {}).items()):
                last()
            session.commit()
            for call in session.info.pop("after_commit", ()):
                call()

    @contextmanager
    def reading(self, tenant: int | None = None) -> Iterator[Session]:
        """A session that only reads; what it loaded stays readable after the block."""
        with self._session(tenant) as session:
            session.info["read_only"] = True
            # The driver's BEGIN says it to PostgreSQL; SQLite has it in `_begin_sqlite`.
            session.connection(execution_options={"tcma_read": True, "postgresql_readonly": True})
            _act_for(session, tenant)
            yield session
            session.expunge_all()  # a rollback would empty what was read
            session.rollback()

    @contextmanager
    def _session(self, tenant: int | None) -> Iterator[Session]:
        info = {
            "guarded": self.guarded,
            "tenant": tenant,
            "movable_clock": self.movable_clock,
            "memory": self.memory,
        }
        with Session(self.engine, expire_on_commit=False, info=info) as session:
            yield session

    def dispose(self) -> None:
        self.engine.dispose()


def _act_for(session: Session, tenant: int | None) -> None:
    """At the beginning of a transaction, which acts for nobody until told otherwise: the setting ends with it."""
    if tenant is not None:
        switch_tenant(session, tenant)


def switch_tenant(session: Session, tenant: int | None) -> None:
    """From here on the session acts for `tenant`; outside this module only `viewer.acting_for` calls it."""
    session.flush()
    session.info["tenant"] = tenant
    if session.get_bind().dialect.name == "postgresql":
        value = "" if tenant is None else str(tenant)
        session.execute(
            text("SELECT set_config(:name, :value, true)"),
            {"name": SETTING, "value": value},
        )


def before_commit(session: Session, name: tuple[str, int], call: Callable[[], None]) -> None:
    """Run `call()` as the last thing of the session's transaction; asked for again by the same name, once.

    The calls come in the order of their names, so what they lock is locked in one order by everybody, and held
    for no longer than a commit takes.
    """
    session.info.setdefault("before_commit", {})[name] = call


def after_commit(session: Session, call: Any) -> None:
    """Run `call()` once the session's transaction is kept; never when it is rolled back."""
    session.info.setdefault("after_commit", []).append(call)


def insert_into(session: Session, model: type[Base]) -> postgresql.Insert | sqlite.Insert:
    """An INSERT into the model's table that knows ON CONFLICT on either database."""
    return insert_on(model, on_postgresql=is_postgresql(session))


def insert_on(model: type[Base], *, on_postgresql: bool) -> postgresql.Insert | sqlite.Insert:
    """The same for statements that are made once and kept."""
    table: Any = model.__table__
    assert isinstance(table, Table)
    return postgresql.insert(table) if on_postgresql else sqlite.insert(table)


def is_postgresql(session: Session) -> bool:
    return session.get_bind().dialect.name == "postgresql"


@lru_cache(maxsize=16)
def _engine(url: str, pool_size: int) -> Engine:
    """One per address in a process: what it has compiled serves every role there, and who opens it again."""
    if not url.startswith("sqlite"):
        return create_engine(
            url, pool_pre_ping=True, pool_size=pool_size, max_overflow=pool_size, hide_parameters=True
        )
    engine = create_engine(
        url,
        connect_args={"timeout": 30, "check_same_thread": False},
        poolclass=QueuePool,
        pool_size=pool_size,
        max_overflow=2 * pool_size,  # three roles share it
        hide_parameters=True,
    )
    event.listen(engine, "connect", _prepare_sqlite)
    event.listen(engine, "begin", _begin_sqlite)
    return engine


def _prepare_sqlite(connection: Any, record: object) -> None:
    connection.isolation_level = None  # the driver must not begin transactions of its own
    connection.create_function("lower", 1, _lower, deterministic=True)
    for pragma in (
        "journal_mode=WAL",
        "synchronous=NORMAL",
        "foreign_keys=ON",
        "busy_timeout=30000",
        "cache_size=-8192",  # KiB a connection
    ):
        connection.execute(f"PRAGMA {pragma}")


def _lower(text: Any) -> Any:
    """SQLite's own knows the case of ASCII letters only; PostgreSQL's knows all, and a search is the same on both."""
    return text.lower() if isinstance(text, str) else text


def _begin_sqlite(connection: Connection) -> None:
    # A deferred BEGIN that later writes fails with "locked" in spite of the time-out.
    options = connection.get_execution_options()
    connection.exec_driver_sql(f"PRAGMA query_only={int(bool(options.get('tcma_read')))}")
    connection.exec_driver_sql("BEGIN IMMEDIATE" if options.get("tcma_write") else "BEGIN")


@event.listens_for(Session, "do_orm_execute")
def _guard_statement(state: ORMExecuteState) -> None:
    info = state.session.info
    if not info.get("guarded") or state.is_column_load or state.is_relationship_load:
        return
    if state.is_select or state.is_update or state.is_delete:
        tables = frozenset(
            element.name
            for element in visitors.iterate(cast(ClauseElement, state.statement))
            if isinstance(element, Table)
        )
        state.statement = state.statement.options(*_criteria(tables, info["tenant"]))


@lru_cache(maxsize=4096)
def _criteria(tables: frozenset[str], tenant: int | None) -> tuple[LoaderCriteriaOption, ...]:
    """What the guard adds to a statement that reads these tables; making it costs more than most statements."""
    models = {model for name in tables for model in _reached().get(name, ())}
    return tuple(
        with_loader_criteria(model, readable(model, tenant), include_aliases=True)
        for model in sorted(models, key=lambda model: str(model.__tablename__))
    )


@cache
def _reached() -> dict[str, frozenset[Any]]:
    """By table: its tenant model and those its relationships may load along with it."""
    reached: dict[str, frozenset[Any]] = {}
    for mapper in Base.registry.mappers:
        found, waiting = {mapper}, [mapper]
        while waiting:
            for relation in waiting.pop().relationships:
                if relation.mapper not in found:
                    found.add(relation.mapper)
                    waiting.append(relation.mapper)
        models = {one.class_ for one in found}
        reached[str(mapper.local_table.description)] = frozenset(
            model for model in models if model.__tenancy__ is not Tenancy.GLOBAL
        )
    return reached


@event.listens_for(Session, "before_flush")
def _guard_writes(session: Session, context: object, instances: object) -> None:
    if session.info.get("read_only") and (session.new or session.dirty or session.deleted):
        raise RuntimeError("A reading session cannot write.")
    if not session.info.get("guarded"):
        return
    tenant = session.info["tenant"]
    for row in (*session.new, *session.dirty, *session.deleted):
        rules = rules_of(row)
        names = rules.inserters if row in session.new else rules.updaters
        if names and tenant not in {getattr(row, name) for name in names}:
            raise PermissionError(f"{type(row).__name__} does not belong to the organisation in charge.")
