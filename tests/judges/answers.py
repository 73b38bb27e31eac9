"""What the judges in Python share. Without arguments: reads a case a line, answers a line each, until the input ends.
With `CASES SECONDS`: authentications of that file over and over; prints how many, and in how many seconds of processor
time. A case is JSON; its `body` is the text that a browser sent."""

import json
import sys
import time
from importlib.metadata import version


def words(error):
    said = f"{type(error).__name__}: {error}"
    reason = error.__cause__ or error.__context__
    return f"{said} ({words(reason)})" if reason else said


def answer(verify, line):
    # Whatever a library raises, a server around it would not have let that response pass.
    try:
        verify(json.loads(line))
    except Exception as error:
        return {"accepted": False, "words": words(error)}
    return {"accepted": True, "words": ""}


def run(name, package, registration, authentication):
    """`registration` and `authentication` take a case and raise what the library raises."""

    def verify(case):
        {"registration": registration, "authentication": authentication}[case["ceremony"]](case)

    if len(sys.argv) > 1:
        return measure(authentication, sys.argv[1], float(sys.argv[2]))
    print(json.dumps({"judge": f"{name} {version(package)}"}), flush=True)
    for line in sys.stdin:
        print(json.dumps(answer(verify, line)), flush=True)


def measure(authentication, cases, seconds):
    with open(cases, encoding="utf-8") as file:
        cases = [json.loads(line) for line in file]
    start = time.process_time()
    count = 0
    while time.process_time() - start < seconds:
        authentication(cases[count % len(cases)])
        count += 1
    print(count, time.process_time() - start)
