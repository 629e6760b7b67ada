"""``make bench``: every benchmark in turn. Figures are ratios within one run, not seconds of one machine."""

from __future__ import annotations

from benchmarks import detection_speed, extraction_quality, fetching_speed

for benchmark in (extraction_quality, detection_speed, fetching_speed):
    benchmark.main()
    print()
