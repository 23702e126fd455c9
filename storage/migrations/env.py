"""Read by Alembic: migrates the connection that `storage.migrations.migrate` handed over."""

from alembic import context

context.configure(connection=context.config.attributes["connection"])
with context.begin_transaction():
    context.run_migrations()
