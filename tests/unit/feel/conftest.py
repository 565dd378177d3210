"""The clock every FEEL test reads: 2 November 2026, 09:00 UTC."""

from datetime import UTC, datetime

import pytest

from app.feel import FeelClock


@pytest.fixture
def clock() -> FeelClock:
    return FeelClock(datetime(2026, 11, 2, 9, tzinfo=UTC))
