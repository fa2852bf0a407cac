#!/bin/sh
# Compiles the deployed code, which each new instance would do for itself and forget (docs/decisions/0038-compiled.md).
# Python asks for the source's hash, not its time, which packing and the build on Azure change; another version of Python
# than 3.13 makes files that nobody reads.
set -eu
cd "$(dirname "$0")/.."
PATH="$PWD/.venv/bin:$PATH"
rm -rf __pycache__
find functions shared training -type d -name __pycache__ -exec rm -rf {} +
python3 -m compileall -q --invalidation-mode checked-hash function_app.py functions shared training
