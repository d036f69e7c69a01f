"""A process of the fleet's installation that does what it is told, line by line, until its input ends.

A line is `["function", {arguments}]`, a function of `workload` or of another `module:function`; the answer is
a line `{"answer": …}`, or `{"error": …}` with the traceback.
"""

import json
import sys
import traceback
from importlib import import_module

import django

WORKLOAD = "concours.tests.faults.workload"


def main() -> None:
    django.setup()
    answers, sys.stdout = sys.stdout, sys.stderr
    for line in sys.stdin:
        name, arguments = json.loads(line)
        try:
            module, _colon, function = name.rpartition(":")
            said = {"answer": getattr(import_module(module or WORKLOAD), function)(**arguments)}
        except Exception:
            said = {"error": traceback.format_exc()}
        print(json.dumps(said), file=answers, flush=True)


if __name__ == "__main__":
    main()
