#!/bin/sh
# The deployed package as a zip file, for Terraform: azd packs the same files by .funcignore.
set -eu
cd "$(dirname "$0")/.."
[ -s models/backbone.onnx ] || { echo "there is no models/backbone.onnx: run \`uncia backbone fetch\`" >&2; exit 1; }
infra/compile.sh
rm -f "$1"
zip --quiet --recurse-paths "$1" LICENSE function_app.py __pycache__ host.json requirements.txt functions shared training web models/backbone.onnx \
    --exclude 'training/*.css' 'training/*.html' 'training/*.js'
