#!/usr/bin/env python3
"""Holds a run's documents against their schemas.

Not part of `make test`: it needs `pip install jsonschema`, and lxml for the schema of JUnit. Give the files of these schemas to hold
documents against them, too: OASIS's of SARIF (https://github.com/oasis-tcs/sarif-spec, sarif-2.1/schema/sarif-schema-2.1.0.json), and
Jenkins's of JUnit (https://github.com/jenkinsci/xunit-plugin, junit-10.xsd).

    python3 Tests/formats/validate.py results/latest [--sarif-schema FILE] [--junit-schema FILE]
"""
import argparse
import json
import pathlib
import sys
import xml.etree.ElementTree

import jsonschema


def problems(document, schema):
    validator = jsonschema.validators.validator_for(schema)(schema)
    return [f"{'/'.join(map(str, e.absolute_path))}: {e.message[:300]}" for e in validator.iter_errors(document)]


def junit(path):
    """What every reader of JUnit relies on: counts that are those of the cases."""
    root = xml.etree.ElementTree.parse(path).getroot()
    found = []
    if root.tag != "testsuites":
        found.append("the root is no testsuites")
    for suite in root:
        cases = suite.findall("testcase")
        wanted = {
            "tests": len(cases),
            "failures": sum(c.find("failure") is not None for c in cases),
            "errors": sum(c.find("error") is not None for c in cases),
            "skipped": sum(c.find("skipped") is not None for c in cases),
        }
        for name, count in wanted.items():
            if int(suite.get(name)) != count:
                found.append(f"{suite.get('name')}: {name}={suite.get(name)}, counted {count}")
    for name in ("tests", "failures", "errors"):
        total = sum(int(suite.get(name)) for suite in root)
        if int(root.get(name, -1)) != total:
            found.append(f"testsuites: {name}={root.get(name)}, the suites have {total}")
    return found


def breaches(document, schema):
    from lxml import etree

    checker = etree.XMLSchema(etree.parse(schema))
    checker.validate(etree.parse(document))
    return [str(e) for e in checker.error_log]


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("run", type=pathlib.Path, help="a run's folder")
    parser.add_argument("--sarif-schema", type=pathlib.Path)
    parser.add_argument("--junit-schema", type=pathlib.Path)
    options = parser.parse_args()
    root = pathlib.Path(__file__).resolve().parents[2]
    found = {}

    def read(path):
        return json.loads(path.read_text())

    schema = read(root / "requirements" / "results.schema.json")
    jsonschema.validators.validator_for(schema).check_schema(schema)
    found["results.json"] = problems(read(options.run / "results.json"), schema)
    found["junit.xml"] = junit(options.run / "junit.xml")
    if options.junit_schema:
        found["junit.xml"] += breaches(options.run / "junit.xml", options.junit_schema)
    else:
        print("junit.xml: its counts alone are checked, no --junit-schema given")
    badge = read(options.run / "badge.json")
    found["badge.json"] = [] if badge.keys() == {"schemaVersion", "label", "message", "color"} else [f"members {sorted(badge)}"]
    if options.sarif_schema:
        found["report.sarif"] = problems(read(options.run / "report.sarif"), read(options.sarif_schema))
    else:
        print("report.sarif: not checked, no --sarif-schema given")
    for name, list_ in found.items():
        print(f"{name}: {'valid' if not list_ else ''}")
        for problem in list_[:20]:
            print(f"  {problem}")
    return 1 if any(found.values()) else 0


if __name__ == "__main__":
    sys.exit(main())
