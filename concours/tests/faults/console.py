"""A process of the fleet's installation that does what it is told, line by line, until its input ends.

A line is `["function", {arguments}]`, a function of `workload`; the answer is a line `{"answer": …}`, or
`{"error": …}` with the traceback.
"""

import json
import sys
import traceback

import django


def main() -> None:
    django.setup()
    from concours.tests.faults import workload

    answers, sys.stdout = sys.stdout, sys.stderr
    for line in sys.stdin:
        name, arguments = json.loads(line)
        try:
            said = {"answer": getattr(workload, name)(**arguments)}
        except Exception:
            said = {"error": traceback.format_exc()}
        print(json.dumps(said), file=answers, flush=True)


if __name__ == "__main__":
    main()
