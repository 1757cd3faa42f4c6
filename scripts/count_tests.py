"""Say in one line how many tests ran, from the reports pytest wrote."""

import sys
import xml.etree.ElementTree as ElementTree
from pathlib import Path


def main(reports: Path) -> int:
    """Print the totals of all reports in a folder.

    Returns:
        0, or 1 where no test ran at all.
    """
    total = failed = skipped = 0
    for report in reports.glob("*.xml"):
        for suite in ElementTree.parse(report).iter("testsuite"):
            total += int(suite.get("tests", 0))
            failed += int(suite.get("failures", 0)) + int(suite.get("errors", 0))
            skipped += int(suite.get("skipped", 0))
    passed = max(0, total - failed - skipped)  # a test that errs after it failed counts twice
    print(f"{passed} passed, {failed} failed, {skipped} skipped")
    return 0 if passed or failed else 1


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1])))
