"""Making what the pipeline runs on: backbones and heads, with the evaluation that says how good they are."""
