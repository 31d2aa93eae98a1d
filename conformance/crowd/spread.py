# SPDX-License-Identifier: Apache-2.0
"""How close events come together, and how close chance alone lets them."""

import math
from collections.abc import Iterable


def busiest(times: Iterable[float], width: float) -> int:
    """The most events that one window of `width` seconds holds."""
    ordered = sorted(times)
    most = first = 0
    for index, time in enumerate(ordered):
        while time - ordered[first] >= width:
            first += 1
        most = max(most, index - first + 1)
    return most


def chance_limit(events: int, share: float, failure: float) -> int:
    """How many events one window may hold.

    Each of `events` falls into any given window with a probability of at most
    `share`, none knowing of the others. Returns the least number that the
    busiest window exceeds with a probability of at most `failure`: a window
    with more than n begins at one of the events and holds n or more of the
    others, so that is at most `events` times the binomial's tail from n on.
    """
    tail = 0.0
    for count in range(events - 1, -1, -1):
        tail += _binomial(events - 1, count, share)
        if events * tail > failure:
            return count + 1
    return 0


def _binomial(number: int, count: int, share: float) -> float:
    """The probability of `count` among `number`; 0 < share < 1."""
    ways = (math.lgamma(number + 1) - math.lgamma(count + 1)
            - math.lgamma(number - count + 1))
    return math.exp(ways + count * math.log(share)
                    + (number - count) * math.log1p(-share))
