"""Asks the tables of a result directory from Python: a `bitquake sql` that stays open, and a data frame
for each answer. Needs pandas and nothing of Spark's."""

import json
import pathlib
import subprocess
import tempfile

import pandas

HERE = pathlib.Path(__file__).resolve().parent
LAUNCHER = HERE.parent / "submit" / "bitquake"


class Results:
    """One result directory, a local or Hadoop path.

    >>> with Results("results/lenet5") as results:
    ...     results.ask("SELECT count(*) AS trials FROM trials")
    ...     results.notebook("ranking.sql")
    """

    def __init__(self, directory, launcher=LAUNCHER):
        self._errors = tempfile.TemporaryFile("w+", encoding="utf-8")
        command = [str(launcher), "sql", "--results", str(directory), "--format", "json"]
        self._process = subprocess.Popen(
            command,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=self._errors,
            encoding="utf-8",
        )

    def ask(self, statement):
        """The rows of one statement; a wrong one is a ValueError that says what is wrong."""
        text = statement.strip()
        if not text.rstrip().endswith(";"):
            text += "\n;"
        try:
            self._process.stdin.write(text + "\n")
            self._process.stdin.flush()
        except BrokenPipeError:
            self._fail()
        lines = []
        for line in self._process.stdout:  # an array of objects, one on each line
            lines.append(line)
            if line == "]\n":
                return pandas.DataFrame(json.loads("".join(lines)))
        self._fail()

    def notebook(self, name):
        """The rows of one of the questions beside this file, such as `ranking.sql`."""
        return self.ask((HERE / name).read_text(encoding="utf-8"))

    def close(self):
        self._process.stdin.close()
        self._process.stdout.close()
        self._process.wait()
        self._errors.close()

    def __enter__(self):
        return self

    def __exit__(self, *exception):
        self.close()

    def _fail(self):
        self._process.wait()
        self._errors.seek(0)
        said = [line for line in self._errors.read().splitlines() if line.startswith("bitquake: ")]
        raise ValueError("\n".join(said) or f"bitquake sql ended with exit code {self._process.returncode}")
