#!/bin/sh
# The deployed package as a zip file, for Terraform: azd packs the same files by .funcignore.
set -eu
cd "$(dirname "$0")/.."
[ -s models/backbone.onnx ] || { echo "there is no models/backbone.onnx: run \`uncia backbone fetch\`" >&2; exit 1; }
rm -f "$1"
zip --quiet --recurse-paths "$1" LICENSE function_app.py host.json requirements.txt functions shared training web models/backbone.onnx \
    --exclude '*/__pycache__/*' 'training/*.css' 'training/*.html' 'training/*.js'
