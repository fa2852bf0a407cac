"""The command `uncia` as a file, which `spark-submit` and the job definitions of platforms take: docs/batch.md."""

from cli.main import main

if __name__ == "__main__":
    main()
