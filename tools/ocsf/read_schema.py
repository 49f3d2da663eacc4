"""Prints what the package ocsf-json-schema knows of one version of OCSF, as JSON: the definitions, or JSON Schemas of classes."""

import json
import sys

from ocsf_json_schema import OcsfJsonSchemaEmbedded, get_ocsf_schema

what, version, *asked = sys.argv[1:]
definitions = get_ocsf_schema(version)
if what == "definitions":
    print(json.dumps({name: definitions[name] for name in ("version", "classes", "objects", "types")}))
else:
    schemas = OcsfJsonSchemaEmbedded(definitions)
    classes = [one.split(":") for one in asked]
    print(
        json.dumps(
            {
                ":".join([uid, *profiles]): schemas.get_class_schema(
                    schemas.lookup_class_name_from_uid(int(uid)), [name for name in profiles if name]
                )
                for uid, *profiles in classes
            }
        )
    )
