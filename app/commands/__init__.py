"""The command line's groups of commands, one file each.

Nothing heavy is imported at the top of these files: `streaming-stack --help` should not have to
wait for SQLAlchemy and Strawberry.
"""
