"""Everything the hub keeps, behind the ports of `storage.ports`."""

from storage.memory import open_memory_storage
from storage.ports import Storage

__all__ = ["Storage", "open_memory_storage"]
