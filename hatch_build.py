"""hatchling's hook: `pip wheel .` builds the web client and compiles what is in C, by the same scripts as `make`."""

from __future__ import annotations

from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from types import ModuleType

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

ROOT = Path(__file__).resolve().parent


def load(path: str) -> ModuleType:
    """A script of ours; the isolated environment of a build can't import it by name."""
    spec = spec_from_file_location(Path(path).stem, ROOT / path)
    assert spec is not None and spec.loader is not None
    module = module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


class WheelHook(BuildHookInterface):  # type: ignore[type-arg, misc]
    """An editable install takes both from where `make` puts them."""

    def dependencies(self) -> list[str]:
        client = load("web_client/build.py")
        return [] if client.system_node() else [client.NODE_WHEEL]

    def initialize(self, version: str, build_data: dict[str, object]) -> None:
        if version == "editable":
            return
        load("web_client/build.py").build()
        native = load("hub/native_build.py")
        if native.compile_all():
            build_data["pure_python"] = False
            build_data["tag"] = native.wheel_tag()
