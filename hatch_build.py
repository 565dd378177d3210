"""The wheel carries the built bundle: hatchling calls the same builder as `manage.py`."""

import sys
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface


class BundleHook(BuildHookInterface):
    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        sys.path.insert(0, self.root)
        from app.frontend import build

        build.main([])
