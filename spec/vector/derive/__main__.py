"""python3 spec/vector/derive [--check | FILE...]

Without arguments writes the case files of `spec/vector`. `--check` compares them with what it would write and names
those that differ. With files, puts their cases to this implementation and reports `N passed, N failed, N unknown`.
"""

import json
import pathlib
import sys

sys.dont_write_bytecode = True

from arithmetic import binary64
from cases import (
    accumulating,
    atoms,
    bilevel_descents,
    bilevel_drafts,
    bilevel_methods,
    bilevel_solvers,
    combinators,
    decode,
    derived,
    descents,
    drafts,
    hypergradients,
    replicas,
    searches,
    wrapped,
)
from derive import Unfit, agrees, derive, outputs
from run import supports

FOLDER = pathlib.Path(__file__).resolve().parent.parent


def files():
    """The cases by file, in order."""
    return {
        "decode": decode.cases(),
        "rule-atoms": atoms.cases(),
        "rule-combinators": combinators.cases(),
        "rule-searches": searches.cases(),
        "rule-accumulating": accumulating.cases(),
        "rule-derived": derived.cases(),
        "rule-drafts": drafts.cases(),
        **descents.cases(),
        **wrapped.cases(),
        "replicas": replicas.cases(),
        **hypergradients.cases(),
        **bilevel_descents.cases(),
        **bilevel_methods.cases(),
        **bilevel_solvers.cases(),
        **bilevel_drafts.cases(),
    }


def text(cases):
    """A case file with one case a line."""
    lines = ",\n".join(json.dumps(case, ensure_ascii=False) for case in cases)
    return f'{{"format": "steplaw-vectors/1", "cases": [\n{lines}\n]}}\n'


def derived_files():
    faults, found = [], {}
    for name, cases in files().items():
        done = []
        for case in cases:
            try:
                done.append(derive(case))
            except Unfit as fault:
                faults.append(f"{case['id']}: {fault}")
        found[name] = done
    intended = decode.intended()
    faults += [
        f"{case['id']}: {'valid' if intended[case['id']] else 'invalid'} was meant"
        for case in found["decode"]
        if case["expect"]["valid"] is not intended[case["id"]]
    ]
    if faults:
        sys.exit("\n".join(faults))
    return {FOLDER / f"{name}.json": text(cases) for name, cases in found.items()}


def conform(paths):
    """Puts the cases of files to this implementation in binary64."""
    passed = failed = unknown = 0
    for path in paths:
        for case in json.loads(pathlib.Path(path).read_text("utf-8"))["cases"]:
            if not supports(case):
                unknown += 1
            elif agrees(case["expect"], outputs(binary64(), case), **case["tolerance"]):
                passed += 1
            else:
                failed += 1
                print(f"{case['id']}: expected {case['expect']}, got {outputs(binary64(), case)}")
    print(f"{passed} passed, {failed} failed, {unknown} unknown")
    return failed == 0


def main(arguments):
    if arguments and arguments != ["--check"]:
        return conform(arguments)
    wanted = derived_files()
    if arguments:
        stale = [path for path, content in wanted.items() if not path.exists() or path.read_text("utf-8") != content]
        stale += [path for path in FOLDER.glob("*.json") if path not in wanted]
        print("\n".join(f"{path} is not as derived" for path in stale) or f"{len(wanted)} files as derived")
        return not stale
    for path, content in wanted.items():
        path.write_text(content, "utf-8")
        print(f"{path.name}: {content.count(chr(10)) - 2} cases, {len(content)} bytes")
    return True


if __name__ == "__main__":
    sys.exit(0 if main(sys.argv[1:]) else 1)
